/** Why an export cannot be used as a whole; its images can still be scanned one by one. */
export class ExportProblem extends Error {
  override readonly name = 'ExportProblem';
  /** `over_budget`: it holds more than was to be spent on it. */
  readonly kind: 'over_budget' | 'malformed';

  constructor(kind: ExportProblem['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
