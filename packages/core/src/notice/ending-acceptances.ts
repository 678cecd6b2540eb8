import type { KnownFinding } from '../comparison/known-finding.ts';
import type { ReferenceDecision } from './decide-reference.ts';
import type { EndingAcceptance, Notice, NoticeCaps } from './notice.ts';
import { noticeFinding, saidOf } from './notice-finding.ts';
import { isScanned, type Pass, type TellingSettings } from './pass.ts';
import { clip, clipFinding, cutList, shortenNames } from './shorten.ts';
import type { ReferenceState } from './told-state.ts';

/** Accepted findings that are there and whose end is near, of which nobody was warned. */
export const endingSoon = (
  { image, state }: Pick<ReferenceDecision, 'image' | 'state'>,
  pass: Pass,
  { expiringSeconds = null }: Pick<TellingSettings, 'expiringSeconds'>,
): KnownFinding[] => {
  if (expiringSeconds === null || !isScanned(image)) return [];
  const missing = new Set(state.missing.map(({ key }) => key));
  const now = Date.parse(pass.at);
  return state.known.filter(({ key, accepted, outside, expires, endTold, since, severity }) => {
    if (!accepted || outside || expires === null || endTold === expires || missing.has(key)) return false;
    const end = Date.parse(expires);
    const isNear = end > now && end - now <= expiringSeconds * 1000;
    const wasLong = since === null || end - Date.parse(since) > expiringSeconds * 1000;
    return isNear && wasLong && (severity === null || pass.filter.severities.includes(severity));
  });
};

/** The same once people were warned. */
export const markWarned = (state: ReferenceState, warned: readonly KnownFinding[]): ReferenceState => {
  if (warned.length === 0) return state;
  const keys = new Set(warned.map(({ key }) => key));
  return {
    ...state,
    known: state.known.map((known) => (keys.has(known.key) ? { ...known, endTold: known.expires } : known)),
  };
};

/** One entry a finding and end, with its references; the next end first. */
export const endingAcceptances = (
  decisions: readonly ReferenceDecision[],
  pass: Pass,
  settings: TellingSettings,
  caps: NoticeCaps,
): NonNullable<Notice['ending']> => {
  const entries = decisions.flatMap((decision) => {
    const ending = endingSoon(decision, pass, settings);
    if (ending.length === 0) return [];
    const acceptances = decision.acceptances();
    return ending.map((known) => ({ known, decision, ...saidOf(known, acceptances) }));
  });
  const groups = Map.groupBy(entries, ({ known, reason, owner }) =>
    JSON.stringify([known.key, known.expires, reason, owner]),
  );
  const items = [...groups.values()]
    .flatMap((group): EndingAcceptance[] => {
      const [first] = group;
      if (first === undefined || first.known.expires === null) return [];
      const references = group.map(({ decision }) => decision.state.reference).toSorted();
      return [
        {
          finding: clipFinding(noticeFinding(first.known), caps.text),
          references: shortenNames(references, caps.references, caps),
          expires: first.known.expires,
          reason: first.reason === null ? null : clip(first.reason, caps.text),
          owner: first.owner === null ? null : clip(first.owner, caps.text),
        },
      ];
    })
    .toSorted((a, b) => Date.parse(a.expires) - Date.parse(b.expires) || (a.finding.key < b.finding.key ? -1 : 1));
  return cutList(items, caps.groups);
};
