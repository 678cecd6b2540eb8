import { compareSeverity, type Severity } from '../../src/model/severity.ts';
import {
  type Acceptance,
  type Form,
  hasEnded,
  holds,
  type Line,
  OracleRules,
  type Sighting,
  type Verdict,
  verdictOf,
} from './oracle-acceptances.ts';

/** What one look at an image was made with. */
export interface LookSettings {
  readonly severities: readonly Severity[];
  readonly ignoredStatuses: readonly string[];
  /** Names what the scan itself was made with. */
  readonly args: string;
}

/** A scan that ended well: everything it shows, by what it is of. */
export interface Shown {
  readonly content: string;
  readonly id: string;
  readonly coverage: 'full' | 'partial' | 'eol';
  readonly stale: boolean;
  /** Not taken from a stored result. */
  readonly matched: boolean;
  readonly seen: ReadonlyMap<string, Sighting>;
}

/** One image that a pass was about. */
export interface Looked {
  readonly references: readonly string[];
  readonly containers: readonly string[];
  readonly content: string;
  readonly id: string;
  readonly shown: Shown | null;
}

export interface OraclePass {
  readonly at: number;
  readonly settings: LookSettings;
  readonly looked: readonly Looked[];
  readonly onHost: ReadonlySet<string>;
  readonly covers: (reference: string) => boolean;
  readonly channel: boolean;
  readonly accept: boolean;
}

/** What has to stand in the notice of a pass, by reference and by what findings are of. */
export interface Due {
  readonly new: Map<string, Set<string>>;
  readonly resolved: Map<string, Set<string>>;
  readonly raised: Map<string, Set<string>>;
  /** New or not, as one likes: the contract leaves it open. */
  readonly open: Map<string, Set<string>>;
  readonly firstSeen: Set<string>;
  readonly failing: Set<string>;
  readonly recovered: Set<string>;
}

interface KnownTruth {
  severity: Severity;
  status: string;
  /** Of a baseline that accepts a scan whole. */
  acceptance: Line | null;
  /** The acceptance that ended, and was told. */
  ended: Line | null;
  /** Accepted by itself. */
  single: Acceptance | null;
  /** Whether people heard of it, be it that it was accepted before. */
  heard: boolean;
  /** When it was last told or accepted. */
  since: number;
  shownWith: string;
}

interface Look {
  readonly at: number;
  readonly settings: LookSettings;
  readonly scan: 'whole' | 'partial' | 'doubtful';
  readonly seen: ReadonlyMap<string, Sighting>;
  /** What was known after it, found or not: one look that misses it says nothing yet. */
  readonly known: Set<string>;
}

interface Belief {
  known: Map<string, KnownTruth>;
  gone: Map<string, Line>;
  /** Gone too, after their acceptance had ended. */
  over: Map<string, Line>;
  /** Somebody took their lines out of the baseline: news when they are found. */
  struck: Set<string>;
  /**
   * Was known, and somebody saved a baseline from a scan that did not list it. It is neither known nor accepted by that,
   * and yet only a setting hid it: when it is listed again, the contract leaves open which of the two counts.
   */
  dropped: Set<string>;
  /** Listed again, and not told so far: whether it is told, or counts as known, is open until it is told or gone. */
  undecided: Set<string>;
  /** When it was found to be gone: what looks saw before says nothing of its return. */
  resolvedAt: Map<string, number>;
  looks: Look[];
  content: string;
  id: string;
  settled: string | null;
  coverage: Shown['coverage'] | null;
  missing: Map<string, boolean>;
  /** What people were told, which is less where there was no channel; null: not even that it is there. */
  told: Map<string, Severity> | null;
  accepted: boolean;
  /** The file that it was last held against, and whose it is. */
  file: { readonly of: string; readonly version: number; readonly saved: number } | null;
  /** The settings that its baseline was saved with, while it was never looked at. */
  begunWith: LookSettings | null;
}

interface File {
  lines: Map<string, Line>;
  /** Whether it accepts a scan whole; else its lines accept single findings. */
  readonly whole: boolean;
  readonly content: string;
  readonly id: string;
  readonly coverage: Shown['coverage'];
  readonly settings: LookSettings;
  /** Changes with every save from a scan. */
  saved: number;
  /** Changes with every change. */
  version: number;
  readable: boolean;
}

interface Presence {
  goneSince: number | null;
  leftAt: number | null;
  containers: Set<string>;
}

/** How things stood before a pass. */
interface Before {
  readonly before: ReadonlyMap<string, Belief>;
  readonly presence: ReadonlyMap<string, Presence>;
  readonly files: ReadonlyMap<string, File>;
}

