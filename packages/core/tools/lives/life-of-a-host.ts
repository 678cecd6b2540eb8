import assert from 'node:assert/strict';

import type { Baseline } from '../../src/baseline/baseline.ts';
import { acceptFindings, importRules } from '../../src/baseline/accept-findings.ts';
import { RecordOfBaselines } from '../../src/baseline/record-of-baselines.ts';
import type { AcceptanceRule } from '../../src/baseline/rules.ts';
import type { BaselineReport } from '../../src/documents/host-scan-document.ts';
import { ScannerError } from '../../src/errors.ts';
import { HostPass, type HostPassOutcome } from '../../src/host/host-pass.ts';
import { parseImagePattern } from '../../src/host/image-pattern.ts';
import { coversReference } from '../../src/host/select-images.ts';
import { Telling } from '../../src/host/telling.ts';
import type { Finding } from '../../src/model/finding.ts';
import { SEVERITIES, type Severity } from '../../src/model/severity.ts';
import { Notice, NOTICE_CAPS, type NoticeGroup } from '../../src/notice/notice.ts';
import type { ScanRequest } from '../../src/ports/image-scanner.ts';
import { aCompleteScan } from '../../src/testing/builders.ts';
import {
  failedWith,
  imagesOnHost,
  InMemoryResultStore,
  RecordingPassLog,
  ScriptedScanner,
} from '../../src/testing/fakes.ts';
import { InMemoryBaselineStore } from '../../src/testing/in-memory-baseline-store.ts';
import { InMemoryTellingStore } from '../../src/testing/in-memory-telling-store.ts';
import { SeededRandom } from '../../src/testing/seeded-random.ts';
import { HostLife, type LifeImage, type TrueFinding } from './host-life.ts';
import {
  type Due,
  HostOracle,
  lists,
  type Looked,
  type LookSettings,
  type Shown,
  type WantedAcceptance,
} from './host-oracle.ts';
import type { Sighting } from './oracle-acceptances.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-01-01T00:00:00Z');
const QUIET_PASSES = 4;
const UNCUT = { ...NOTICE_CAPS, groups: 1e6, findings: 1e6, references: 1e6, failures: 1e6 };
const FILTERS: readonly (readonly Severity[])[] = [['HIGH', 'CRITICAL'], ['CRITICAL'], ['MEDIUM', 'HIGH', 'CRITICAL']];
const UNFIXED = [
  'unknown',
  'not_affected',
  'affected',
  'under_investigation',
  'will_not_fix',
  'fix_deferred',
  'end_of_life',
];
const STATUS_FILTERS: readonly { readonly args: readonly string[]; readonly ignored: readonly string[] }[] = [
  { args: [], ignored: [] },
  { args: ['--ignore-unfixed'], ignored: UNFIXED },
  { args: ['--ignore-status=will_not_fix,end_of_life'], ignored: ['will_not_fix', 'end_of_life'] },
];
const OTHER_ARGUMENTS = ['--pkg-types=os'];

interface RuleKind {
  readonly name: string;
  readonly imported: boolean;
  readonly rule: (place: string) => Partial<AcceptanceRule>;
  readonly isAbout: (place: string) => (other: string) => boolean;
}

const nameOf = (place: string): string => place.split('|', 1)[0] ?? '';
const pathOf = (place: string): string => place.split('|')[1] ?? '';
/** What the package was called before it was renamed. */
const firstNameOf = (place: string): string => nameOf(place).split('-', 1)[0] ?? '';

const RULE_KINDS = [
  { name: 'every package', imported: false, rule: () => ({}), isAbout: () => () => true },
  {
    name: 'one package',
    imported: false,
    rule: (place) => ({ package: nameOf(place) }),
    isAbout: (place) => (other) => nameOf(other) === nameOf(place),
  },
  {
    name: 'packages by pattern',
    imported: true,
    rule: (place) => ({ purls: [`pkg:deb/debian/${firstNameOf(place)}*`] }),
    isAbout: (place) => (other) => nameOf(other).startsWith(firstNameOf(place)),
  },
  {
    name: 'files by pattern',
    imported: true,
    rule: (place) => ({ paths: [`**/${firstNameOf(place)}*.jar`] }),
    isAbout: (place) => (other) => pathOf(other).startsWith(`opt/${firstNameOf(place)}`),
  },
] as const satisfies readonly RuleKind[];

