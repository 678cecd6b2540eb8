import { isExpired } from '../comparison/known-finding.ts';
import type {
  BaselineDifference,
  BaselineListDocument,
  BaselineRefusal,
  ListedBaseline,
  SavedBaseline,
  ShownBaseline,
} from '../documents/baseline-documents.ts';
import { compareSeverity } from '../model/severity.ts';
import type { BaselineStore, StoredBaseline, StoredRules } from '../ports/baseline-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ResultStore } from '../ports/result-store.ts';
import { acceptanceChanges } from './acceptance-changes.ts';
import { acceptancesOf, hasExpired, keysHeldBy } from './acceptances.ts';
import { acceptScan, whyNotAcceptable } from './accept-scan.ts';
import { type AcceptedFinding, type Baseline, noneWhole } from './baseline.ts';
import { differenceOf } from './difference-of.ts';
import {
  compareWithBaseline,
  filterOf,
  readRecordedScan,
  type RecordedScan,
  type RecordFilter,
  withKeysOfToday,
} from './recorded-scan.ts';
import { ruleHits } from './rule-hits.ts';
import type { AcceptanceRule } from './rules.ts';

export interface RecordParts {
  readonly baselines: BaselineStore;
  readonly results: Pick<ResultStore, 'find' | 'lastOf' | 'references'>;
  readonly clock: Clock;
}

/** What is said of the findings that are accepted; ISO 8601. Null keeps what was said before. */
export interface Said extends RecordFilter {
  readonly reason: string | null;
  readonly expires: string | null;
}

/** What was done, or why it was not. */
export type Asked<Answer> =
  | { readonly status: 'done'; readonly answer: Answer }
  | { readonly status: 'refused'; readonly refusal: BaselineRefusal };

/** The baselines of a host beside the last complete scan of each of its references; nothing is scanned for it. */
export class RecordOfBaselines {
  readonly #baselines: BaselineStore;
  readonly #results: RecordParts['results'];
  readonly #clock: Clock;

  constructor({ baselines, results, clock }: RecordParts) {
    this.#baselines = baselines;
    this.#results = results;
    this.#clock = clock;
  }

  /** Every reference with a complete scan on record. */
  scanned(): readonly string[] {
    return this.#results.references();
  }

