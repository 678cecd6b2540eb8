import type { FindingFilter } from '../documents/host-scan-document.ts';
import type { Finding } from '../model/finding.ts';
/** What decides whether a finding is listed. */
export type ListedForm = Pick<Finding, 'severity' | 'status'>;
/**
 * Extra arguments that only leave findings out of what is listed. Results are kept whole, so these are applied to them
 * afterwards and are no arguments of a scan.
 */
export declare const isFilterArgument: (argument: string) => boolean;
/** Those of the extra arguments that a scan is made with: what a result depends on. */
export declare const scanArguments: (extraArgs: readonly string[]) => string[];
/** Those of the extra arguments that are applied after a scan. */
export declare const filterArguments: (extraArgs: readonly string[]) => string[];
/**
 * Says of a finding whether a filter lists it. As in Trivy, statuses named one by one beat `--ignore-unfixed`, and a
 * finding of which nothing is said counts as `unknown`.
 *
 * @example
 * const isListed = listedBy({ severities: ['HIGH'], extra_args: ['--ignore-status=will_not_fix'] });
 * isListed({ severity: 'HIGH', status: 'will_not_fix' }) // false
 */
export declare const listedBy: ({ severities, extra_args: extraArgs }: FindingFilter) => (form: ListedForm) => boolean;
