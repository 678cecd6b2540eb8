import { anyPackageKey, parseFindingKey } from '../comparison/known-finding.ts';
import type { BaselineTidyDocument } from '../documents/accept-document.ts';
import { aliasKeys, type Finding } from '../model/finding.ts';
import type { ReferenceState } from '../notice/told-state.ts';
import type { AcceptingParts } from './accept-findings.ts';
import { hasExpired } from './acceptances.ts';
import type { AcceptedFinding } from './baseline.ts';
import { readRecordedScan } from './recorded-scan.ts';

const GONE_DAYS = 30;
const DAY = 86_400_000;

export interface TidyParts extends AcceptingParts {
  /** What is known of each reference of this host. */
  readonly states: readonly Pick<ReferenceState, 'reference' | 'known' | 'resolvedSince' | 'movedSince'>[];
}

export interface TidyWish {
  /** Empty: every reference that has a scan on record. */
  readonly references: readonly string[];
  /** Whether to drop what is found; else it is only listed. */
  readonly write: boolean;
}

type Dropped = BaselineTidyDocument['dropped'][number];

/**
 * Finds what is accepted and not needed any more: what has ended, what a fix ended, and what a complete scan has not
 * found for 30 days.
 *
 * @throws ScannerError as the stores do
 */
export const tidyAcceptances = (parts: TidyParts, wish: TidyWish): Promise<BaselineTidyDocument> =>
  wish.write ? parts.baselines.exclusively(() => tidy(parts, wish)) : tidy(parts, wish);

const tidy = async (parts: TidyParts, { references, write }: TidyWish): Promise<BaselineTidyDocument> => {
  const { baselines, results, clock } = parts;
  const at = clock.now().toISOString();
  const onHost = results.references();
  const refused: { reference: string; reason: string }[] = [];
  const dropped: Dropped[] = [];
  for (const reference of references.length > 0 ? references : onHost) {
    const stored = await baselines.read(reference, onHost);
    if (stored === undefined) continue;
    const lines = stored.status === 'read' ? judgeLines(parts, reference, stored.baseline.findings, at) : null;
    if (lines === null || stored.status !== 'read') {
      refused.push({
        reference,
        reason: stored.status === 'read' ? 'it has no lines' : `${stored.file} ${stored.problem}`,
      });
      continue;
    }
    const unneeded = new Map(lines.map(({ line, why }) => [line, why]));
    if (unneeded.size === 0) continue;
    if (write) {
      const findings = stored.baseline.findings.filter((line) => !unneeded.has(line));
      const saving = await baselines.save(reference, { ...stored.baseline, findings });
      if (saving.status === 'refused') {
        refused.push({ reference, reason: `${saving.file} ${saving.problem}` });
        continue;
      }
    }
    for (const [{ key, expires, reason, owner = null }, why] of unneeded)
      dropped.push({ reference, file: stored.file, what: key, why, expires, reason, owner });
  }
  if (references.length === 0) dropped.push(...(await tidyRules(parts, write, at, refused)));
  return { schema: 'gts.baseline-tidy/1', written: write, dropped, refused };
};

interface Unneeded {
  readonly line: AcceptedFinding;
  readonly why: Dropped['why'];
}

const judgeLines = (
  { results, states }: TidyParts,
  reference: string,
  lines: readonly AcceptedFinding[],
  at: string,
): Unneeded[] => {
  const scan = readRecordedScan(results, reference);
  const isFull = typeof scan !== 'string' && scan.last.coverage === 'full' && !scan.last.databaseStale;
  const found = isFull ? findingsByKey(scan.findings) : null;
  const state = states.find((each) => each.reference === reference);
  return lines.flatMap((line): Unneeded[] => {
    if (line.expires !== null && Date.parse(line.expires) <= Date.parse(at)) return [{ line, why: 'over' }];
    if (found === null) return [];
    const now = found.get(line.key);
    if (now !== undefined) return line.until_fix === true && now.fixed !== null ? [{ line, why: 'fixed' }] : [];
    const since = goneSince(line, state);
    const isLong = since !== null && Date.parse(at) - Date.parse(since) >= GONE_DAYS * DAY;
    return isLong ? [{ line, why: 'gone' }] : [];
  });
};

const findingsByKey = (findings: readonly Finding[]): Map<string, Finding> =>
  new Map(
    findings.flatMap((finding) =>
      [finding.key, ...aliasKeys(finding), anyPackageKey(finding.vulnerability)].map((key) => [key, finding]),
    ),
  );

/** Since when the finding of a line is missing; null while it is not, or where nobody knows. */
const goneSince = ({ key, since }: AcceptedFinding, state: TidyParts['states'][number] | undefined): string | null => {
  if (state === undefined) return null;
  const now = new Map(state.movedSince).get(key) ?? key;
  const id = parseFindingKey(now)?.vulnerability;
  const isThere = state.known.some((known) => known.key === now || known.vulnerability === id);
  if (isThere) return null;
  const gone = state.resolvedSince.find((known) => known.key === now);
  return gone === undefined ? since : gone.goneAt;
};

/** Rules may be about other hosts too, so that only their end says that they are not needed. */
const tidyRules = async (
  { baselines }: TidyParts,
  write: boolean,
  at: string,
  refused: { reference: string; reason: string }[],
): Promise<Dropped[]> => {
  const stored = await baselines.readRules();
  if (stored.status === 'unreadable') {
    refused.push({ reference: stored.file, reason: `${stored.file} ${stored.problem}` });
    return [];
  }
  const { rules } = stored.rules;
  const over = rules.filter((rule) => hasExpired(rule, at));
  if (write && over.length > 0) {
    const saving = await baselines.saveRules({ ...stored.rules, rules: rules.filter((rule) => !over.includes(rule)) });
    if (saving.status === 'refused') {
      refused.push({ reference: saving.file, reason: `${saving.file} ${saving.problem}` });
      return [];
    }
  }
  return over.map(({ vulnerability, image, expires = null, reason = null, owner = null }) => ({
    reference: image ?? null,
    file: stored.file,
    what: vulnerability,
    why: 'over',
    expires,
    reason,
    owner,
  }));
};
