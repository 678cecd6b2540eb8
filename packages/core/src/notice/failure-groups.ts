import type { Failure } from '../model/failure.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import type { FailureGroup, NoticeCaps } from './notice.ts';
import type { Pass } from './pass.ts';
import { clip, cutList, type CutList, shortenNames } from './shorten.ts';
import type { Failing } from './told-state.ts';

/** What is to be told of failing: one line a cause, and one line in all when everything fails of the same. */
export const failureGroups = (
  decisions: readonly ReferenceDecision[],
  pass: Pass,
  caps: NoticeCaps,
): CutList<FailureGroup> => {
  const told = decisions.flatMap(({ failure, state }) =>
    failure === null || state.failing === null ? [] : [{ reference: state.reference, failing: state.failing }],
  );
  const everything = commonFailure(pass);
  const groups = [...Map.groupBy(told, ({ failing }) => failing.reason.code).values()].flatMap((failed) => {
    const [first] = failed;
    if (first === undefined) return [];
    return [
      {
        ...describe(first.failing, caps),
        references: shortenNames(failed.map(({ reference }) => reference).toSorted(), caps.references, caps),
        everything: everything?.code === first.failing.reason.code,
        since: failed.map(({ failing }) => failing.since).reduce((a, b) => (a < b ? a : b)),
        passes: Math.min(...failed.map(({ failing }) => failing.passes)),
      },
    ];
  });
  return cutList(
    groups.toSorted((a, b) => b.references.total - a.references.total),
    caps.failures,
  );
};

/** The one line for passes that could not scan at all. */
export const troubleGroups = (trouble: Failing, caps: NoticeCaps): CutList<FailureGroup> =>
  cutList([{ ...describe(trouble, caps), references: { items: [], total: 0 }, everything: true }], 1);

const describe = (
  { reason, since, passes }: Failing,
  caps: NoticeCaps,
): Pick<FailureGroup, 'reason' | 'since' | 'passes'> => ({
  reason: { code: reason.code, message: clip(reason.message, caps.text * 2) },
  since,
  passes,
});

const commonFailure = ({ images }: Pass): Failure | null => {
  const failures = images.flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome.reason] : []));
  const [first] = failures;
  if (first === undefined || failures.length < 2 || failures.length < images.length) return null;
  return failures.every(({ code }) => code === first.code) ? first : null;
};
