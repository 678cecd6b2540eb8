import assert from 'node:assert/strict';

import { describe, expect, it } from 'vitest';

import type { Baseline } from '../baseline/baseline.ts';
import { readBaseline } from '../baseline/read-baseline.ts';
import { writeBaseline } from '../baseline/write-baseline.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import { HostLife, type TrueFinding } from '../testing/host-life.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { decidePass, type PassDecision } from './decide-pass.ts';
import { Notice, NOTICE_CAPS, type NoticeGroup } from './notice.ts';
import type { Pass, PassImage } from './pass.ts';
import { NOTHING_TOLD, ToldState } from './told-state.ts';

const LIVES = 400;
const PASSES = 40;
const QUIET_PASSES = 4;
const FAILURES_AFTER = 3;
const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const EVERYTHING: readonly Severity[] = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];
const FILTERS: readonly (readonly Severity[])[] = [['HIGH', 'CRITICAL'], ['CRITICAL'], ['MEDIUM', 'HIGH', 'CRITICAL']];
const UNCUT = { ...NOTICE_CAPS, groups: 1e6, findings: 1e6, references: 1e6, failures: 1e6 };

/** What people believe of one reference, kept by what findings are and never by their keys. */
interface Belief {
  /** The worst severity they heard of. */
  known: Map<string, Severity>;
  before: {
    imageId: string | null;
    severities: readonly Severity[];
    args: readonly string[];
    raw: Map<string, Severity> | null;
  };
  expires: Map<string, number>;
  /** The image of the last scan that was whole: a slip of the scanner is only forgiven on the same one. */
  settled: string | null;
  /** Under which arguments each was last shown: under others nobody can say that it is gone. */
  shownWith: Map<string, string>;
  /** What of it a baseline accepts still. */
  accepted: Set<string>;
  /** The reference whose baseline it started from. */
  from: string | null;
}

interface AcceptedBelief {
  readonly imageId: string;
  readonly known: Map<string, Severity>;
  readonly expires: Map<string, number>;
  readonly severities: readonly Severity[];
  readonly args: readonly string[];
}

type Told = Map<string, string[]>;

/** What one pass has to tell, by reference. */
interface Due {
  readonly new: Told;
  readonly raised: Told;
  readonly firstSeen: string[];
  readonly failing: string[];
  readonly recovered: string[];
}

interface Scanned {
  readonly image: PassImage;
  readonly pass: Pass;
  readonly accept: boolean;
  readonly accepted: ReadonlyMap<string, AcceptedBelief>;
  /** What the notice calls resolved. */
  readonly told: readonly string[];
}

class Life {
  readonly #random: SeededRandom;
  readonly #host: HostLife;
  #state: ToldState = NOTHING_TOLD;
  readonly #baselines = new Map<string, Baseline>();
  readonly #beliefs = new Map<string, Belief>();
  readonly #accepted = new Map<string, AcceptedBelief>();
  readonly #failures = new Map<string, { passes: number; told: boolean }>();
  readonly #flaked = new Set<string>();
  readonly #cache = new Map<string, readonly TrueFinding[]>();
  readonly #absent = new Set<string>();
  readonly #shown = new Map<PassImage, readonly TrueFinding[]>();
  #severities: readonly Severity[] = ['HIGH', 'CRITICAL'];
  #args: readonly string[] = [];
  /** A database that is too old lacks some of what is published. */
  #stale = false;
  #trouble = { passes: 0, told: false };
  #at = START;
  readonly heard = { new: 0, resolved: 0, raised: 0 };

  /**
   * Packages get other names in one half of the lives, arguments change in the other: what arguments hide and what then
   * comes under another name is nothing that anybody could tell from another package.
   */
  readonly #renames: boolean;

  constructor(seed: number) {
    this.#renames = seed % 2 === 0;
    this.#random = new SeededRandom(seed);
    this.#host = new HostLife(this.#random);
  }

  live(): void {
    for (let pass = 0; pass < PASSES; pass += 1) {
      this.#happen();
      this.#runPass(false);
    }
    this.#severities = EVERYTHING;
    this.#args = [];
    this.#absent.clear();
    for (let pass = 0; pass < QUIET_PASSES; pass += 1) this.#runPass(true);
    this.#expectAllIsKnown();
  }

