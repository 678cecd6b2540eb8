import { type KnownFinding, parseFindingKey } from '../comparison/known-finding.ts';
import type { KnownSide } from '../comparison/sides.ts';
import { SEVERITIES, type Severity } from '../model/severity.ts';
import { type AcceptanceTerms, termsOf } from './acceptances.ts';
import type { AcceptedFinding, Baseline } from './baseline.ts';

/** What people know who know a baseline and nothing since. */
export const knownOfBaseline = (baseline: Baseline): KnownSide => ({
  findings: baseline.findings.flatMap((accepted) => {
    const identity = parseFindingKey(accepted.key);
    if (identity === null) return [];
    const known: KnownFinding = {
      key: accepted.key,
      vulnerability: identity.vulnerability,
      package: identity.packagePart === null ? null : (accepted.package ?? identity.packagePart),
      path: identity.path,
      installed: null,
      fixed: accepted.fixed,
      severity: accepted.severity,
      url: null,
      title: null,
      accepted: true,
      since: accepted.since,
      expires: accepted.expires,
      status: null,
      aliases: [],
      untilFix: accepted.until_fix === true,
      savedAs: acceptanceMark(accepted),
      single: null,
      endTold: null,
      goneAt: null,
      firstFound: null,
      outside: false,
      foundWith: null,
    };
    return [known];
  }),
  coverage: baseline.coverage,
  circumstances: {
    imageId: baseline.image_id,
    content: baseline.content ?? null,
    databaseGeneration: null,
    trivyVersion: null,
    filter: baseline.filter,
  },
  unlisted: null,
  listings: [],
  takenBack: new Set(),
  acceptedGone: [],
});

/** Names an acceptance as its line has it: another mark is another acceptance, or another end of it. */
export const acceptanceMark = (line: AcceptedFinding): string => markOfTerms(termsOf(line));

/** The same of terms, whoever set them. */
export const markOfTerms = (terms: AcceptanceTerms): string =>
  [...acceptedAs(terms), terms.expires ?? '', terms.untilFix ? 'until fix' : ''].join('|');

/** Whether a mark is of this acceptance, whatever its end was then. */
export const isSameAcceptance = (mark: string, line: AcceptedFinding): boolean =>
  mark.startsWith([...acceptedAs(line), ''].join('|'));

/** As how severe a finding is accepted by the acceptance that a mark names; null: however severe it is. */
export const severityOfMark = (mark: string): Severity | null =>
  SEVERITIES.find((severity) => severity === mark.split('|').at(-3)) ?? null;

const acceptedAs = ({ since, severity }: Pick<AcceptanceTerms, 'since' | 'severity'>): string[] => [
  since ?? '',
  severity ?? '',
];
