import { listedBy } from '../comparison/listing.ts';
import { foldDuplicates } from '../comparison/match-known.ts';
import type { Finding } from '../model/finding.ts';
import { compareCounts, compareSeverity, countSeverities, type Severity } from '../model/severity.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import type { FirstSeenGroup, NoticeCaps } from './notice.ts';
import { isScanned, type Pass } from './pass.ts';
import { cutList, type CutList, shortenReferences } from './shorten.ts';

/** The inventory of references that were met for the first time: counts by image, the worst first. */
export const firstSeenGroups = (
  decisions: readonly ReferenceDecision[],
  pass: Pass,
  caps: NoticeCaps,
): CutList<FirstSeenGroup> => {
  const groups = Map.groupBy(
    decisions.filter(({ firstSeen }) => firstSeen !== null),
    ({ image, firstSeen }) => JSON.stringify([image.id ?? image.references, firstSeen?.baselineOf]),
  );
  const inventory = [...groups.values()].flatMap((seen) => {
    const [first] = seen;
    if (first === undefined || first.firstSeen === null || !isScanned(first.image)) return [];
    const references = seen.map(({ state }) => state.reference).toSorted();
    const findings = listedFindings(first, pass);
    return [
      {
        ...shortenReferences(references, [first.image], caps),
        counts: countSeverities(findings),
        fixable: findings.filter(({ fixed }) => fixed !== null).length,
        coverage: first.image.outcome.coverage,
        baselineOf: first.firstSeen.baselineOf,
      },
    ];
  });
  return cutList(
    inventory.toSorted((a, b) => compareCounts(b.counts, a.counts)),
    caps.groups,
  );
};

/** The worst severity that the first sight of these shows. */
export const worstFirstSeen = (decisions: readonly ReferenceDecision[], pass: Pass): Severity | null =>
  decisions
    .filter(({ firstSeen }) => firstSeen !== null && firstSeen.baselineOf === null)
    .reduce<Severity | null>(
      (worst, decision) =>
        listedFindings(decision, pass).reduce<Severity | null>(
          (worse, { severity }) => (worse === null || compareSeverity(severity, worse) > 0 ? severity : worse),
          worst,
        ),
      null,
    );

const listedFindings = ({ image }: ReferenceDecision, pass: Pass): Finding[] =>
  isScanned(image)
    ? [...foldDuplicates(image.outcome.findings, listedBy(pass.filter)).values()].filter(listedBy(pass.filter))
    : [];
