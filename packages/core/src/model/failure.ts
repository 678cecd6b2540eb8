import { z } from 'zod';

/** Why one image has no result, or not the whole of it. Stable: match on these, never on the message. */
export const FAILURE_CODES = [
  'ignored',
  'untagged',
  'not_found',
  'unreadable',
  'incomplete',
  'bad_reference',
  'unauthorized',
  'rate_limited',
  'registry_error',
  'network',
  'no_such_platform',
  'not_an_image',
  'corrupt',
  'too_large',
  'timeout',
  'out_of_memory',
  'disk_full',
  'output_limit',
  'java_db_missing',
  'packages_deleted',
  'no_packages',
  'no_advisories',
  'unknown_system',
  'database_corrupt',
  'database_missing',
  'cache_unavailable',
  'engine_unreachable',
  'engine_forbidden',
  'bad_report',
  'crashed',
  'interrupted',
  'unknown',
] as const;

export const FailureCode = z.enum(FAILURE_CODES);
export type FailureCode = z.infer<typeof FailureCode>;

/** The failing of one image, as data: the run goes on. `message` is one line, safe to print. */
export const Failure = z.object({ code: FailureCode, message: z.string() });
export type Failure = z.infer<typeof Failure>;
