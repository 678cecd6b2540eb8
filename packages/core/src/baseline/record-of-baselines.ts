import { isExpired } from '../comparison/known-finding.ts';
import type {
  BaselineDifference,
  BaselineRefusal,
  ListedBaseline,
  SavedBaseline,
  ShownBaseline,
} from '../documents/baseline-documents.ts';
import { compareSeverity } from '../model/severity.ts';
import type { BaselineStore, StoredBaseline } from '../ports/baseline-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ResultStore } from '../ports/result-store.ts';
import { acceptanceChanges } from './acceptance-changes.ts';
import { acceptScan, whyNotAcceptable } from './accept-scan.ts';
import type { AcceptedFinding, Baseline } from './baseline.ts';
import {
  compareWithBaseline,
  filterOf,
  readRecordedScan,
  type RecordedScan,
  type RecordFilter,
  withKeysOfToday,
} from './recorded-scan.ts';

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

  /** Every reference with a baseline, usable or not. */
  async accepted(): Promise<string[]> {
    const stored = await this.#stored();
    return stored.flatMap(({ reference }) => reference ?? []);
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
    const stored = await this.#baselines.read(reference, this.scanned());
    if (stored?.status === 'unreadable') return refuse(reference, unusable(stored.file, stored.problem));
    const rules = await this.#baselines.readRules();
    if (rules.status === 'unreadable') return refuse(reference, `${rules.file} ${rules.problem}`);
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
      { at, before, rules: rules.rules.rules, reason, expires },
    );
    const saving = await this.#baselines.save(reference, baseline);
    if (saving.status === 'refused') return refuse(reference, unusable(saving.file, saving.problem));
    return done({
      reference,
      file: saving.file,
      image_id: last.imageId,
      scanned_at: last.scannedAt,
      ...acceptanceChanges(before, baseline, at),
    });
  }

  async show(reference: string): Promise<Asked<ShownBaseline>> {
    const stored = await this.#accepted(reference);
    if (typeof stored === 'string') return refuse(reference, stored);
    const { file, baseline } = stored;
    const at = this.#now();
    return done({
      reference,
      file,
      image_id: baseline.image_id,
      coverage: baseline.coverage,
      filter: baseline.filter,
      findings: baseline.findings
        .map((finding) => ({ ...finding, expired: isExpired(finding, at) }))
        .toSorted(worstFirst),
    });
  }

  /** What the last complete scan of a reference says beyond its baseline. */
  async diff(reference: string, listing: RecordFilter): Promise<Asked<BaselineDifference>> {
    const stored = await this.#accepted(reference);
    if (typeof stored === 'string') return refuse(reference, stored);
    const scan = readRecordedScan(this.#results, reference);
    if (typeof scan === 'string') return refuse(reference, scan);
    const compared = compareWithBaseline(stored.baseline, scan, filterOf(scan, listing), this.#now());
    if (compared.status === 'not_comparable') return refuse(reference, compared.reason.message);
    return done({
      reference,
      file: stored.file,
      image_id: scan.last.imageId,
      scanned_at: scan.last.scannedAt,
      causes: [...compared.causes],
      withheld: compared.withheld,
      new: compared.new.map(({ finding }) => finding),
      resolved: compared.resolved.map(({ key }) => key),
      severity_raised: [...compared.severityRaised],
      fix_available: [...compared.fixAvailable],
      joined: [...compared.joined],
    });
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

  async #accepted(reference: string): Promise<{ readonly file: string; readonly baseline: Baseline } | string> {
    const stored = await this.#baselines.read(reference, this.scanned());
    if (stored === undefined) return NO_BASELINE;
    return stored.status === 'read' ? stored : unusable(stored.file, stored.problem);
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
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
