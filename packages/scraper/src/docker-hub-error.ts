/** Why one answer could not be had. Stable: match on these, never on the message. */
export type DockerHubErrorCode =
  /** There is none, or it is private. */
  | 'not_found'
  /** Cannot be the name of anything on Docker Hub; nothing was asked. */
  | 'bad_name'
  /** Beyond what is shown to those who have not signed in. */
  | 'depth_limit'
  | 'unauthorized'
  | 'forbidden'
  | 'rate_limited'
  | 'server_error'
  | 'network'
  | 'timeout'
  /** Not what the API answers: a web page, JSON that is cut, other fields. */
  | 'bad_answer'
  | 'too_large'
  /** A redirect, or the address of a next page, that leads elsewhere or in a circle. */
  | 'bad_address';

/** Codes that say nothing of what was asked for, only that Docker Hub could not be asked now. */
export const OUT_OF_REACH: ReadonlySet<string> = new Set<DockerHubErrorCode>([
  'rate_limited',
  'server_error',
  'network',
  'timeout',
]);

export interface DockerHubErrorOptions {
  readonly code: DockerHubErrorCode;
  /** Milliseconds after which Docker Hub wants to be asked again, where it said so. */
  readonly retryAfterMs?: number | null;
  /** Overrides what the code says of it. */
  readonly transient?: boolean;
  /** What the other side says of it, as it came. */
  readonly said?: string | null;
  readonly advice?: string | null;
  readonly cause?: unknown;
}

/** The failing of one request, for good. Its message is one line, without anything that the other side sent. */
export class DockerHubError extends Error {
  override readonly name = 'DockerHubError';
  readonly code: DockerHubErrorCode;
  /** Whether asking again later may help. */
  readonly transient: boolean;
  readonly retryAfterMs: number | null;
  /** What the other side says of it, as it came: never to be printed as it is. */
  readonly said: string | null;
  /** What helps, where that is known. */
  readonly advice: string | null;

  constructor(message: string, { code, retryAfterMs, transient, said, advice, cause }: DockerHubErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.transient = transient ?? OUT_OF_REACH.has(code);
    this.retryAfterMs = retryAfterMs ?? null;
    this.said = said ?? null;
    this.advice = advice ?? null;
  }

  /** Holds across copies of this package, where `instanceof` does not. */
  static is(error: unknown): error is DockerHubError {
    return error instanceof Error && error.name === 'DockerHubError' && 'code' in error && 'transient' in error;
  }
}