  /** Every reference with a baseline, usable or not, and those of whose last complete scan rules accept something. */
  async accepted(rules: readonly AcceptanceRule[] = []): Promise<string[]> {
    const stored = await this.#stored();
    const named = stored.flatMap(({ reference }) => reference ?? []);
    const others = rules.length === 0 ? [] : this.scanned().filter((reference) => !named.includes(reference));
    return [...named, ...others.filter((reference) => this.#isHit(reference, rules))];
  }

  /** What is accepted in every reference. */
  rules(): Promise<StoredRules> {
    return this.#baselines.readRules();
  }

  /**
   * Accepts the last complete scan of a reference.
   * @throws ScannerError as the stores do
   */
  async save(reference: string, said: Said): Promise<Asked<SavedBaseline>> {
    const scan = readRecordedScan(this.#results, reference);
    if (typeof scan === 'string') return refuse(reference, scan);
    const unacceptable = whyNotAcceptable(scan.last);
    if (unacceptable !== null) return refuse(reference, unacceptable);
    return this.#baselines.exclusively(() => this.#save(reference, scan, said));
  }

  async #save(
    reference: string,
    scan: RecordedScan,
    { reason, expires, ...listing }: Said,
  ): Promise<Asked<SavedBaseline>> {
    const { last, findings } = scan;
    const rules = await this.rules();
    if (rules.status === 'unreadable')
      return refuse(reference, `what is accepted by rules is not known: ${rules.file} ${rules.problem}`);
    const byRules = acceptancesOf(reference, null, rules.rules.rules);
    const stored = await this.#baselines.read(reference, this.scanned());
    if (stored?.status === 'unreadable') return refuse(reference, unusable(stored.file, stored.problem));
    const at = this.#now();
    const filter = filterOf(scan, listing);
    const before =
      stored === undefined
        ? null
        : withKeysOfToday(stored.baseline, compareWithBaseline(stored.baseline, scan, filter, at));
    const baseline = acceptScan(
      {
        reference,
        imageId: last.imageId,
        content: last.key.content,
        coverage: last.coverage,
        databaseStale: false,
        findings,
        filter,
      },
      { at, before, byRules, reason, expires },
    );
    const saving = await this.#baselines.save(reference, baseline);
    if (saving.status === 'refused') return refuse(reference, unusable(saving.file, saving.problem));
    return done({
      reference,
      file: saving.file,
      image_id: last.imageId,
      scanned_at: last.scannedAt,
      ...acceptanceChanges(before, baseline, at, keysHeldBy(byRules, findings, at)),
    });
  }

  /** What is accepted of a reference, and which rules are about what its last complete scan found. */
  async show(reference: string, rules: readonly AcceptanceRule[] = []): Promise<Asked<ShownBaseline>> {
    const stored = await this.#accepted(reference, rules);
    if (typeof stored === 'string') return refuse(reference, stored);
    const { file, baseline } = stored;
    const at = this.#now();
    const scan = readRecordedScan(this.#results, reference);
    const found = typeof scan === 'string' ? [] : scan.findings;
    const fixed = new Set(found.flatMap(({ key, fixed: version }) => (version === null ? [] : [key])));
    const acceptances = acceptancesOf(reference, baseline, rules);
    return done({
      reference,
      file,
      whole: baseline.whole !== false,
      image_id: baseline.image_id,
      coverage: baseline.coverage,
      filter: baseline.filter,
      findings: baseline.findings
        .map((line) => ({ ...line, expired: isExpired(line, at) || (line.until_fix === true && fixed.has(line.key)) }))
        .toSorted(worstFirst),
      rules: ruleHits(acceptances, found, at),
    });
  }

  /** What the last complete scan of a reference says beyond what is accepted of it. */
  async diff(
    reference: string,
    { rules = [], ...listing }: RecordFilter & { readonly rules?: readonly AcceptanceRule[] },
  ): Promise<Asked<BaselineDifference>> {
    const stored = await this.#accepted(reference, rules);
    if (typeof stored === 'string') return refuse(reference, stored);
    const scan = readRecordedScan(this.#results, reference);
    if (typeof scan === 'string') return refuse(reference, scan);
    const difference = differenceOf({ ...stored, reference, rules }, scan, filterOf(scan, listing), this.#now());
    return typeof difference === 'string' ? refuse(reference, difference) : done(difference);
  }

  /** What is accepted in every reference, or why that cannot be read. */
  async listRules(): Promise<BaselineListDocument['rules']> {
    const stored = await this.rules();
    const at = this.#now();
    if (stored.status === 'unreadable') return { file: stored.file, problem: stored.problem, rules: [] };
    const rules = stored.rules.rules.map((rule) => ({ ...rule, expired: hasExpired(rule, at) }));
    return { file: stored.file, problem: null, rules };
  }

  async list(): Promise<ListedBaseline[]> {
    const at = this.#now();
    const stored = await this.#stored();
    return stored.map((each) => {
      const findings = each.status === 'read' ? each.baseline.findings : null;
      const expired = findings?.filter((finding) => isExpired(finding, at)).length ?? null;
      return {
        file: each.file,
        reference: each.reference,
        problem: each.status === 'read' ? null : each.problem,
        accepted: findings === null ? null : findings.length - (expired ?? 0),
        expired,
        image_id: each.status === 'read' ? each.baseline.image_id : null,
        whole: each.status === 'read' ? each.baseline.whole !== false : null,
      };
    });
  }

  async remove(reference: string): Promise<Asked<{ reference: string; files: string[] }>> {
    if ((await this.#baselines.read(reference, this.scanned())) === undefined) return refuse(reference, NO_BASELINE);
    const files = await this.#baselines.exclusively(() => this.#baselines.remove(reference, this.scanned()));
    return files.length === 0 ? refuse(reference, NO_BASELINE) : done({ reference, files: [...files] });
  }

  async #stored(): Promise<StoredBaseline[]> {
    const stored: StoredBaseline[] = [];
    for await (const each of this.#baselines.list(this.scanned())) stored.push(each);
    return stored;
  }

  /** What accepts something of a reference: its file, and else the rules. */
  async #accepted(reference: string, rules: readonly AcceptanceRule[]): Promise<AcceptedBy | string> {
    const stored = await this.#baselines.read(reference, this.scanned());
    if (stored?.status === 'unreadable') return unusable(stored.file, stored.problem);
    if (stored !== undefined) return stored;
    if (!this.#isHit(reference, rules)) return NO_BASELINE;
    const { file } = await this.rules();
    return { file, baseline: noneWhole(reference) };
  }

  #isHit(reference: string, rules: readonly AcceptanceRule[]): boolean {
    const scan = rules.length === 0 ? 'no rules' : readRecordedScan(this.#results, reference);
    if (typeof scan === 'string') return false;
    const acceptances = acceptancesOf(reference, null, rules);
    return scan.findings.some((finding) => acceptances.rulesFor(finding).length > 0);
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}

interface AcceptedBy {
  readonly file: string;
  readonly baseline: Baseline;
}

const NO_BASELINE = 'it has no baseline; `gts baseline list` shows those there are';
const unusable = (file: string, problem: string): string => `its baseline ${file} ${problem}`;

const done = <Answer>(answer: Answer): Asked<Answer> => ({ status: 'done', answer });
const refuse = (reference: string, reason: string): Asked<never> => ({
  status: 'refused',
  refusal: { reference, reason },
});

const worstFirst = (a: AcceptedFinding, b: AcceptedFinding): number =>
  compareSeverity(b.severity ?? 'UNKNOWN', a.severity ?? 'UNKNOWN') || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
