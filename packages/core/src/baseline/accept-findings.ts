import { createHash } from 'node:crypto';

import { parseFindingKey } from '../comparison/known-finding.ts';
import type { AcceptDocument, AcceptedHit, BaselineImportDocument } from '../documents/accept-document.ts';
import { ScannerError } from '../errors.ts';
import { aliasKeys, type Finding } from '../model/finding.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import type { BaselineSaving, BaselineStore } from '../ports/baseline-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ResultStore } from '../ports/result-store.ts';
import { fits } from './acceptances.ts';
import { type AcceptedFinding, noneWhole } from './baseline.ts';
import { readRecordedScan } from './recorded-scan.ts';
import { type AcceptanceRule, withRules } from './rules.ts';

/** Which findings are to be accepted, and on what terms. */
export interface WantedAcceptance {
  /** IDs of vulnerabilities. */
  readonly vulnerabilities: readonly string[];
  /** Beginnings of what {@link keyHash} makes of the keys of findings on record. */
  readonly keyHashes: readonly string[];
  /** Only in this reference; null: in every one, now and later. */
  readonly reference: string | null;
  readonly package: string | null;
  readonly reason: string;
  readonly owner: string | null;
  /** ISO 8601. */
  readonly expires: string | null;
  readonly untilFix: boolean;
}

export interface AcceptingParts {
  readonly baselines: BaselineStore;
  readonly results: Pick<ResultStore, 'find' | 'lastOf' | 'references'>;
  readonly clock: Clock;
}

/** Names a finding whose key cannot be typed or copied as it is: 16 hexadecimal digits. */
export const keyHash = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 16);

/** A finding on record. */
interface Hit {
  readonly reference: string;
  readonly finding: Finding;
}

/** What is asked for of one vulnerability. */
interface Wanted {
  readonly rule: AcceptanceRule;
  readonly hits: readonly Hit[];
}

/**
 * Accepts single findings: as lines of the baseline of one reference where its last scan found them, else as rules, which
 * also fit what is found later.
 *
 * @throws ScannerError `usage` where there is a fix already and it is to end with one, or a key is on no record; as the
 * stores do
 */
export const acceptFindings = async (
  { baselines, results, clock }: AcceptingParts,
  wanted: WantedAcceptance,
): Promise<AcceptDocument> => {
  const onHost = results.references();
  const searched = wanted.reference === null ? onHost : [wanted.reference];
  const findings = searched.flatMap((reference) => findingsOf(results, reference));
  const since = clock.now().toISOString();
  const asked = [
    ...wanted.vulnerabilities.map((vulnerability) => ({
      vulnerability,
      image: wanted.reference,
      package: wanted.package,
    })),
    ...wanted.keyHashes.map((hash) => ({ ...scopeOfKey(hash, findings), image: wanted.reference })),
  ].map((scope): Wanted => askedFor(scope, findings, wanted, since));
  if (wanted.untilFix) refuseWhatIsFixed(asked);

  return baselines.exclusively(async () => {
    const own = wanted.reference === null ? [] : asked.filter(({ hits }) => hits.length > 0);
    const rules = asked.filter((each) => !own.includes(each)).map(({ rule }) => rule);
    const files = [
      ...(wanted.reference === null || own.length === 0 ? [] : [await baselines.read(wanted.reference, onHost)]),
      ...(rules.length === 0 ? [] : [await baselines.readRules()]),
    ];
    for (const file of files) if (file?.status === 'unreadable') throw unusable(file.file, file.problem);
    const saved = [
      ...(wanted.reference === null || own.length === 0
        ? []
        : [await saveLines(baselines, wanted.reference, own, onHost)]),
      ...(rules.length === 0 ? [] : [await saveRules(baselines, rules)]),
    ];
    const refusal = saved.find((saving) => saving.status === 'refused');
    if (refusal?.status === 'refused') throw unusable(refusal.file, refusal.problem);
    return {
      schema: 'gts.accept/1',
      accepted: asked.map((each) => ({
        vulnerability: each.rule.vulnerability,
        image: wanted.reference,
        package: each.rule.package ?? null,
        as: own.includes(each) ? ('lines' as const) : ('rule' as const),
        hits: each.hits.map(hitOf),
      })),
      files: saved.map(({ file }) => file),
      since,
      expires: wanted.expires,
      until_fix: wanted.untilFix,
      reason: wanted.reason,
      owner: wanted.owner,
      looked_at: searched.length,
    };
  });
};

/** A rule to be taken over from elsewhere, and where it stood there. */
export interface RuleToImport {
  readonly line: number;
  readonly rule: AcceptanceRule;
}

/**
 * Takes over rules that were written elsewhere.
 *
 * @param image narrows all of them to this reference
 * @throws ScannerError as the stores do
 */