interface Former {
  readonly reference: string;
  /** It had the very image. */
  readonly same: boolean;
}

/** What somebody accepts by itself. */
export interface WantedAcceptance {
  readonly id: string;
  /** As lines of it; null: as a rule. */
  readonly reference: string | null;
  readonly isAbout: (place: string) => boolean;
  readonly scope: string;
  readonly ends: number | null;
  readonly untilFix: boolean;
  readonly at: number;
  /** However severe it is; else as severe as it was found. */
  readonly anySeverity: boolean;
}

const KEPT = 30 * 86_400_000;
const FAILURES_AFTER = 3;

/**
 * Knows what people have to be told of a host, from the contract alone: it is given what is true, what each scan showed
 * and what somebody did, names findings by what they are of, and keeps every look at every reference for good.
 */
export class HostOracle {
  readonly #beliefs = new Map<string, Belief>();
  readonly #files = new Map<string, File>();
  readonly #presence = new Map<string, Presence>();
  readonly #failing = new Map<string, { passes: number; told: boolean }>();
  readonly #recovered = new Set<string>();
  readonly #records = new Map<string, Shown & { readonly settings: LookSettings }>();
  readonly #rules = new OracleRules();
  #count = 0;

  /** A scan is on record whatever becomes of its pass. */
  record(reference: string, shown: Shown, settings: LookSettings): void {
    this.#records.set(reference, { ...shown, settings });
  }

  /** What the last scan on record found of a reference; nothing where it could judge a part only, which is not kept. */
  recorded(reference: string): ReadonlyMap<string, Sighting> {
    const record = this.#records.get(reference);
    return record === undefined || record.coverage === 'partial' ? new Map() : record.seen;
  }

