import type { Failure, FailureCode } from '@scanner/core';

import { reasonInWords } from './text/words.ts';

/** What a reader can do about an image that has no result, as an imperative sentence; `null` when there is nothing to do. */
export const adviseOn = (code: FailureCode): string | null => ADVICE[code];

/** Why there is no result, and what to do, on one line. */
export const explainFailure = (reason: Failure | null): string => {
  if (reason === null) return 'no reason is known';
  return [reasonInWords(reason), adviseOn(reason.code)].filter((text) => text !== null).join('; ');
};

const ADVICE: Readonly<Record<FailureCode, string | null>> = {
  ignored: null,
  untagged: 'name it with --image, or scan all untagged ones with --untagged',
  not_found: 'check the name; images of this host are listed by `docker images`',
  unreadable: 'see what `docker image inspect` says of it; pull or build it again, or remove it',
  incomplete: 'pull it again, or build and load it again',
  bad_reference: 'check how the name is written',
  unauthorized: 'log in to its registry with `docker login`, then scan again',
  rate_limited: 'wait until the registry answers again, or log in to it with `docker login`',
  registry_error: 'scan again later; if the error persists, contact the operator of the registry',
  network: 'check the way to the registry (DNS, proxy, firewall), then scan again',
  no_such_platform: 'name a platform that it has with --platform',
  not_an_image: 'scan a reference that is a container image',
  corrupt: 'pull or build it again, then scan again',
  too_large: 'raise the limit with --extra-trivy-args "--max-image-size …"',
  timeout: 'give it more time with --timeout',
  out_of_memory: 'give it more memory, or scan fewer at once with --concurrency 1',
  disk_full: 'free some space for temporary files, then scan again',
  output_limit: 'report this image: it has more findings than can be held',
  java_db_missing: 'let the Java database be downloaded: scan once without --skip-db-update',
  packages_deleted: 'build it without deleting the package database, or ask who makes it for a list of its packages',
  no_packages: null,
  no_advisories: 'watch for advisories of its distribution elsewhere, or build it on a release that has some',
  unknown_system: 'build it with the /etc/os-release of its distribution',
  database_corrupt: 'remove the database directory that `gts doctor` names, then scan again',
  database_missing: 'scan again without --skip-db-update',
  cache_unavailable: 'scan again; if the error persists, run `gts doctor`',
  engine_unreachable: 'check that the Docker engine runs, then scan again',
  engine_forbidden: 'run as a user that may use the Docker socket',
  bad_report: 'see what `gts doctor` says of Trivy',
  crashed: 'scan again; if the error persists, run `gts doctor` to check Trivy',
  interrupted: 'run the same command again: what was finished is kept',
  unknown: 'scan again with --verbose and read the messages of Trivy',
};