export const importRules = async (
  { baselines, results, clock }: AcceptingParts,
  rules: readonly RuleToImport[],
  image: string | null,
): Promise<Pick<BaselineImportDocument, 'file' | 'imported'>> => {
  const references = image === null ? results.references() : [image];
  const findings = Map.groupBy(
    references
      .flatMap((reference) => findingsOf(results, reference))
      .flatMap((hit) =>
        [hit.finding.vulnerability, ...(hit.finding.aliases ?? [])].map((vulnerability) => ({ vulnerability, hit })),
      ),
    ({ vulnerability }) => vulnerability,
  );
  const since = clock.now().toISOString();
  const imported = rules.map(({ line, rule }) => ({
    line,
    rule: { ...rule, ...(image !== null && { image }), since },
    hits: (findings.get(rule.vulnerability) ?? [])
      .filter(({ hit }) => fits(rule, hit.finding))
      .map(({ hit }) => hitOf(hit)),
  }));
  const saving = await baselines.exclusively(() =>
    saveRules(
      baselines,
      imported.map(({ rule }) => rule),
    ),
  );
  if (saving.status === 'refused') throw unusable(saving.file, saving.problem);
  return { file: saving.file, imported };
};

const unusable = (file: string, problem: string): ScannerError =>
  new ScannerError(`nothing was accepted, since ${file} ${problem}`, {
    code: 'store_corrupt',
    hint: 'correct the file or move it away, then run the command again',
  });

const findingsOf = (results: AcceptingParts['results'], reference: string): Hit[] => {
  const scan = readRecordedScan(results, reference);
  return typeof scan === 'string' ? [] : scan.findings.map((finding) => ({ reference, finding }));
};

type Scope = Pick<AcceptanceRule, 'vulnerability' | 'image' | 'package' | 'paths' | 'purls'>;

const scopeOfKey = (hash: string, hits: readonly Hit[]): Scope => {
  const keys = new Map(
    hits.filter(({ finding }) => keyHash(finding.key).startsWith(hash)).map((hit) => [hit.finding.key, hit]),
  );
  const [only] = keys.values();
  if (only === undefined || keys.size > 1)
    throw new ScannerError(
      `--key ${hash} is the key of ${keys.size === 0 ? 'no finding' : 'several findings'} on record`,
      {
        code: 'usage',
        hint: 'look up the finding again, or name its vulnerability',
      },
    );
  const { vulnerability, package: name, path, key } = only.finding;
  const purl = parseFindingKey(key)?.packagePart;
  return {
    vulnerability,
    package: name,
    paths: path === null ? null : [path],
    purls: purl?.startsWith('pkg:') === true ? [purl] : null,
  };
};

const askedFor = (scope: Scope, findings: readonly Hit[], wanted: WantedAcceptance, since: string): Wanted => {
  const rule = { ...scope, vulnerability: scope.vulnerability };
  const hits = findings.filter(
    ({ finding }) =>
      [finding.vulnerability, ...(finding.aliases ?? [])].includes(scope.vulnerability) && fits(rule, finding),
  );
  return {
    hits,
    rule: {
      ...rule,
      severity: worst(hits),
      since,
      expires: wanted.expires,
      reason: wanted.reason,
      owner: wanted.owner,
      until_fix: wanted.untilFix ? true : null,
    },
  };
};

const worst = (hits: readonly Hit[]): Severity | null =>
  hits
    .map(({ finding }) => finding.severity)
    .reduce<Severity | null>((a, b) => (a === null || compareSeverity(b, a) > 0 ? b : a), null);

const refuseWhatIsFixed = (asked: readonly Wanted[]): void => {
  const fixed = asked.flatMap(({ hits }) => hits).find(({ finding }) => finding.fixed !== null);
  if (fixed === undefined) return;
  const { vulnerability, package: name, fixed: version } = fixed.finding;
  throw new ScannerError(
    `--until-fix: ${vulnerability} in ${name} of ${fixed.reference} is fixed already, in ${version}`,
    { code: 'usage', hint: 'upgrade it, or accept it without --until-fix; nothing was accepted' },
  );
};

const saveLines = async (
  baselines: BaselineStore,
  reference: string,
  asked: readonly Wanted[],
  onHost: readonly string[],
): Promise<BaselineSaving> => {
  const stored = await baselines.read(reference, onHost);
  if (stored?.status === 'unreadable') return { status: 'refused', file: stored.file, problem: stored.problem };
  const before = stored?.baseline ?? noneWhole(reference);
  const lines = new Map(before.findings.map((line) => [line.key, line]));
  for (const { rule, hits } of asked)
    for (const { finding } of hits) {
      const names = [finding.key, ...aliasKeys(finding)];
      const earlier = names.map((key) => lines.get(key)).find((line) => line !== undefined);
      for (const key of names) lines.delete(key);
      lines.set(finding.key, { ...earlier, ...lineOf(finding, rule) });
    }
  return baselines.save(reference, { ...before, findings: [...lines.values()] });
};

const lineOf = (finding: Finding, { since, expires, reason, owner, until_fix }: AcceptanceRule): AcceptedFinding => ({
  key: finding.key,
  package: finding.package,
  severity: finding.severity,
  fixed: finding.fixed,
  since: since ?? null,
  expires: expires ?? null,
  reason: reason ?? null,
  owner,
  until_fix,
});

const saveRules = async (baselines: BaselineStore, added: readonly AcceptanceRule[]): Promise<BaselineSaving> => {
  const stored = await baselines.readRules();
  if (stored.status === 'unreadable') return { status: 'refused', file: stored.file, problem: stored.problem };
  return baselines.saveRules(withRules(stored.rules, added));
};

const hitOf = ({ reference, finding }: Hit): AcceptedHit => ({
  reference,
  key: finding.key,
  package: finding.package,
  path: finding.path,
  installed: finding.installed,
  fixed: finding.fixed,
  severity: finding.severity,
});
