/** Why an export cannot be used as a whole; its images can still be scanned one by one. */
export class ExportProblem extends Error {
  override readonly name = 'ExportProblem';
  /** `over_budget`: it holds more than was to be spent on it; `incomplete`: it lacks parts of all its images. */
  readonly kind: 'over_budget' | 'malformed' | 'incomplete' | 'stalled';

  constructor(kind: ExportProblem['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
