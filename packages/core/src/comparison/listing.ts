import type { FindingFilter } from '../documents/host-scan-document.ts';
import type { Finding } from '../model/finding.ts';

/** What decides whether a finding is listed. */
export type ListedForm = Pick<Finding, 'severity' | 'status'>;

const UNFIXED = '--ignore-unfixed';
const STATUS = '--ignore-status=';

/**
 * Extra arguments that only leave findings out of what is listed. Results are kept whole, so these are applied to them
 * afterwards and are no arguments of a scan.
 */
export const isFilterArgument = (argument: string): boolean => argument === UNFIXED || argument.startsWith(STATUS);

/** Those of the extra arguments that a scan is made with: what a result depends on. */
export const scanArguments = (extraArgs: readonly string[]): string[] =>
  extraArgs.filter((argument) => !isFilterArgument(argument));

/** Those of the extra arguments that are applied after a scan. */
export const filterArguments = (extraArgs: readonly string[]): string[] => extraArgs.filter(isFilterArgument);

/**
 * Says of a finding whether a filter lists it. As in Trivy, statuses named one by one beat `--ignore-unfixed`, and a
 * finding of which nothing is said counts as `unknown`.
 *
 * @example
 * const isListed = listedBy({ severities: ['HIGH'], extra_args: ['--ignore-status=will_not_fix'] });
 * isListed({ severity: 'HIGH', status: 'will_not_fix' }) // false
 */
export const listedBy = ({ severities, extra_args: extraArgs }: FindingFilter): ((form: ListedForm) => boolean) => {
  const listed = new Set(severities);
  const statuses = extraArgs
    .filter((argument) => argument.startsWith(STATUS))
    .flatMap((argument) => argument.slice(STATUS.length).split(','));
  const ignored = new Set(statuses);
  const onlyFixed = ignored.size === 0 && extraArgs.includes(UNFIXED);
  return ({ severity, status }) =>
    listed.has(severity) && (onlyFixed ? status === 'fixed' : !ignored.has(status ?? 'unknown'));
};
