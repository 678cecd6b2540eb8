/**
 * Why a run could not go on. Codes are stable: match on them, never on the text.
 * `docs/errors.md` says for each what it means and what to do.
 */
export type ErrorCode =
  | 'usage'
  | 'setting_invalid'
  | 'ignore_file_unreadable'
  | 'engine_unreachable'
  | 'engine_forbidden'
  | 'engine_too_old'
  | 'engine_lost'
  | 'engine_error'
  | 'trivy_missing'
  | 'trivy_refused'
  | 'trivy_not_executable'
  | 'trivy_broken'
  | 'trivy_unreachable'
  | 'trivy_unverified'
  | 'trivy_build_failed'
  | 'database_unavailable'
  | 'database_too_old'
  | 'database_corrupt'
  | 'docker_hub_unreachable'
  | 'docker_hub_login_refused'
  | 'compose_missing'
  | 'compose_failed'
  | 'directory_unusable'
  | 'directory_busy'
  | 'disk_full'
  | 'store_corrupt'
  | 'store_too_new'
  | 'file_too_new'
  | 'interrupted'
  | 'internal';
export interface ScannerErrorOptions {
  readonly code: ErrorCode;
  /** What the reader can do about it, as an imperative sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}
/**
 * The failing of a whole run: nothing more can be done until somebody acts.
 * What fails for one image only is a {@link Failure} value instead.
 *
 * @example
 * throw new ScannerError('no Docker engine answers at /var/run/docker.sock', {
 *   code: 'engine_unreachable',
 *   hint: 'start the engine, or name another with --docker-host',
 *   cause,
 * });
 */
export declare class ScannerError extends Error {
  readonly name = 'ScannerError';
  readonly code: ErrorCode;
  readonly hint: string | null;
  constructor(message: string, { code, hint, cause }: ScannerErrorOptions);
  /** Holds across copies of this package, where `instanceof` does not. */
  static is(error: unknown): error is ScannerError;
}