export const CHANGES = ['new', 'resolved', 'raised'] as const;
export type Change = (typeof CHANGES)[number];

/** What was told against what was due. */
export interface Told {
  true: number;
  false: number;
  missed: number;
}

export interface LifeResult {
  readonly told: Readonly<Record<Change, Told>>;
  readonly passes: number;
  readonly notices: number;
  /** Told as new where the contract leaves that open: neither right nor wrong. */
  readonly open: number;
  /** What was told wrongly, or went wrong otherwise: one sentence each. */
  readonly faults: readonly string[];
}

interface Settings {
  readonly severities: readonly Severity[];
  readonly status: (typeof STATUS_FILTERS)[number];
  readonly args: readonly string[];
  readonly only: readonly string[];
  readonly channel: boolean;
}

interface Fate {
  readonly accept: boolean;
  readonly stale: boolean;
  readonly trouble: boolean;
  readonly interrupted: boolean;
  readonly quiet: boolean;
}

/** Lives one life of a host through whole passes of the program, and holds every notice against the oracle. */
export const liveOnce = async (seed: number, observe: (line: string) => void = () => {}): Promise<LifeResult> =>
  new LifeOfAHost(seed, observe).live();

class LifeOfAHost {
  readonly #seed: number;
  readonly #observe: (line: string) => void;
  readonly #random: SeededRandom;
  readonly #host: HostLife;
  readonly #oracle = new HostOracle();
  readonly #store = new InMemoryTellingStore();
  readonly #baselines = new InMemoryBaselineStore();
  readonly #results = new InMemoryResultStore();
  readonly #damaged = new Map<string, Baseline>();
  readonly #scans = new Map<string, ReadonlyMap<string, TrueFinding>>();
  readonly #flaked = new Set<string>();
  readonly #settled = new Map<string, string>();
  readonly #told: Record<Change, Told> = { new: nothing(), resolved: nothing(), raised: nothing() };
  readonly #faults: string[] = [];
  #settings: Settings = {
    severities: ['HIGH', 'CRITICAL'],
    status: { args: [], ignored: [] },
    args: [],
    only: [],
    channel: true,
  };
  #at = START;
  #passes = 0;
  #open = 0;
  #notices = 0;
  #trouble = { passes: 0, told: false };
  /** Since the last pass that came to its end: what is known may be less than it was then. */
  #mayHaveActed = false;
  /**
   * Names change in one half of the lives, arguments of scans in the other: what arguments hide and what then comes under
   * another name is nothing that anybody could tell from another finding.
   */
  readonly #renames: boolean;

  constructor(seed: number, observe: (line: string) => void) {
    this.#seed = seed;
    this.#observe = observe;
    this.#renames = seed % 2 === 0;
    this.#random = new SeededRandom(seed);
    this.#host = new HostLife(this.#random);
  }

  async live(): Promise<LifeResult> {
    const passes = 12 + this.#random.below(14);
    for (let pass = 0; pass < passes; pass += 1) {
      this.#happen();
      await this.#somebodyActs();
      if (this.#random.chance(0.2)) await this.#lookByHand();
      this.#at += this.#random.chance(0.02) ? 33 * DAY : DAY;
      await this.#pass(this.#settings, this.#fate());
    }
    await this.#comeToRest();
    return { told: this.#told, passes: this.#passes, notices: this.#notices, open: this.#open, faults: this.#faults };
  }

  #happen(): void {
    const random = this.#random;
    const host = this.#host;
    const reference = random.pick([...host.tags.keys()]) ?? 'api:1';
    const image = random.pick([...host.tags.values()]);
    if (random.chance(0.4)) host.publish();
    if (random.chance(0.25)) host.withdraw();
    if (random.chance(0.25)) host.restore();
    if (random.chance(0.25)) host.rate();
    if (random.chance(0.25)) host.changeStatus();
    if (this.#renames && random.chance(0.2)) host.renameAdvisory();
    if (random.chance(0.15)) host.rebuildSame(reference);
    if (this.#renames && random.chance(0.15)) host.renamePackage(reference);
    if (random.chance(0.1)) host.rebuildWithOthers(reference);
    if (random.chance(0.2)) host.recreate(reference);
    if (random.chance(0.15)) host.nextBuild();
    if (random.chance(0.08) && image !== undefined) host.nameAgain(`more:${host.generation}`, image);
    if (random.chance(0.05)) host.untag(reference);
    if (random.chance(0.02)) host.moveStore();
    if (random.chance(0.02) && image !== undefined) host.endSupport(image);
    if (random.chance(0.15)) host.javaDatabase = !host.javaDatabase;
    if (random.chance(0.08))
      this.#settings = { ...this.#settings, severities: random.pick(FILTERS) ?? this.#settings.severities };
    if (random.chance(0.06))
      this.#settings = { ...this.#settings, status: random.pick(STATUS_FILTERS) ?? this.#settings.status };
    if (!this.#renames && random.chance(0.06))
      this.#settings = { ...this.#settings, args: this.#settings.args.length === 0 ? OTHER_ARGUMENTS : [] };
    if (random.chance(0.05)) this.#settings = { ...this.#settings, channel: !this.#settings.channel };
  }

  async #somebodyActs(): Promise<void> {
    const random = this.#random;
    this.#mayHaveActed ||= random.chance(0.7);
    if (!this.#mayHaveActed) return;
    if (random.chance(0.08)) await this.#saveLastScan();
    if (random.chance(0.15)) await this.#editLine();
    if (random.chance(0.15)) await this.#acceptSingle();
    if (random.chance(0.06)) await this.#removeRule();
    if (random.chance(0.03)) this.#damageRules();
    if (random.chance(0.04)) await this.#removeBaseline();
    if (random.chance(0.06)) await this.#damageBaseline();
    if (random.chance(0.3)) await this.#repairBaselines();
  }

  async #lookByHand(): Promise<void> {
    const random = this.#random;
    const reference = random.pick([...this.#host.tags.keys()]) ?? 'api:1';
    const settings: Settings = {
      severities: random.pick(FILTERS) ?? ['CRITICAL'],
      status: random.chance(0.5) ? this.#settings.status : (random.pick(STATUS_FILTERS) ?? this.#settings.status),
      args: !this.#renames && random.chance(0.2) ? OTHER_ARGUMENTS : this.#settings.args,
      only: random.chance(0.5) ? [random.chance(0.5) ? reference : `${reference.split(':', 1)[0]}`] : [],
      channel: random.chance(0.6),
    };
    this.#at += DAY / 3;
    await this.#pass(settings, { accept: false, stale: false, trouble: false, interrupted: false, quiet: false });
  }

  #fate(): Fate {
    const random = this.#random;
    return {
      accept: random.chance(0.08),
      stale: random.chance(0.06),
      trouble: random.chance(0.05),
      interrupted: random.chance(0.05),
      quiet: false,
    };
  }

  async #comeToRest(): Promise<void> {
    await this.#repairBaselines();
    this.#host.javaDatabase = true;
    // So that nothing stays what a scan that slipped left in the store.
    this.#host.generation += 1;
    const settings: Settings = {
      severities: SEVERITIES,
      status: { args: [], ignored: [] },
      args: [],
      only: [],
      channel: true,
    };
    const quiet = { accept: false, stale: false, trouble: false, interrupted: false, quiet: true };
    for (let pass = 0; pass < QUIET_PASSES; pass += 1) {
      this.#at += DAY;
      await this.#pass(settings, quiet);
    }
    for (const { image, host } of this.#host.listed()) {
      if (image.ended) continue;
      const truth = new Set(this.#host.truthOfImage(image).map((found) => found.truth));
      for (const reference of host.references)
        for (const one of truth.difference(this.#oracle.believed(reference)))
          this.#fault(`${reference}: ${one} is true and nobody knows it`);
    }
  }

  // ------------------------------------------------------------------ what somebody does between passes

  async #saveLastScan(): Promise<void> {
    const reference = this.#random.pick([...this.#host.tags.keys()]) ?? 'api:1';
    const ends = this.#random.chance(0.4) ? this.#end() : null;
    // Some time after the pass whose scan it is.
    const at = this.#at + HOUR;
    const record = new RecordOfBaselines({
      baselines: this.#baselines,
      results: this.#results,
      clock: { now: () => new Date(at), elapsed: () => at },
    });
    const asked = await record.save(reference, {
      severities: this.#settings.severities,
      extraArgs: [...this.#settings.args, ...this.#settings.status.args],
      reason: null,
      expires: ends === null ? null : new Date(ends).toISOString(),
    });
    const possible = this.#oracle.saveRecord(reference, at, lookSettings(this.#settings), ends);
    this.#observe(`  somebody accepts the last scan of ${reference} until ${ends}: ${asked.status}`);
    if (possible !== (asked.status === 'done'))
      this.#fault(
        `${reference}: saving its baseline is ${possible ? 'possible' : 'not possible'}, and was ${asked.status}`,
      );
  }

  /** Accepts one vulnerability that is on record: as lines of its reference, or as a rule of one of several kinds. */
  async #acceptSingle(): Promise<void> {
    const random = this.#random;
    const reference = random.pick([...this.#host.tags.keys()]) ?? 'api:1';
    const [truth, sighting] = random.pick([...this.#oracle.recorded(reference)]) ?? [];
    if (truth === undefined || sighting === undefined) return;
    const asLines = random.chance(0.4);
    const kind = random.pick(RULE_KINDS) ?? RULE_KINDS[0];
    const id = random.pick(sighting.ids) ?? '';
    const number = `${Number.parseInt(truth, 10)}`;
    const scope = `${number} ${id} ${kind.name} ${kind.name === 'every package' ? '' : sighting.place}`;
    // Which of two rules about one finding counts is nothing that a life is about.
    const isOther = this.#oracle.rules().some((other) => other.split(' ', 1)[0] === number && other !== scope);
    if (!asLines && isOther) return;
    const ends = random.chance(0.4) ? this.#end() : null;
    const byCommand = asLines || !kind.imported;
    const untilFix = byCommand && ends === null && random.chance(0.4);
    const at = this.#at + 2 * HOUR;
    const wanted = {
      id,
      reference: asLines ? reference : null,
      isAbout: asLines ? () => true : kind.isAbout(sighting.place),
      scope,
      ends,
      untilFix,
      at,
      anySeverity: !byCommand,
    };
    const possible = this.#oracle.accept(wanted);
    const error = await this.#acceptAsAsked(wanted, asLines ? null : kind.rule(sighting.place), byCommand);
    this.#observe(
      `  somebody accepts ${id} (${truth}) ${asLines ? `in ${reference}` : `in ${kind.name} like ${sighting.place}`}, until ${untilFix ? 'there is a fix' : ends === null ? 'nothing' : new Date(ends).toISOString()}${error === null ? '' : `: refused, ${error}`}`,
    );
    if (possible !== (error === null))
      this.#fault(`accepting ${id} is ${possible ? 'possible' : 'not possible'}: ${error}`);
  }

  /** What the program says against it; null where it is done. */
  async #acceptAsAsked(
    { id, reference, ends, untilFix, at }: WantedAcceptance,
    scope: Partial<AcceptanceRule> | null,
    byCommand: boolean,
  ): Promise<string | null> {
    const expires = ends === null ? null : new Date(ends).toISOString();
    const parts = {
      baselines: this.#baselines,
      results: this.#results,
      clock: { now: () => new Date(at), elapsed: () => at },
    };
    try {
      if (byCommand)
        await acceptFindings(parts, {
          vulnerabilities: [id],
          keyHashes: [],
          reference,
          package: scope?.package ?? null,
          reason: 'not reachable',
          owner: null,
          expires,
          untilFix,
        });
      else {
        const rule = { ...scope, vulnerability: id, expires, until_fix: untilFix ? true : null };
        await importRules(parts, [{ line: 1, rule }], null);
      }
      return null;
    } catch (error) {
      if (ScannerError.is(error)) return error.message;
      throw error;
    }
  }

  async #removeRule(): Promise<void> {
    const scope = this.#random.pick(this.#oracle.rules());
    const stored = await this.#baselines.readRules();
    if (scope === undefined || stored.status !== 'read') return;
    const [, id] = scope.split(' ');
    this.#observe(`  somebody removes the rule about ${scope}`);
    this.#oracle.removeRule(scope);
    const rules = stored.rules.rules.filter(({ vulnerability }) => vulnerability !== id);
    await this.#baselines.saveRules({ ...stored.rules, rules });
  }

  #damageRules(): void {
    if (!this.#oracle.areRulesReadable()) return;
    this.#observe('  the rules are damaged');
    this.#baselines.damageRules('is not JSON');
    this.#oracle.setRulesReadable(false);
  }

  /** Between passes, so that many an end is seen by no pass. */
  #end(): number {
    return this.#at + Math.floor((0.25 + this.#random.next() * 4) * DAY);
  }

  async #editLine(): Promise<void> {
    const reference = this.#random.pick(this.#oracle.files());
    if (reference === undefined || !this.#oracle.isReadable(reference)) return;
    const truth = this.#random.pick(this.#oracle.openLines(reference));
    const stored = await this.#baselines.read(reference);
    if (truth === undefined || stored?.status !== 'read') return;
    const line = stored.baseline.findings.find(({ key }) => this.#host.truthOf.get(key) === truth);
    if (line === undefined) return;
    const kind = this.#random.below(4);
    const ends = this.#end();
    this.#observe(
      `  somebody edits ${truth} in the baseline of ${reference}: ${['removed', 'until there is a fix'][kind] ?? new Date(ends).toISOString()}`,
    );
    const others = stored.baseline.findings.filter(({ key }) => this.#host.truthOf.get(key) !== truth);
    const edited =
      kind === 0
        ? []
        : kind === 1
          ? [{ ...line, until_fix: true, ticket: 'SEC-1' }]
          : [{ ...line, expires: new Date(ends).toISOString(), reason: 'for now' }];
    this.#oracle.editLine(reference, truth, kind === 0 ? null : kind === 1 ? { untilFix: true } : { ends });
    await this.#baselines.save(reference, { ...stored.baseline, note: 'edited', findings: [...others, ...edited] });
  }

  async #removeBaseline(): Promise<void> {
    const reference = this.#random.pick(this.#oracle.files());
    if (reference === undefined || !this.#oracle.isReadable(reference)) return;
    this.#observe(`  somebody removes the baseline of ${reference}`);
    await this.#baselines.remove(reference);
    this.#oracle.removeFile(reference);
  }

  async #damageBaseline(): Promise<void> {
    const reference = this.#random.pick(this.#oracle.files());
    const stored = reference === undefined ? undefined : await this.#baselines.read(reference);
    if (reference === undefined || stored?.status !== 'read') return;
    this.#observe(`  the baseline of ${reference} is damaged`);
    this.#damaged.set(reference, stored.baseline);
    this.#baselines.damage(reference, 'is cut off: its end is missing');
    this.#oracle.setReadable(reference, false);
  }

  async #repairBaselines(): Promise<void> {
    this.#baselines.repairRules();
    this.#oracle.setRulesReadable(true);
    for (const [reference, baseline] of this.#damaged) {
      this.#observe(`  the baseline of ${reference} is repaired`);
      await this.#baselines.save(reference, baseline, { unreadable: 'set_aside' });
      this.#oracle.setReadable(reference, true);
    }
    this.#damaged.clear();
  }

  // ------------------------------------------------------------------ one pass

  async #pass(settings: Settings, fate: Fate): Promise<void> {
    this.#passes += 1;
    const only = settings.only.flatMap((text) => {
      const parsed = parseImagePattern(text);
      return parsed.ok ? [parsed.pattern] : [];
    });
    const selection = { only, ignore: [], untagged: false };
    const controller = new AbortController();
    const scanner = this.#scanner(settings, fate, controller);
    const notices: Notice[] = [];
    const telling = new Telling(
      {
        store: this.#store,
        baselines: this.#baselines,
        freeze: (notice) => {
          notices.push(Notice.parse(JSON.parse(JSON.stringify(notice))));
          return null;
        },
      },
      { repeat: 'never', failuresAfter: 3, accept: fate.accept, tellsNobody: !settings.channel, caps: UNCUT },
    );
    const listed = this.#host.listed();
    const log = new RecordingPassLog();
    const pass = new HostPass({
      images: fate.trouble
        ? { list: () => Promise.reject(new ScannerError('no engine', { code: 'engine_unreachable' })) }
        : imagesOnHost(listed.map(({ host }) => host)),
      openScanner: () => Promise.resolve(scanner.program),
      results: this.#results,
      log,
      clock: { now: () => new Date(this.#at), elapsed: () => this.#at },
      telling,
    });
    const unreadable = this.#oracle.unreadableFiles();
    const outcome = await pass
      .run({
        selection,
        severities: settings.severities,
        extraArgs: [...settings.args, ...settings.status.args].toSorted(),
        concurrency: 1,
        timeoutSeconds: 60,
        signal: controller.signal,
      })
      .catch((error: unknown) => {
        if (!fate.trouble) throw error;
        return null;
      });
    this.#notices += notices.length;
    if (notices.length > 1) this.#fault('there was more than one notice');
    if (outcome === null) {
      this.#expectTrouble(notices[0], settings.channel);
      return;
    }
    const looked = this.#looked(outcome, listed, scanner.seen, settings, fate);
    this.#tellObserver(settings, fate, outcome, { log, looked });
    if (outcome.interrupted) {
      if (notices.length > 0) this.#fault('a pass that was stopped told something');
      return;
    }
    const said = outcome.problems.filter((problem) => problem.startsWith('a baseline cannot be used')).length;
    if (said !== unreadable) this.#fault(`${unreadable} baselines cannot be read, and ${said} were named`);
    this.#mayHaveActed = false;
    const due = this.#oracle.conclude({
      at: this.#at,
      settings: lookSettings(settings),
      looked,
      onHost: new Set(listed.flatMap(({ host }) => host.references)),
      covers: (reference) => coversReference(selection, reference),
      channel: settings.channel,
      accept: fate.accept,
    });
    this.#hold(notices[0], due, settings.channel);
  }

  #scanner(settings: Settings, fate: Fate, controller: AbortController) {
    const seen = new Map<string, ReadonlyMap<string, TrueFinding>>();
    const byId = new Map(this.#host.listed().map((entry) => [entry.host.id, entry] as const));
    const stopAt = fate.interrupted ? this.#random.below(3) : -1;
    let scans = 0;
    const scan = (request: ScanRequest) => {
      const entry = byId.get(request.subject.source === 'docker' ? request.subject.id : '');
      assert.ok(entry !== undefined);
      assert.deepEqual(request.extraArgs, settings.args, 'a scan is made with what it depends on and nothing else');
      if (scans === stopAt) controller.abort();
      scans += 1;
      if (!fate.quiet && this.#random.chance(0.08)) return failedWith('timeout');
      const { shown, partial } = this.#look(entry.image, entry.host.references, settings, fate);
      seen.set(entry.image.content, shown);
      const findings = this.#disordered([...shown.values()].map(({ finding }) => finding));
      return aCompleteScan({ coverage: partial ? 'partial' : entry.image.ended ? 'eol' : 'full', findings });
    };
    const program = new CheckingScanner(scan, {
      databaseGeneration: `${this.#host.generation}${fate.stale ? ' stale' : ''}`,
      databaseStale: fate.stale,
    });
    return { program, seen };
  }

  /** What a scan shows of the truth: not all of it without support, a database or the right arguments; now and then it slips. */
  #look(
    image: LifeImage,
    references: readonly string[],
    { args }: Settings,
    { stale, quiet }: Fate,
  ): { readonly shown: ReadonlyMap<string, TrueFinding>; readonly partial: boolean } {
    const all = this.#host.truthOfImage(image).filter(({ finding }) => args.length === 0 || finding.path === null);
    const hasJars = args.length === 0 && [...image.names.keys()].some((uid) => this.#host.isInJar(`0/${uid}`));
    const partial = hasJars && !this.#host.javaDatabase;
    const visible = all
      .filter(({ finding }) => !partial || finding.path === null)
      .filter(({ truth }) => !image.ended || Number.parseInt(truth, 10) % 2 === 0)
      .filter(({ truth }) => !stale || Number.parseInt(truth, 10) % 3 > 0);
    const lost = quiet || partial || stale || image.ended ? null : this.#slip(image, references, visible);
    return {
      shown: new Map(visible.filter(({ truth }) => truth !== lost).map((found) => [found.truth, found])),
      partial,
    };
  }

  /**
   * One finding that a scan loses, and the next scan finds again; never in the first look at an image. Where the same
   * vulnerability is in another package and not known there, the contract takes it for one that moved.
   */
  #slip(image: LifeImage, references: readonly string[], visible: readonly TrueFinding[]): string | null {
    const isSettled = references.every((reference) => this.#settled.get(reference) === image.content);
    if (!isSettled || this.#mayHaveActed || !this.#random.chance(0.2)) return null;
    const isKnown = ({ truth }: TrueFinding): boolean =>
      references.every((reference) => this.#oracle.believed(reference).has(truth));
    const strange = new Set(visible.filter((found) => !isKnown(found)).map(({ truth }) => Number.parseInt(truth, 10)));
    const lost = this.#random.pick(
      visible.filter(({ truth }) => !this.#flaked.has(truth) && !strange.has(Number.parseInt(truth, 10))),
    );
    if (lost === undefined) return null;
    this.#flaked.add(lost.truth);
    return lost.truth;
  }

  #disordered<Item>(items: readonly Item[]): Item[] {
    const some = this.#random.pick(items);
    const turned = this.#random.chance(0.5) ? items.toReversed() : [...items];
    return some === undefined ? turned : [...turned, some];
  }

  /** What the pass looked at, by what it says itself of scanned and reused images, with what each scan showed. */
  #looked(
    { document }: HostPassOutcome,
    listed: ReturnType<HostLife['listed']>,
    seen: ReadonlyMap<string, ReadonlyMap<string, TrueFinding>>,
    settings: Settings,
    { stale }: Fate,
  ): Looked[] {
    return document.images.flatMap((report): Looked[] => {
      const entry = listed.find(({ host }) => host.id === report.id);
      if (entry === undefined || report.status === 'skipped') return [];
      const { image, host } = entry;
      const subject = {
        references: report.references,
        containers: (host.containers ?? []).map(({ name }) => name),
        content: image.content,
        id: image.id,
      };
      if (report.status === 'failed') return [{ ...subject, shown: null }];
      const key = `${image.content} ${settings.args.join(' ')} ${this.#host.generation} ${stale}`;
      const fresh = seen.get(image.content);
      const found = fresh ?? this.#scans.get(key);
      assert.ok(found !== undefined, 'a result that is reused was stored before');
      const coverage = report.coverage === 'partial' ? 'partial' : report.coverage === 'eol' ? 'eol' : 'full';
      if (coverage !== 'partial') this.#scans.set(key, found);
      const shown: Shown = {
        content: image.content,
        id: image.id,
        coverage,
        stale,
        matched: fresh !== undefined,
        seen: new Map([...found].map(([truth, { finding }]) => [truth, sightingOf(finding)])),
      };
      for (const reference of report.references) {
        this.#oracle.record(reference, shown, lookSettings(settings));
        if (coverage === 'full' && !stale) this.#settled.set(reference, image.content);
      }
      return [{ ...subject, shown }];
    });
  }

  #tellObserver(
    settings: Settings,
    fate: Fate,
    { document }: HostPassOutcome,
    { log, looked }: { readonly log: RecordingPassLog; readonly looked: readonly Looked[] },
  ): void {
    this.#observe(`pass ${this.#passes} at ${new Date(this.#at).toISOString()}: ${JSON.stringify({ settings, fate })}`);
    const shownOf = new Map(looked.map(({ id, shown }) => [id, shown]));
    for (const { references, status, coverage, reused, id, baselines } of document.images) {
      const shown = shownOf.get(id ?? '') ?? null;
      this.#observe(`  ${references.join(', ')} (${shown?.content ?? id}): ${status} ${coverage} ${reused}`);
      if (shown !== null) this.#observe(`    ${[...shown.seen].map(describeSeen(lookSettings(settings))).join(', ')}`);
      for (const { reference, changes } of baselines) this.#tellChanges(reference, changes);
    }
    for (const line of log.summaries.flatMap(({ notes }) => notes)) this.#observe(`  note: ${line}`);
  }

  #tellChanges(reference: string, changes: BaselineReport['changes']): void {
    for (const [change, keys] of Object.entries(changes))
      for (const key of keys) this.#observe(`  ${reference}: ${this.#host.truthOf.get(key)} ${change}`);
  }

  #expectTrouble(notice: Notice | undefined, channel: boolean): void {
    this.#trouble.passes += 1;
    const tell = channel && this.#trouble.passes >= 3 && !this.#trouble.told;
    this.#trouble.told ||= tell;
    if ((notice !== undefined) !== tell) this.#fault(`that nothing can be scanned is ${tell ? 'not ' : ''}told`);
  }

  /** Holds a notice against what is due. */
  #hold(notice: Notice | undefined, due: Due, channel: boolean): void {
    if (!channel) {
      if (!this.#trouble.told) this.#trouble.passes = 0;
      if (notice !== undefined) this.#fault('there was a notice and nobody to tell');
      return;
    }
    const recovered = this.#trouble.told;
    this.#trouble = { passes: 0, told: false };
    for (const change of CHANGES)
      this.#count(change, toldIn(notice, LISTS[change], this.#host.truthOf), due[change], due.open);
    this.#same('first seen', namedIn(notice?.firstSeen.items), due.firstSeen);
    this.#same('failing', namedIn(notice?.failures.items), due.failing);
    this.#same('recovered', new Set(notice?.recoveries.items), due.recovered);
    const worth =
      recovered ||
      CHANGES.some((change) => due[change].size > 0) ||
      due.firstSeen.size + due.failing.size + due.recovered.size > 0;
    // What is open may be all that there is.
    if ((notice !== undefined) !== worth && (worth || due.open.size === 0))
      this.#fault(`a notice was ${worth ? 'due' : 'not due'}`);
  }

  #count(
    change: Change,
    told: ReadonlyMap<string, ReadonlySet<string>>,
    due: ReadonlyMap<string, ReadonlySet<string>>,
    open: ReadonlyMap<string, ReadonlySet<string>>,
  ): void {
    const count = this.#told[change];
    for (const [reference, truths] of told)
      for (const truth of truths) {
        if (due.get(reference)?.has(truth) === true) count.true += 1;
        else if (open.get(reference)?.has(truth) === true) {
          this.#open += 1;
          this.#oracle.wasTold(reference, truth);
        } else {
          count.false += 1;
          this.#fault(`${reference}: ${truth} was told as ${change} and is not`);
        }
      }
    for (const [reference, truths] of due)
      for (const truth of truths)
        if (told.get(reference)?.has(truth) !== true) {
          count.missed += 1;
          this.#fault(`${reference}: ${truth} is ${change} and was not told`);
        }
  }

  #same(what: string, told: ReadonlySet<string>, due: ReadonlySet<string>): void {
    for (const reference of told) if (!due.has(reference)) this.#fault(`${reference} was told as ${what} and is not`);
    for (const reference of due) if (!told.has(reference)) this.#fault(`${reference} is ${what} and was not told`);
  }

  #fault(sentence: string): void {
    this.#observe(`  FAULT: ${sentence}`);
    this.#faults.push(`seed ${this.#seed}, pass ${this.#passes}: ${sentence}`);
  }
}