  files(): readonly string[] {
    return [...this.#files.keys()];
  }

  rules(): readonly string[] {
    return this.#rules.scopes();
  }

  removeRule(scope: string): void {
    this.#rules.remove(scope);
  }

  areRulesReadable(): boolean {
    return this.#rules.readable;
  }

  setRulesReadable(readable: boolean): void {
    this.#rules.readable = readable;
  }

  isReadable(reference: string): boolean {
    return this.#files.get(reference)?.readable ?? false;
  }

  unreadableFiles(): number {
    const files = [...this.#files.values()].filter(({ readable }) => !readable).length;
    return files + (this.#rules.readable ? 0 : 1);
  }

  setReadable(reference: string, readable: boolean): void {
    const file = this.#files.get(reference);
    if (file !== undefined) file.readable = readable;
  }

  removeFile(reference: string): void {
    this.#files.delete(reference);
  }

  /** What somebody may write into the file of a reference: lines that are accepted still, as far as anybody knows. */
  openLines(reference: string): readonly string[] {
    const file = this.#files.get(reference);
    if (file?.whole === false) return [...file.lines.keys()];
    const belief = this.#beliefs.get(reference);
    if (file === undefined || belief?.file?.version !== file.version || belief.file.of !== reference) return [];
    return [...file.lines.keys()].filter((truth) => (belief.known.get(truth)?.acceptance ?? null) !== null);
  }

  editLine(reference: string, truth: string, change: { ends?: number; untilFix?: boolean } | null): void {
    const file = this.#files.get(reference);
    const line = file?.lines.get(truth);
    if (file === undefined || line === undefined) return;
    if (change === null) file.lines.delete(truth);
    else file.lines.set(truth, { ...line, ...change });
    file.version = this.#next();
  }

  /** Somebody accepts the last scan on record; whether that is possible, and then what is accepted. */
  saveRecord(reference: string, at: number, settings: LookSettings, ends: number | null): boolean {
    const record = this.#records.get(reference);
    if (record === undefined || record.coverage === 'partial' || record.stale) return false;
    const before = this.#files.get(reference);
    if (before?.readable === false || !this.#rules.readable) return false;
    const said = { ...settings, args: record.settings.args };
    const lines = new Map<string, Line>();
    for (const [truth, sighting] of record.seen) {
      if (!lists(said, sighting.form)) continue;
      const line = before?.lines.get(truth);
      const isHeld = line !== undefined && !hasEnded(line, sighting.form, at);
      const kept = isHeld ? line : this.#ruleThatHolds(sighting, at);
      lines.set(truth, {
        ...this.#line(sighting, at),
        ends: ends ?? kept?.ends ?? null,
        untilFix: kept?.untilFix ?? false,
      });
    }
    this.#files.set(reference, this.#file(record, said, lines));
    return true;
  }

  #ruleThatHolds(sighting: Sighting, at: number): Acceptance | undefined {
    return this.#rules.about(sighting).find((rule) => holds(rule, sighting.form, at));
  }

  /** Somebody accepts single findings: as lines of a reference, or as a rule; whether that is possible. */
  accept(wanted: WantedAcceptance): boolean {
    const { id, reference, isAbout, ends, untilFix, at } = wanted;
    const hits = (reference === null ? [...this.#records.keys()] : [reference])
      .flatMap((each) => [...this.recorded(each)])
      .filter(([, { ids, place }]) => ids.includes(id) && isAbout(place));
    if (untilFix && hits.some(([, { form }]) => form.fixed)) return false;
    if (reference !== null) return this.#acceptLines(reference, hits, wanted);
    if (!this.#rules.readable) return false;
    const severities = hits.map(([, { form }]) => form.severity);
    const severity = wanted.anySeverity || severities.length === 0 ? null : severities.reduce(worse);
    this.#rules.set(wanted.scope, { id, isAbout, severity, ends, untilFix, at, made: this.#next() });
    return true;
  }

  #acceptLines(
    reference: string,
    hits: readonly (readonly [string, Sighting])[],
    { ends, untilFix, at }: WantedAcceptance,
  ): boolean {
    const file = this.#files.get(reference) ?? emptyFile();
    if (!file.readable) return false;
    for (const [truth, sighting] of hits) file.lines.set(truth, { ...this.#line(sighting, at), ends, untilFix });
    file.version = this.#next();
    this.#files.set(reference, file);
    return true;
  }

  /** What a pass that was neither stopped nor kept from scanning has to tell. */
  conclude(pass: OraclePass): Due {
    const due: Due = {
      new: new Map(),
      resolved: new Map(),
      raised: new Map(),
      open: new Map(),
      firstSeen: new Set(),
      failing: new Set(),
      recovered: new Set(),
    };
    const before = new Map([...this.#beliefs].map(([reference, belief]) => [reference, structuredClone(belief)]));
    const presence = new Map([...this.#presence].map(([reference, one]) => [reference, { ...one }]));
    const files = new Map([...this.#files].map(([reference, file]) => [reference, { ...file }]));
    const inPass = new Set<string>();
    for (const looked of pass.looked)
      for (const reference of looked.references) {
        inPass.add(reference);
        this.#begin(reference, looked, pass, { before, presence, files });
        if (looked.shown === null) this.#countFailure(reference, pass, due);
        else this.#judge(reference, { looked, shown: looked.shown }, pass, files, due);
        const ran = this.#presence.get(reference)?.containers ?? [];
        const containers = new Set([...looked.containers, ...ran]);
        this.#presence.set(reference, { goneSince: null, leftAt: null, containers });
      }
    this.#forgetUsers(pass);
    this.#keepAbsent(inPass, pass);
    return due;
  }

  /** It was told, where that was open: from now on it is known like anything else. */
  wasTold(reference: string, truth: string): void {
    this.#beliefs.get(reference)?.undecided.delete(truth);
  }

  /** What people believe of a reference after the host came to rest. */
  believed(reference: string): ReadonlySet<string> {
    return new Set(this.#beliefs.get(reference)?.known.keys());
  }

  #begin(reference: string, looked: Looked, pass: OraclePass, then: Before): void {
    if (!this.#beliefs.has(reference))
      this.#goOn(reference, predecessorOf(reference, looked, pass, then), then, pass.at);
    const file = this.#files.get(reference);
    const belief = this.#beliefs.get(reference);
    const isUsable = file?.readable === true && file.whole;
    if (belief === undefined) {
      if (isUsable) this.#beliefs.set(reference, begunFrom(file, reference));
    } else if (file === undefined || (file.readable && !file.whole)) this.#dropFile(belief, reference);
    else if (isUsable) this.#adopt(belief, file, reference, pass.at);
  }

  /** What is known and accepted of another reference is so of this one. */
  #goOn(reference: string, former: Former | undefined, then: Before, at: number): void {
    const belief = former && structuredClone(then.before.get(former.reference));
    if (former === undefined || belief === undefined) return;
    const own = then.files.get(former.reference);
    if (own === undefined || (own.readable && !own.whole)) this.#dropFile(belief, former.reference);
    else if (own.readable) this.#adopt(belief, own, former.reference, at);
    this.#beliefs.set(reference, belief);
    if (this.#files.has(reference) || own?.readable !== true || (former.same && own.whole)) return;
    const carried = { ...own, lines: new Map(own.lines) };
    this.#files.set(reference, carried);
    if (!carried.whole) return;
    belief.file = { of: reference, version: carried.version, saved: carried.saved };
  }

  #dropFile(belief: Belief, reference: string): void {
    if (belief.file?.of !== reference) return;
    belief.file = null;
    belief.accepted = false;
    belief.gone.clear();
    belief.over.clear();
    for (const known of belief.known.values()) known.acceptance = null;
  }

  #adopt(belief: Belief, file: File, reference: string, at: number): void {
    const { file: held } = belief;
    if (held?.of === reference && held.version === file.version) return;
    belief.accepted = true;
    belief.file = { of: reference, version: file.version, saved: file.saved };
    if (held?.saved !== file.saved) {
      this.#adoptSaved(belief, file);
      return;
    }
    for (const [truth, line] of file.lines) {
      const gone = belief.gone.get(truth);
      const known = belief.known.get(truth);
      if (gone !== undefined) belief.gone.set(truth, { ...line, place: gone.place });
      else if (isSameLine(belief.over.get(truth), line)) continue;
      else if (belief.over.delete(truth)) belief.gone.set(truth, line);
      else if (known === undefined) this.#accept(belief, truth, line, file.settings.args);
      else if (known.acceptance?.made === line.made) known.acceptance = { ...line, place: known.acceptance.place };
      else if (known.acceptance !== null) this.#accept(belief, truth, line, known.shownWith);
      else if (line.ends !== null && line.ends <= at && line.at <= known.since) continue;
      else if (!isSameLine(known.ended ?? undefined, line)) this.#accept(belief, truth, line, known.shownWith);
    }
    for (const [truth, known] of belief.known)
      if (known.acceptance !== null && !file.lines.has(truth)) {
        belief.known.delete(truth);
        belief.told?.delete(truth);
        belief.struck.add(truth);
      }
    for (const truth of belief.gone.keys()) if (!file.lines.has(truth)) belief.gone.delete(truth);
    for (const truth of belief.over.keys()) if (!file.lines.has(truth)) belief.over.delete(truth);
  }

  #accept(belief: Belief, truth: string, line: Line, shownWith: string): void {
    const known = belief.known.get(truth);
    const accepted = knownByLine(line, shownWith);
    belief.known.set(truth, {
      ...accepted,
      severity:
        known !== undefined && known.ended?.made === line.made
          ? worse(known.severity, accepted.severity)
          : accepted.severity,
      status: known?.status ?? '',
    });
    belief.told?.set(truth, accepted.severity);
  }

  #adoptSaved(belief: Belief, file: File): void {
    const before = [...belief.known.keys()];
    belief.known = new Map(
      [...file.lines].map(([truth, line]) => [
        truth,
        { ...knownByLine(line, file.settings.args), status: belief.known.get(truth)?.status ?? '' },
      ]),
    );
    // What was missing and is known no more was not there when a look missed it.
    const lost = new Set([...belief.missing.keys()].filter((truth) => !belief.known.has(truth)));
    belief.looks = belief.looks.map((look) => ({ ...look, known: look.known.difference(lost) }));
    belief.gone.clear();
    belief.over.clear();
    for (const truth of [...belief.struck, ...before]) if (!belief.known.has(truth)) belief.dropped.add(truth);
    for (const truth of belief.known.keys()) belief.dropped.delete(truth);
    belief.struck.clear();
    belief.undecided.clear();
    belief.missing.clear();
    belief.settled = file.content;
    belief.coverage = file.coverage;
    belief.told = severitiesOf(belief);
  }

  #countFailure(reference: string, { channel }: OraclePass, due: Due): void {
    const failing = this.#failing.get(reference) ?? { passes: 0, told: false };
    failing.passes += 1;
    if (channel && !failing.told && failing.passes >= FAILURES_AFTER) {
      failing.told = true;
      due.failing.add(reference);
    }
    this.#failing.set(reference, failing);
  }

  #judge(
    reference: string,
    { looked, shown }: { readonly looked: Looked; readonly shown: Shown },
    pass: OraclePass,
    files: ReadonlyMap<string, File>,
    due: Due,
  ): void {
    if (this.#failing.get(reference)?.told === true) this.#recovered.add(reference);
    this.#failing.delete(reference);
    if (pass.channel && this.#recovered.delete(reference)) due.recovered.add(reference);
    const belief = this.#beliefs.get(reference) ?? sharedBelief(looked, files);
    if (belief === undefined) this.#beliefs.set(reference, this.#meet(reference, shown, pass));
    else {
      this.#beliefs.set(reference, belief);
      this.#compare(reference, belief, shown, pass);
    }
    const now = this.#beliefs.get(reference);
    if (now === undefined) return;
    if (pass.accept) this.#take(reference, now, shown, pass);
    if (pass.channel) tell(reference, now, due);
  }

  #meet(reference: string, shown: Shown, { at, settings }: OraclePass): Belief {
    const known = new Map<string, KnownTruth>();
    for (const [truth, sighting] of shown.seen) {
      if (!lists(settings, sighting.form)) continue;
      const verdict = this.#verdict(reference, truth, sighting, { at, attached: null });
      known.set(truth, {
        ...asKnown(sighting.form, settings.args, at),
        single: verdict.is === 'accepted' ? verdict.by : null,
      });
    }
    return {
      known,
      gone: new Map(),
      over: new Map(),
      struck: new Set(),
      dropped: new Set(),
      undecided: new Set(),
      resolvedAt: new Map(),
      looks: [{ at, settings, scan: worthOf(shown, false), seen: shown.seen, known: new Set(known.keys()) }],
      content: shown.content,
      id: shown.id,
      settled: shown.content,
      coverage: shown.coverage,
      missing: new Map(),
      told: null,
      accepted: false,
      file: null,
      begunWith: null,
    };
  }

  #compare(reference: string, belief: Belief, shown: Shown, { at, settings }: OraclePass): void {
    const look = { at, settings };
    for (const truth of [...belief.known.keys()])
      this.#applySingle(reference, belief, truth, shown.seen.get(truth), look);
    const withheld =
      shown.coverage === 'partial' || shown.stale || (shown.coverage !== 'full' && shown.coverage !== belief.coverage);
    let added = false;
    const absent = [...belief.known].filter(([truth]) => !shown.seen.has(truth));
    for (const [truth, sighting] of shown.seen) {
      const known = belief.known.get(truth);
      if (known !== undefined) this.#meetAgain(belief, truth, known, sighting, look);
      else if (!this.#comesAccepted(reference, belief, truth, sighting, look))
        added = this.#meetNew(belief, truth, sighting, look) || added;
    }
    for (const [truth, known] of absent) {
      if (known.shownWith !== settings.args || withheld) continue;
      const agreed =
        (belief.settled !== null && belief.settled !== shown.content) ||
        belief.missing.get(truth) === true ||
        (belief.missing.has(truth) && shown.matched);
      if (!agreed) belief.missing.set(truth, false);
      else if (!lists(settings, known)) belief.missing.set(truth, true);
      else {
        belief.known.delete(truth);
        belief.resolvedAt.set(truth, at);
        belief.missing.delete(truth);
        if (known.acceptance !== null) belief.gone.set(truth, known.acceptance);
        else if (known.ended !== null) belief.over.set(truth, known.ended);
      }
    }
    if (shown.coverage !== belief.coverage && (added || (shown.coverage === 'full' && !withheld)))
      belief.coverage = 'full';
    if (!withheld) belief.settled = shown.content;
    belief.content = shown.content;
    belief.id = shown.id;
    belief.begunWith = null;
    belief.looks.push({
      at,
      settings,
      scan: worthOf(shown, withheld),
      seen: shown.seen,
      known: new Set(belief.known.keys()),
    });
  }

  /** What acceptances of single findings say of a finding: the own line of its reference before any rule. */
  #verdict(
    reference: string,
    truth: string,
    { form, place, ids }: Sighting,
    { at, attached }: { readonly at: number; readonly attached: Acceptance | null },
  ): Verdict {
    const file = this.#files.get(reference);
    const line = file?.readable === true && !file.whole ? file.lines.get(truth) : undefined;
    const isOwn = line !== undefined && (line.made === attached?.made || isNamedBy(line, place, ids));
    if (isOwn) return verdictOf([line], form, at);
    const stays = attached !== null && this.#stays(reference, attached) ? [attached] : [];
    return verdictOf([...this.#rules.about({ place, ids }), ...stays], form, at);
  }

  /** Whether an acceptance is there still, or nobody can say that it is not. */
  #stays(reference: string, attached: Acceptance): boolean {
    if (!this.#rules.readable || this.#files.get(reference)?.readable === false) return true;
    return this.#rules.has(attached);
  }

  /** Holds what is known, and not accepted with a whole scan, against the acceptances of single findings. */
  #applySingle(
    reference: string,
    belief: Belief,
    truth: string,
    sighting: Sighting | undefined,
    { at, settings }: Pick<OraclePass, 'at' | 'settings'>,
  ): void {
    const known = belief.known.get(truth);
    if (known === undefined || known.acceptance !== null) return;
    if (sighting === undefined) {
      if (known.single !== null && this.#isTakenBack(reference, truth, known.single)) takeBack(belief, truth, known);
      return;
    }
    const { form } = sighting;
    const verdict = this.#verdict(reference, truth, sighting, { at, attached: known.single });
    if (verdict.is === 'none') {
      if (known.single !== null) takeBack(belief, truth, known);
    } else if (verdict.is === 'accepted') {
      if (known.single === null) known.since = verdict.by.at;
      known.single = verdict.by;
      if (lists(settings, form)) known.severity = worse(known.severity, form.severity);
      belief.told?.set(truth, known.severity);
    } else if (verdict.is === 'exceeded') {
      known.single = null;
      known.heard = true;
    } else if (known.single !== null || verdict.by.at > known.since) known.single = verdict.by;
  }

  #isTakenBack(reference: string, truth: string, single: Acceptance): boolean {
    const file = this.#files.get(reference);
    return file?.lines.get(truth)?.made !== single.made && !this.#stays(reference, single);
  }

  /** Found, not known, and accepted by itself: it is known, and nobody has to hear of it. */
  #comesAccepted(
    reference: string,
    belief: Belief,
    truth: string,
    sighting: Sighting,
    { at, settings }: Pick<OraclePass, 'at' | 'settings'>,
  ): boolean {
    const gone = belief.gone.get(truth);
    const isByLine = gone?.place === sighting.place && holds(gone, sighting.form, at);
    if (!lists(settings, sighting.form) || isByLine) return false;
    const verdict = this.#verdict(reference, truth, sighting, { at, attached: null });
    if (verdict.is !== 'accepted') return false;
    belief.missing.delete(truth);
    belief.known.set(truth, { ...asKnown(sighting.form, settings.args, at), single: verdict.by, heard: false });
    belief.told?.set(truth, worse(sighting.form.severity, belief.told.get(truth) ?? sighting.form.severity));
    for (const set of [belief.gone, belief.over, belief.struck, belief.dropped]) set.delete(truth);
    return true;
  }

  /** Something that is not known; whether it is known now, and was not because of an acceptance. */
  #meetNew(
    belief: Belief,
    truth: string,
    { form, place }: Sighting,
    { at, settings }: Pick<OraclePass, 'at' | 'settings'>,
  ): boolean {
    const listed = lists(settings, form);
    belief.missing.delete(truth);
    const gone = belief.gone.get(truth);
    if (gone !== undefined && gone.place === place) {
      if (hasEnded(gone, form, at)) {
        if (!listed) return false;
        belief.known.set(truth, { ...asKnown(form, settings.args, at), ended: gone });
        belief.gone.delete(truth);
        belief.told?.delete(truth);
        return true;
      }
      if (holds(gone, form, at)) {
        belief.gone.delete(truth);
        this.#accept(belief, truth, gone, settings.args);
        const back = belief.known.get(truth);
        if (back !== undefined) back.status = form.status;
        return false;
      }
    }
    if (!listed) return false;
    const ended = gone ?? belief.over.get(truth) ?? null;
    belief.gone.delete(truth);
    belief.over.delete(truth);
    belief.known.set(truth, { ...asKnown(form, settings.args, at), ended });
    const struck = belief.struck.delete(truth);
    if (belief.dropped.delete(truth)) belief.undecided.add(truth);
    if (!struck && broughtBySetting(belief, truth, form, settings))
      belief.told?.set(truth, worse(form.severity, belief.told.get(truth) ?? form.severity));
    return true;
  }

  #meetAgain(
    belief: Belief,
    truth: string,
    known: KnownTruth,
    { form, place }: Sighting,
    { at, settings }: Pick<OraclePass, 'at' | 'settings'>,
  ): void {
    belief.missing.delete(truth);
    known.shownWith = settings.args;
    if (known.acceptance !== null) known.acceptance = { ...known.acceptance, place };
    if (!lists(settings, form)) return;
    known.status = form.status;
    const acceptance = known.acceptance ?? known.single;
    if (acceptance !== null && hasEnded(acceptance, form, at)) {
      known.ended = known.acceptance ?? known.ended;
      known.acceptance = null;
      known.single = null;
      known.heard = true;
      known.since = at;
      known.severity = form.severity;
      belief.told?.delete(truth);
    } else if (compareSeverity(form.severity, known.severity) > 0) known.severity = form.severity;
  }

  /** A pass that accepts what it found: it is known from then on, and nothing of it is told. */
  #take(reference: string, belief: Belief, shown: Shown, { at, settings }: OraclePass): void {
    if (shown.coverage === 'partial' || shown.stale) return;
    const file = this.#files.get(reference);
    if (file?.readable === false || !this.#rules.readable) return;
    const lines = new Map<string, Line>();
    for (const [truth, sighting] of shown.seen) {
      if (!lists(settings, sighting.form)) continue;
      const known = belief.known.get(truth);
      const acceptance = known?.acceptance ?? known?.single ?? null;
      const stays = acceptance !== null && !hasEnded(acceptance, sighting.form, at);
      lines.set(truth, {
        ...this.#line(sighting, at),
        ends: stays ? acceptance.ends : null,
        untilFix: stays && acceptance.untilFix,
      });
    }
    const saved = this.#file(shown, settings, lines);
    this.#files.set(reference, saved);
    belief.accepted = true;
    belief.file = { of: reference, version: saved.version, saved: saved.saved };
    this.#adoptSaved(belief, saved);
    for (const [truth, known] of belief.known) known.status = shown.seen.get(truth)?.form.status ?? '';
  }

  #line({ form: { severity }, place, ids }: Sighting, at: number): Line {
    return { severity, ends: null, untilFix: false, made: this.#next(), at, place, ids };
  }

  #file({ content, id, coverage }: Shown, settings: LookSettings, lines: Map<string, Line>): File {
    const now = { saved: this.#next(), version: this.#next() };
    return { lines, whole: true, content, id, coverage, settings, ...now, readable: true };
  }

  /** A container that runs another image now is not the one that ran this. */
  #forgetUsers({ looked }: OraclePass): void {
    for (const [reference, presence] of this.#presence)
      for (const { containers, references } of looked)
        if (!references.includes(reference)) presence.containers = presence.containers.difference(new Set(containers));
  }

  #keepAbsent(inPass: ReadonlySet<string>, { at, onHost, covers }: OraclePass): void {
    for (const [reference, presence] of this.#presence) {
      if (inPass.has(reference)) continue;
      presence.goneSince ??= at;
      if (onHost.has(reference)) presence.leftAt = null;
      else if (covers(reference)) presence.leftAt ??= at;
      if (at - presence.goneSince <= KEPT) continue;
      this.#beliefs.delete(reference);
      this.#presence.delete(reference);
      this.#failing.delete(reference);
      this.#recovered.delete(reference);
    }
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }
}

/** Tells everything that people were not told yet. */
const tell = (reference: string, belief: Belief, due: Due): void => {
  const { told } = belief;
  if (told === null) due.firstSeen.add(reference);
  else {
    const add = (list: Map<string, Set<string>>, truth: string): void => {
      const truths = list.get(reference) ?? new Set();
      list.set(reference, truths.add(truth));
    };
    for (const truth of belief.undecided) add(due.open, truth);
    for (const [truth, { severity }] of belief.known) {
      const heard = told.get(truth);
      if (belief.undecided.has(truth)) continue;
      if (heard === undefined) add(due.new, truth);
      else if (compareSeverity(severity, heard) > 0) add(due.raised, truth);
    }
    for (const truth of told.keys())
      if (!belief.known.has(truth) && !belief.undecided.has(truth)) add(due.resolved, truth);
  }
  belief.told = new Map(
    [...belief.known].map(([truth, { severity }]) => [truth, worse(severity, told?.get(truth) ?? severity)]),
  );
  belief.undecided = belief.undecided.intersection(new Set(belief.known.keys()));
};

const worse = (a: Severity, b: Severity): Severity => (compareSeverity(a, b) >= 0 ? a : b);

const isSameLine = (before: Line | undefined, { made, ends, untilFix }: Line): boolean =>
  before?.made === made && before.ends === ends && before.untilFix === untilFix;

/** By an ID of the vulnerability, in the package and at the path of the line. */
const isNamedBy = (line: Line, place: string, ids: readonly string[]): boolean =>
  line.place === place && line.ids.some((id) => ids.includes(id));

/** Its acceptance was taken out: what nobody heard of is not known, and news where it is found. */
const takeBack = (belief: Belief, truth: string, known: KnownTruth): void => {
  known.single = null;
  if (known.heard) return;
  belief.known.delete(truth);
  belief.told?.delete(truth);
  belief.struck.add(truth);
};

const emptyFile = (): File => ({
  lines: new Map(),
  whole: false,
  content: '',
  id: '',
  coverage: 'full',
  settings: { severities: [], ignoredStatuses: [], args: '' },
  saved: 0,
  version: 0,
  readable: true,
});

const severitiesOf = ({ known }: Belief): Map<string, Severity> =>
  new Map([...known].map(([truth, { severity }]) => [truth, severity]));

const asKnown = ({ severity, status }: Form, args: string, at: number): KnownTruth => ({
  severity,
  status,
  acceptance: null,
  ended: null,
  single: null,
  heard: true,
  since: at,
  shownWith: args,
});

const knownByLine = (line: Line, args: string): KnownTruth => ({
  severity: line.severity ?? 'UNKNOWN',
  status: '',
  acceptance: line,
  ended: null,
  single: null,
  heard: true,
  since: line.at,
  shownWith: args,
});

export const lists = (
  { severities, ignoredStatuses }: LookSettings,
  { severity, status }: Pick<Form, 'severity' | 'status'>,
): boolean => severities.includes(severity) && !ignoredStatuses.includes(status);

const worthOf = ({ coverage, stale }: Shown, withheld: boolean): Look['scan'] =>
  stale ? 'doubtful' : coverage === 'partial' ? 'partial' : withheld ? 'doubtful' : 'whole';

const couldSee = ({ scan }: Look, { inFile }: Form): boolean => scan === 'whole' || (scan === 'partial' && !inFile);

/** Whether only a setting lists what is not known: the last look that would have listed it as it is now had it. */
const broughtBySetting = (belief: Belief, truth: string, form: Form, settings: LookSettings): boolean => {
  if (belief.looks.length === 0) {
    const { begunWith } = belief;
    return begunWith !== null && (begunWith.args !== settings.args || !lists(begunWith, form));
  }
  const alike = belief.looks.filter((look) => look.settings.args === settings.args);
  if (alike.length === 0) return true;
  const resolvedAt = belief.resolvedAt.get(truth) ?? -Infinity;
  const looks = alike.filter((look) => look.at >= resolvedAt);
  let since: Look | null = null;
  for (const look of looks.toReversed()) {
    if (look.seen.has(truth)) since = look;
    else if (couldSee(look, form) && !look.known.has(truth)) break;
  }
  if (since === null) return false;
  const { at } = since;
  const would = alike.findLast((look) => couldSee(look, form) && lists(look.settings, form));
  if (would === undefined) {
    const last = looks.findLast((look) => look.seen.has(truth))?.seen.get(truth)?.form;
    return last !== undefined && lists(settings, last);
  }
  if (at > would.at) return false;
  const then = looks.findLast((look) => look.at <= would.at && look.seen.has(truth))?.seen.get(truth)?.form;
  return then !== undefined && lists(would.settings, then);
};

const begunFrom = (file: File, of: string): Belief => {
  const known = new Map<string, KnownTruth>();
  for (const [truth, line] of file.lines) known.set(truth, knownByLine(line, file.settings.args));
  const belief: Belief = {
    known,
    gone: new Map(),
    over: new Map(),
    struck: new Set(),
    dropped: new Set(),
    undecided: new Set(),
    resolvedAt: new Map(),
    looks: [],
    content: file.content,
    id: file.id,
    settled: file.content,
    coverage: file.coverage,
    missing: new Map(),
    told: null,
    accepted: true,
    file: { of, version: file.version, saved: file.saved },
    begunWith: file.settings,
  };
  belief.told = severitiesOf(belief);
  return belief;
};

/** Of a reference that was never met, and nothing is known of its image, when a baseline accepts that very image. */
const sharedBelief = ({ content, id }: Looked, files: ReadonlyMap<string, File>): Belief | undefined => {
  const readable = [...files]
    .filter(([, file]) => file.readable && file.whole)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const [of, file] =
    readable.find(([, one]) => one.content === content) ?? readable.find(([, one]) => one.id === id) ?? [];
  return of === undefined || file === undefined ? undefined : begunFrom(file, of);
};

/** The reference that one never met goes on from. */
const predecessorOf = (
  reference: string,
  { content, containers }: Looked,
  { onHost }: OraclePass,
  {
    before,
    presence,
  }: { readonly before: ReadonlyMap<string, Belief>; readonly presence: ReadonlyMap<string, Presence> },
): { readonly reference: string; readonly same: boolean } | undefined => {
  const looked = [...before].filter(([, { begunWith }]) => begunWith === null);
  const isGone = (name: string): number => Number((presence.get(name)?.goneSince ?? null) !== null);
  const byRank = ([a, one]: [string, Belief], [b, other]: [string, Belief]): number =>
    Number(other.accepted) - Number(one.accepted) || isGone(a) - isGone(b) || (a < b ? -1 : 1);
  const [same] = looked.filter(([, belief]) => belief.content === content).toSorted(byRank);
  if (same !== undefined) return { reference: same[0], same: true };
  const repository = repositoryOf(reference);
  const ran = looked.filter(([other]) => containers.some((name) => presence.get(other)?.containers.has(name)));
  const left = looked.filter(
    ([other]) =>
      repository !== null &&
      repositoryOf(other) === repository &&
      presence.get(other)?.leftAt === null &&
      !onHost.has(other),
  );
  const fitting = (ran.length > 0 ? ran : left).toSorted(byRank);
  const [first] = fitting;
  return first !== undefined && fitting.every(([, { content: other }]) => other === first[1].content)
    ? { reference: first[0], same: false }
    : undefined;
};

const repositoryOf = (reference: string): string | null =>
  reference.startsWith('sha256:') ? null : (reference.split(':', 1)[0] ?? null);
