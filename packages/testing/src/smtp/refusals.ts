/** Where in a session a server refuses. */
export type RefusalStage = 'connect' | 'login' | 'sender' | 'recipient' | 'data';

/** What a server refuses, and with which answer. */
export interface SmtpRefusal {
  readonly at: RefusalStage;
  /** The reply code: 4xx for now, 5xx for good. */
  readonly code: number;
  readonly message: string;
  /** The recipient it holds for; every one unless told. */
  readonly recipient?: string;
  /** How often it holds; always unless told. */
  readonly times?: number;
}

/** The refusals that a test has asked for. The first that fits holds. */
export class SmtpRefusals {
  readonly #rules: { readonly refusal: SmtpRefusal; left: number }[] = [];

  add(refusal: SmtpRefusal): void {
    this.#rules.push({ refusal, left: refusal.times ?? Infinity });
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** The error that refuses this, or null. */
  refusalOf(at: RefusalStage, recipients: readonly string[] = []): SmtpRefusalError | null {
    const rule = this.#rules.find(
      ({ refusal, left }) =>
        refusal.at === at && left > 0 && (refusal.recipient === undefined || recipients.includes(refusal.recipient)),
    );
    if (rule === undefined) return null;
    rule.left -= 1;
    return new SmtpRefusalError(rule.refusal);
  }
}

/** How a refusal is handed to the server's library. */
class SmtpRefusalError extends Error {
  readonly responseCode: number;

  constructor({ code, message }: SmtpRefusal) {
    super(message);
    this.responseCode = code;
  }
}
