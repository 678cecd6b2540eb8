import { z } from 'zod';
/** Why one image has no result, or not the whole of it. Stable: match on these, never on the message. */
export declare const FAILURE_CODES: readonly [
  'ignored',
  'untagged',
  'not_found',
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
  'database_corrupt',
  'database_missing',
  'cache_unavailable',
  'engine_unreachable',
  'engine_forbidden',
  'bad_report',
  'crashed',
  'interrupted',
  'unknown',
];
export declare const FailureCode: z.ZodEnum<{
  bad_reference: 'bad_reference';
  bad_report: 'bad_report';
  cache_unavailable: 'cache_unavailable';
  corrupt: 'corrupt';
  crashed: 'crashed';
  database_corrupt: 'database_corrupt';
  database_missing: 'database_missing';
  disk_full: 'disk_full';
  engine_forbidden: 'engine_forbidden';
  engine_unreachable: 'engine_unreachable';
  ignored: 'ignored';
  interrupted: 'interrupted';
  java_db_missing: 'java_db_missing';
  network: 'network';
  no_such_platform: 'no_such_platform';
  not_an_image: 'not_an_image';
  not_found: 'not_found';
  out_of_memory: 'out_of_memory';
  output_limit: 'output_limit';
  rate_limited: 'rate_limited';
  registry_error: 'registry_error';
  timeout: 'timeout';
  too_large: 'too_large';
  unauthorized: 'unauthorized';
  unknown: 'unknown';
  untagged: 'untagged';
}>;
export type FailureCode = z.infer<typeof FailureCode>;
/** The failing of one image, as data: the run goes on. `message` is one line, safe to print. */
export declare const Failure: z.ZodObject<
  {
    code: z.ZodEnum<{
      bad_reference: 'bad_reference';
      bad_report: 'bad_report';
      cache_unavailable: 'cache_unavailable';
      corrupt: 'corrupt';
      crashed: 'crashed';
      database_corrupt: 'database_corrupt';
      database_missing: 'database_missing';
      disk_full: 'disk_full';
      engine_forbidden: 'engine_forbidden';
      engine_unreachable: 'engine_unreachable';
      ignored: 'ignored';
      interrupted: 'interrupted';
      java_db_missing: 'java_db_missing';
      network: 'network';
      no_such_platform: 'no_such_platform';
      not_an_image: 'not_an_image';
      not_found: 'not_found';
      out_of_memory: 'out_of_memory';
      output_limit: 'output_limit';
      rate_limited: 'rate_limited';
      registry_error: 'registry_error';
      timeout: 'timeout';
      too_large: 'too_large';
      unauthorized: 'unauthorized';
      unknown: 'unknown';
      untagged: 'untagged';
    }>;
    message: z.ZodString;
  },
  z.core.$strip
>;
export type Failure = z.infer<typeof Failure>;