  #happen(): void {
    const random = this.#random;
    const host = this.#host;
    const reference = random.pick([...host.references.keys()]) ?? 'api:1';
    if (random.chance(0.4)) host.publish();
    if (random.chance(0.25)) host.withdraw();
    if (random.chance(0.25)) host.rate();
    if (random.chance(0.15)) host.fix();
    if (random.chance(0.15)) host.rebuildSame(reference);
    if (this.#renames && random.chance(0.15)) host.renamePackage(reference);
    if (random.chance(0.1)) host.rebuildWithOthers(reference);
    if (random.chance(0.08)) host.moveTag(reference);
    if (random.chance(0.02)) host.endSupport(reference);
    if (random.chance(0.06)) host.moveTag(`new:${host.generation}`);
    if (random.chance(0.08)) this.#absent.add(reference);
    if (random.chance(0.3)) this.#absent.delete(random.pick([...this.#absent]) ?? '');
    if (random.chance(0.08)) this.#severities = random.pick(FILTERS) ?? EVERYTHING;
    if (!this.#renames && random.chance(0.08)) this.#args = this.#args.length === 0 ? ['--pkg-types', 'os'] : [];
    if (random.chance(0.1)) this.#editBaseline();
  }

  /** Somebody gives an acceptance an end. */
  #editBaseline(): void {
    const reference = this.#random.pick([...this.#baselines.keys()]);
    const baseline = reference === undefined ? undefined : this.#baselines.get(reference);
    const line = this.#random.pick(baseline?.findings ?? []);
    if (reference === undefined || baseline === undefined || line === undefined) return;
    const truth = this.#host.truthOf.get(line.key) ?? '';
    const belief = this.#beliefs.get(reference);
    if (belief?.accepted.has(truth) !== true) return;
    const end = this.#at + (1 + this.#random.below(4)) * DAY + DAY / 2;
    const expires = new Date(end).toISOString();
    this.#baselines.set(reference, {
      ...baseline,
      findings: baseline.findings.map((other) => (other === line ? { ...line, expires, reason: 'for now' } : other)),
    });
    this.#accepted.get(reference)?.expires.set(truth, end);
    belief.expires.set(truth, end);
  }

  #runPass(quiet: boolean): void {
    const random = this.#random;
    this.#at += DAY;
    this.#stale = !quiet && random.chance(0.06);
    const trouble = !quiet && random.chance(0.1);
    const interrupted = !quiet && random.chance(0.04);
    const accept = !quiet && random.chance(0.08);
    const images = trouble ? [] : this.#scanAll(quiet);
    const pass: Pass = {
      at: new Date(this.#at).toISOString(),
      images,
      scanner: {
        trivyVersion: '0.74.0',
        databaseGeneration: String(this.#host.generation),
        databaseUpdatedAt: null,
        databaseStale: this.#stale,
      },
      filter: { severities: [...this.#severities], extra_args: [...this.#args] },
      baselines: this.#baselines,
      unreadableBaselines: new Set(),
      trouble: trouble ? { code: 'engine_unreachable', message: 'no engine' } : null,
      interrupted,
    };
    const decision = decidePass(this.#state, pass, {
      repeat: 'never',
      failuresAfter: FAILURES_AFTER,
      accept,
      caps: UNCUT,
    });
    if (interrupted) {
      assert.equal(decision.state, this.#state);
      assert.equal(decision.notice, null);
      return;
    }
    this.#state = ToldState.parse(JSON.parse(JSON.stringify(decision.state)));
    if (trouble) this.#expectTrouble(decision);
    else this.#expectPass(pass, decision, accept);
    for (const baseline of decision.baselines) this.#keepBaseline(baseline);
  }

  #keepBaseline(baseline: Baseline): void {
    const reading = readBaseline(writeBaseline(baseline));
    assert.equal(reading.status, 'read');
    assert.equal(writeBaseline(reading.baseline), writeBaseline(baseline));
    this.#baselines.set(baseline.reference ?? '', reading.baseline);
  }

  #scanAll(quiet: boolean): PassImage[] {
    const present = [...this.#host.references].filter(([reference]) => !this.#absent.has(reference));
    const byImage = Map.groupBy(present, ([, image]) => image);
    return [...byImage].map(([image, named]) => {
      const references = named.map(([reference]) => reference).toSorted();
      return this.#scan(image, references, quiet);
    });
  }

  #scan(image: Parameters<HostLife['truthOfImage']>[0], references: readonly string[], quiet: boolean): PassImage {
    const random = this.#random;
    const subject = { id: image.id, references, containers: null };
    if (!quiet && random.chance(0.12))
      return { ...subject, outcome: { status: 'failed', reason: { code: 'timeout', message: 'too slow' } } };
    const isSettled = references.every((reference) => this.#beliefs.get(reference)?.settled === image.id);
    const cached = `${image.id} ${image.coverage} ${this.#host.generation} ${this.#args.join(' ')}`;
    const stored = !quiet && isSettled && random.chance(0.3) ? this.#cache.get(cached) : undefined;
    const shown = stored ?? this.#look(image, references, quiet);
    const partial = !quiet && stored === undefined && random.chance(0.06);
    if (!partial) this.#cache.set(cached, shown);
    const seen = shown
      .filter(({ finding }) => !partial || finding.path === null)
      .filter(({ finding }) => !this.#stale || Number(finding.vulnerability.at(-1)) % 3 > 0);
    const passImage: PassImage = {
      ...subject,
      outcome: {
        status: 'complete',
        coverage: partial ? 'partial' : image.coverage,
        matched: stored === undefined,
        findings: this.#disordered(seen.map(({ finding }) => finding)),
      },
    };
    this.#shown.set(passImage, seen);
    return passImage;
  }

  #disordered<Item>(items: readonly Item[]): Item[] {
    const some = this.#random.pick(items);
    const turned = this.#random.chance(0.5) ? items.toReversed() : [...items];
    return some === undefined ? turned : [...turned, some];
  }

  /** What a scan shows of the truth: less without support or for some arguments; and now and then it loses one. */
  #look(image: Parameters<HostLife['truthOfImage']>[0], references: readonly string[], quiet: boolean): TrueFinding[] {
    const visible = this.#host
      .truthOfImage(image)
      .filter(({ finding }) => this.#args.length === 0 || finding.path === null)
      .filter(({ finding }) => image.coverage !== 'eol' || Number(finding.vulnerability.at(-1)) % 2 === 0);
    const settled = references.every((reference) => {
      const before = this.#beliefs.get(reference)?.before;
      const settled = this.#beliefs.get(reference)?.settled === image.id;
      return settled && before?.severities === this.#severities && before.args === this.#args;
    });
    if (quiet || !settled || image.coverage !== 'full' || !this.#random.chance(0.15)) return visible;
    const listed = visible.filter(
      ({ truth, finding }) =>
        this.#severities.includes(finding.severity) &&
        !this.#flaked.has(finding.vulnerability) &&
        references.every((reference) => this.#beliefs.get(reference)?.known.has(truth)),
    );
    const lost = this.#random.pick(listed);
    if (lost === undefined) return visible;
    this.#flaked.add(lost.finding.vulnerability);
    return visible.filter(({ truth }) => truth !== lost.truth);
  }

  #expectTrouble(decision: PassDecision): void {
    this.#trouble.passes += 1;
    const tell = this.#trouble.passes >= FAILURES_AFTER && !this.#trouble.told;
    this.#trouble.told ||= tell;
    assert.equal(decision.notice !== null, tell);
    if (tell) assert.equal(decision.notice?.failures.items[0]?.everything, true);
  }

  #expectPass(pass: Pass, decision: PassDecision, accept: boolean): void {
    const { notice } = decision;
    if (notice !== null) Notice.parse(notice);
    const resolved = toldIn(notice, 'resolved', this.#host.truthOf);
    const due: Due = { new: new Map(), raised: new Map(), firstSeen: [], failing: [], recovered: [] };
    const accepted = new Map(this.#accepted);
    for (const image of pass.images)
      for (const reference of image.references) {
        const told = resolved.get(reference) ?? [];
        if (image.outcome.status === 'failed') this.#countFailure(reference, due);
        else this.#live(reference, { image, pass, accept, accepted, told }, due);
      }
    assert.deepEqual(toldIn(notice, 'new', this.#host.truthOf), sortedTold(due.new));
    assert.deepEqual(toldIn(notice, 'severityRaised', this.#host.truthOf), sortedTold(due.raised));
    assert.deepEqual(namedIn(notice?.firstSeen.items), due.firstSeen.toSorted());
    assert.deepEqual(namedIn(notice?.failures.items), due.failing.toSorted());
    assert.deepEqual(notice?.recoveries.items ?? [], due.recovered.toSorted());
    const worthIt =
      due.new.size + due.raised.size + resolved.size + due.firstSeen.length + due.failing.length + due.recovered.length;
    assert.equal(notice !== null, worthIt > 0 || this.#trouble.told);
    this.#trouble = { passes: 0, told: false };
    this.heard.new += due.new.size;
    this.heard.raised += due.raised.size;
    this.heard.resolved += resolved.size;
  }

  #countFailure(reference: string, due: Due): void {
    if (this.#fails(reference)) due.failing.push(reference);
  }

  /** What one reference that was scanned makes due; what was told of it as resolved has to be known and gone. */
  #live(reference: string, { image, pass, accept, accepted, told }: Scanned, due: Due): void {
    if (this.#recovers(reference)) due.recovered.push(reference);
    const shown = this.#shown.get(image) ?? [];
    const isFirst = !this.#beliefs.has(reference);
    const belief = this.#beliefOf(reference, image.id ?? '', accepted);
    if (belief === undefined) {
      this.#meet(reference, image.id ?? '', shown);
      if (!this.#takes(reference, accept, image, pass, shown)) due.firstSeen.push(reference);
      return;
    }
    this.#beliefs.set(reference, belief);
    const news = this.#whatIsDue(belief, shown);
    for (const truth of told) this.#forget(reference, belief, truth);
    const coverage = image.outcome.status === 'complete' ? image.outcome.coverage : null;
    this.#remember(belief, image.id ?? '', shown, coverage === 'partial');
    if (coverage === 'full' && pass.scanner?.databaseStale === false) belief.settled = image.id;
    if (this.#takes(reference, accept, image, pass, shown)) {
      assert.deepEqual(told, [], `${reference}: what is accepted is not told`);
      return;
    }
    if (isFirst) due.firstSeen.push(reference);
    if (news.new.length > 0) due.new.set(reference, news.new);
    if (news.raised.length > 0) due.raised.set(reference, news.raised);
  }

  #forget(reference: string, belief: Belief, truth: string): void {
    assert.ok(belief.known.has(truth), `${reference}: ${truth} is told as resolved and was not known`);
    assert.ok(!this.#isTrue(reference, truth), `${reference}: ${truth} is told as resolved and still there`);
    belief.known.delete(truth);
    belief.expires.delete(truth);
    belief.accepted.delete(truth);
  }

  #fails(reference: string): boolean {
    const failing = this.#failures.get(reference) ?? { passes: 0, told: false };
    const passes = failing.passes + 1;
    const tell = passes >= FAILURES_AFTER && !failing.told;
    this.#failures.set(reference, { passes, told: failing.told || tell });
    return tell;
  }

  #recovers(reference: string): boolean {
    const told = this.#failures.get(reference)?.told ?? false;
    this.#failures.delete(reference);
    return told;
  }

  /** What is believed of a reference before this pass; of one never met, when its image is accepted elsewhere. */
  #beliefOf(reference: string, imageId: string, accepted: ReadonlyMap<string, AcceptedBelief>): Belief | undefined {
    const known = this.#beliefs.get(reference);
    if (known !== undefined) return known;
    const [from, shared] =
      [...accepted].toSorted(([a], [b]) => (a < b ? -1 : 1)).find(([, one]) => one.imageId === imageId) ?? [];
    if (from === undefined || shared === undefined) return undefined;
    return {
      known: new Map(shared.known),
      before: { imageId, severities: shared.severities, args: shared.args, raw: null },
      expires: new Map(shared.expires),
      settled: null,
      shownWith: new Map(),
      accepted: new Set(shared.known.keys()),
      from,
    };
  }

  #meet(reference: string, imageId: string, shown: readonly TrueFinding[]): void {
    const belief: Belief = {
      known: new Map(),
      before: { imageId, severities: this.#severities, args: this.#args, raw: null },
      expires: new Map(),
      settled: null,
      shownWith: new Map(),
      accepted: new Set(),
      from: null,
    };
    for (const { truth, finding } of shown)
      if (this.#severities.includes(finding.severity)) belief.known.set(truth, finding.severity);
    this.#remember(belief, imageId, shown, false);
    this.#beliefs.set(reference, belief);
  }

  #whatIsDue(belief: Belief, shown: readonly TrueFinding[]): { new: string[]; raised: string[] } {
    const due = { new: [] as string[], raised: [] as string[] };
    for (const { truth, finding } of shown) {
      if (!this.#severities.includes(finding.severity)) continue;
      const end = belief.expires.get(truth);
      const known = belief.known.get(truth);
      if (known !== undefined && end !== undefined && end <= this.#at) {
        due.new.push(truth);
        belief.expires.delete(truth);
      } else if (known === undefined) {
        if (!this.#bySetting(belief, truth, finding.severity)) due.new.push(truth);
        belief.expires.delete(truth);
      } else if (compareSeverity(finding.severity, known) > 0) due.raised.push(truth);
      else continue;
      belief.known.set(truth, finding.severity);
      if (due.new.includes(truth)) belief.accepted.delete(truth);
    }
    return due;
  }

  /** Whether only a setting shows what is not known: it was there before, as bad as now, and not listed. */
  #bySetting({ before }: Belief, truth: string, severity: Severity): boolean {
    if (before.args.join(' ') !== this.#args.join(' ')) return true;
    if (before.severities.includes(severity)) return false;
    const was = before.raw?.get(truth);
    return before.raw === null || (was !== undefined && this.#severities.includes(was));
  }

  #remember(belief: Belief, imageId: string, shown: readonly TrueFinding[], partial: boolean): void {
    const raw = new Map(partial ? belief.before.raw : []);
    for (const { truth, finding } of shown) {
      raw.set(truth, finding.severity);
      belief.shownWith.set(truth, this.#args.join(' '));
    }
    belief.before = { imageId, severities: this.#severities, args: this.#args, raw };
  }

  /** Whether this pass accepts the reference; then everything it lists is known and nothing else. */
  #takes(reference: string, accept: boolean, image: PassImage, pass: Pass, shown: readonly TrueFinding[]): boolean {
    if (!accept || image.outcome.status !== 'complete' || image.outcome.coverage === 'partial') return false;
    if (pass.scanner?.databaseStale !== false) return false;
    const belief = this.#beliefs.get(reference);
    const listed = shown.filter(({ finding }) => this.#severities.includes(finding.severity));
    const known = new Map(listed.map(({ truth, finding }) => [truth, finding.severity]));
    const expires = new Map([...(belief?.expires ?? [])].filter(([truth, end]) => known.has(truth) && end > this.#at));
    this.#accepted.set(reference, {
      imageId: image.id ?? '',
      known,
      expires,
      severities: this.#severities,
      args: this.#args,
    });
    if (belief !== undefined)
      Object.assign(belief, { known: new Map(known), expires: new Map(expires), accepted: new Set(known.keys()) });
    return true;
  }

  #isTrue(reference: string, truth: string): boolean {
    const image = this.#host.references.get(reference);
    return image !== undefined && this.#host.truthOfImage(image).some((found) => found.truth === truth);
  }

  /** After the host came to rest, what people believe is what is true. */
  #expectAllIsKnown(): void {
    for (const [reference, image] of this.#host.references) {
      if (image.coverage === 'eol') continue;
      const truth = new Set(this.#host.truthOfImage(image).map((found) => found.truth));
      const belief = this.#beliefs.get(reference);
      const believed = [...(belief?.known.keys() ?? [])].filter(
        (known) => truth.has(known) || belief?.shownWith.get(known) === '',
      );
      assert.deepEqual(believed.toSorted(), [...truth].toSorted(), reference);
    }
  }
}

const toldIn = (
  notice: Notice | null,
  list: 'new' | 'resolved' | 'severityRaised',
  truthOf: ReadonlyMap<string, string>,
): Told => {
  const told: Told = new Map();
  const add = (reference: string, group: NoticeGroup): void => {
    const truths = group[list].items.map(({ key }) => truthOf.get(key) ?? key);
    if (truths.length > 0) told.set(reference, truths);
  };
  for (const group of notice?.changes.items ?? [])
    for (const reference of group.references.items) {
      assert.ok(!told.has(reference), `${reference} is named twice`);
      add(reference, group);
    }
  return sortedTold(told);
};

const namedIn = (groups: readonly { readonly references: { readonly items: readonly string[] } }[] = []): string[] =>
  groups.flatMap(({ references }) => references.items).toSorted();

const sortedTold = (told: Told): Told =>
  new Map([...told].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([reference, list]) => [reference, list.toSorted()]));

describe('the lives of a host', () => {
  it('are told truly: every change once, none that is not there, in at most one notice a pass', () => {
    const heard = { new: 0, resolved: 0, raised: 0 };
    for (let seed = 1; seed <= LIVES; seed += 1) {
      const life = new Life(seed);
      try {
        life.live();
      } catch (error) {
        throw new Error(`the life with seed ${seed} is told wrongly: ${String(error)}`, { cause: error });
      }
      heard.new += life.heard.new;
      heard.resolved += life.heard.resolved;
      heard.raised += life.heard.raised;
    }
    expect(Math.min(heard.new, heard.resolved, heard.raised)).toBeGreaterThan(LIVES);
  }, 120_000);
});
