import { aliasKeys, type Finding } from '../model/finding.ts';
import { compareSeverity } from '../model/severity.ts';
import { anyPackageKey, hasEnded, type KnownFinding } from './known-finding.ts';
import type { MovedFinding } from './pair-moved.ts';

export interface ReturnedFindings {
  /** Accepted still. */
  readonly held: readonly MovedFinding[];
  /** Its acceptance has ended meanwhile. */
  readonly ended: readonly Finding[];
  /** These, and what is worse now than it was accepted, with the line that named it. */
  readonly all: readonly MovedFinding[];
}

/** What was accepted, told as gone, and is found again: by what accepts it still, if anything does. What is worse now than it was accepted is not accepted. */
export const returnedUnderAcceptance = (
  came: readonly Finding[],
  gone: readonly KnownFinding[],
  at: string,
): ReturnedFindings => {
  const named = gone.flatMap((known) => [...aliasKeys(known), known.key].map((key) => ({ key, known })));
  const byKey = Map.groupBy(named, ({ key }) => key);
  const held: MovedFinding[] = [];
  const ended: Finding[] = [];
  const all: MovedFinding[] = [];
  if (byKey.size === 0) return { held, ended, all };
  for (const to of came) {
    const keys = [to.key, ...aliasKeys(to), ...[to.vulnerability, ...(to.aliases ?? [])].map(anyPackageKey)];
    const candidates = keys.flatMap((key) => byKey.get(key) ?? []).map(({ known }) => known);
    const from = candidates.find((known) => isHeld(known, to, at)) ?? candidates[0];
    if (from === undefined) continue;
    all.push({ from, to });
    if (hasEnded(from, to, at)) ended.push(to);
    else if (isHeld(from, to, at)) held.push({ from, to });
  }
  return { held, ended, all };
};

const isHeld = (known: KnownFinding, to: Finding, at: string): boolean =>
  !hasEnded(known, to, at) && (known.severity === null || compareSeverity(to.severity, known.severity) <= 0);