const LISTS = { new: 'new', resolved: 'resolved', raised: 'severityRaised' } as const;

const nothing = (): Told => ({ true: 0, false: 0, missed: 0 });

const lookSettings = ({ severities, status, args }: Settings): LookSettings => ({
  severities,
  ignoredStatuses: status.ignored,
  args: args.join(' '),
});

/** What a filter leaves out stands in brackets. */
const describeSeen =
  (settings: LookSettings) =>
  ([truth, { form }]: readonly [string, Sighting]): string => {
    const said = `${truth} ${form.severity} ${form.status}`;
    return lists(settings, form) ? said : `(${said})`;
  };

const sightingOf = ({ vulnerability, aliases = [], package: name, path, ...finding }: Finding): Sighting => ({
  form: {
    severity: finding.severity,
    status: finding.status ?? '',
    fixed: finding.fixed !== null,
    inFile: path !== null,
  },
  place: `${name}|${path ?? ''}`,
  ids: [vulnerability, ...aliases],
});

const toldIn = (
  notice: Notice | undefined,
  list: (typeof LISTS)[Change],
  truthOf: ReadonlyMap<string, string>,
): Map<string, Set<string>> => {
  const told = new Map<string, Set<string>>();
  const add = (group: NoticeGroup): void => {
    const truths = group[list].items.map(({ key }) => truthOf.get(key) ?? key);
    for (const reference of group.references.items)
      if (truths.length > 0) told.set(reference, new Set([...(told.get(reference) ?? []), ...truths]));
  };
  for (const group of notice?.changes.items ?? []) add(group);
  return told;
};

const namedIn = (
  groups: readonly { readonly references: { readonly items: readonly string[] } }[] = [],
): ReadonlySet<string> => new Set(groups.flatMap(({ references }) => references.items));

/** Every image of the host holds the layers that it states. */
class CheckingScanner extends ScriptedScanner {
  isChecked(): Promise<boolean> {
    return Promise.resolve(true);
  }
}
