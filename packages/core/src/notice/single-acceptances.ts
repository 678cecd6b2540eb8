import {
  type Acceptable,
  type AcceptanceTerms,
  Acceptances,
  isHeldBy,
  rulesByVulnerability,
} from '../baseline/acceptances.ts';
import type { Baseline } from '../baseline/baseline.ts';
import { markOfTerms } from '../baseline/known-baseline.ts';
import { hasEnded, type KnownFinding, knownFinding, worseSeverity } from '../comparison/known-finding.ts';
import { listedBy } from '../comparison/listing.ts';
import { pairMoved } from '../comparison/pair-moved.ts';
import { foldDuplicates } from '../comparison/match-known.ts';
import type { Finding } from '../model/finding.ts';
import type { Pass, ScannedImage } from './pass.ts';
import type { ReferenceState } from './told-state.ts';

/** The baseline that accepts a scan of the reference whole; what accepts single findings only is none. */
export const wholeBaseline = (baseline: Baseline | undefined): Baseline | undefined =>
  baseline?.whole === false ? undefined : baseline;

/** The acceptances of single findings that a pass has read. */
export class SingleAcceptances {
  readonly #pass: Pass;
  readonly #rules: ReturnType<typeof rulesByVulnerability>;
  readonly #forAll: Acceptances;

  constructor(pass: Pass) {
    this.#pass = pass;
    this.#rules = rulesByVulnerability(pass.rules ?? []);
    this.#forAll = new Acceptances(null, [], this.#rules);
  }

  /** @param carried what goes on under the name of the reference, where it has no file yet */
  of(reference: string, carried: Baseline | null = null): Acceptances {
    const file = this.#file(reference, carried);
    const lines = file?.whole === false ? file.findings : [];
    const narrowed = this.#pass.rules?.some(({ image }) => typeof image === 'string') ?? false;
    if (lines.length === 0 && !narrowed) return this.#forAll;
    return new Acceptances(reference, lines, this.#rules);
  }

  /** The same with what is accepted with a whole scan: what was said of a finding by whoever accepted it. */
  said(reference: string, state: Pick<ReferenceState, 'baseline'>): Acceptances {
    const file = this.#file(state.baseline?.from ?? reference, null);
    return file === undefined ? this.of(reference) : new Acceptances(reference, file.findings, this.#rules);
  }

  /** Whether a missing acceptance was taken back: files that cannot be read take nothing back. */
  isComplete(reference: string): boolean {
    return this.#pass.rules !== null && !this.#pass.unreadableBaselines.has(reference);
  }

  #file(reference: string, carried: Baseline | null): Baseline | undefined {
    return carried ?? this.#pass.baselines.get(reference);
  }
}

export interface AcceptancesRead {
  readonly acceptances: Acceptances;
  /** See {@link SingleAcceptances.isComplete}. */
  readonly complete: boolean;
}

export interface SinglyAccepted {
  readonly state: ReferenceState;
  /** Found, not known, and accepted: nobody has to hear of it. */
  readonly arrivals: readonly KnownFinding[];
  /** Something is not accepted any more, since its line was taken out. */
  readonly takenBack: boolean;
}

/**
 * Brings what is known up to the acceptances of single findings. They make nothing known that is not found, and nothing
 * forgotten that people had heard of.
 */
export const acceptSingly = (
  state: ReferenceState,
  image: ScannedImage,
  { acceptances, complete }: AcceptancesRead,
  pass: Pass,
): SinglyAccepted => {
  if (acceptances.isEmpty && !state.known.some(({ single }) => single !== null))
    return { state, arrivals: [], takenBack: false };
  const found = foldDuplicates(image.outcome.findings, listedBy(pass.filter));
  const foundAs = foundByName(found, state.known);
  const keys = new Set(state.known.map(({ key }) => key));
  const known = state.known.flatMap((each) =>
    acceptKnown(
      each,
      foundAs(each.key),
      { acceptances, complete, isOther: (key) => key !== each.key && keys.has(key) },
      pass,
    ),
  );
  const stays = new Set(known.map(({ key }) => key));
  const takenBack = state.known.flatMap(({ key }) => (stays.has(key) ? [] : [key]));
  return {
    state: { ...state, known, takenBack: [...state.takenBack, ...takenBack] },
    arrivals: arrivalsOf(state, found, acceptances, pass),
    takenBack: takenBack.length > 0,
  };
};

/** Looks up what a known finding is now, by its key or whatever it goes by since. */
const foundByName = (
  found: ReadonlyMap<string, Finding>,
  known: readonly KnownFinding[],
): ((key: string) => Finding | undefined) => {
  const keys = new Set(known.map(({ key }) => key));
  const moved = pairMoved(
    [...found.values()].filter(({ key }) => !keys.has(key)),
    known.filter(({ key }) => !found.has(key)),
  );
  const movedTo = new Map(moved.map(({ from, to }) => [from.key, to]));
  return (key) => found.get(key) ?? movedTo.get(key);
};

/** What is read to judge one known finding. */
interface AcceptancesOfOne extends AcceptancesRead {
  /** Whether a key is that of another known finding. */
  readonly isOther: (key: string) => boolean;
}

const acceptKnown = (
  known: KnownFinding,
  now: Finding | undefined,
  { acceptances, complete, isOther }: AcceptancesOfOne,
  { at, filter }: Pass,
): KnownFinding[] => {
  if (known.accepted && known.single === null) return [known];
  const terms = termsFor(known, now ?? known, { acceptances, isOther }, at);
  if (terms === undefined) {
    if (known.single === null || !complete) return [known];
    return known.single === 'untold' ? [] : [notAccepted(known)];
  }
  if (now === undefined) return [known.single === null ? known : onTerms(known, terms)];
  if (isHeldBy(terms, now, at)) {
    const severity = listedBy(filter)(now) ? worseSeverity(known.severity, now.severity) : known.severity;
    return [{ ...acceptedOn(known, terms), severity }];
  }
  if (!hasEnded(terms, now, at)) return [known.single === null ? known : notAccepted(known)];
  // What has ended is told by the comparison, also where no pass saw it before its end.
  return [known.single !== null || isLater(terms.since, known.since) ? acceptedOn(known, terms) : known];
};

/** What was accepted stays so by whatever name its package goes, as long as its acceptance is there. */
const termsFor = (
  known: KnownFinding,
  present: Acceptable & Pick<KnownFinding, 'severity' | 'fixed'>,
  { acceptances, isOther }: Pick<AcceptancesOfOne, 'acceptances' | 'isOther'>,
  at: string,
): AcceptanceTerms | undefined => {
  const line = acceptances.lineOf(present);
  const terms = line ?? acceptances.of(present, at);
  if (line !== undefined || known.single === null || (terms !== undefined && isHeldBy(terms, present, at)))
    return terms;
  return acceptances.named(known, (each) => markOfTerms(each) === known.savedAs, isOther) ?? terms;
};

const isLater = (moment: string | null, other: string | null): boolean =>
  moment !== null && other !== null && Date.parse(moment) > Date.parse(other);

const acceptedOn = (known: KnownFinding, terms: AcceptanceTerms): KnownFinding => ({
  ...onTerms(known, terms),
  accepted: true,
  since: known.single === null ? (terms.since ?? known.since) : known.since,
  single: known.single ?? 'told',
});

const notAccepted = (known: KnownFinding): KnownFinding => ({
  ...known,
  accepted: false,
  expires: null,
  untilFix: false,
  single: null,
});

const onTerms = (known: KnownFinding, terms: AcceptanceTerms): KnownFinding => ({
  ...known,
  expires: terms.expires,
  untilFix: terms.untilFix,
  savedAs: markOfTerms(terms),
});

const arrivalsOf = (
  state: ReferenceState,
  found: ReadonlyMap<string, Finding>,
  acceptances: Acceptances,
  { at, filter }: Pass,
): KnownFinding[] => {
  if (acceptances.isEmpty) return [];
  const isListed = listedBy(filter);
  const known = new Set(state.known.map(({ key }) => key));
  return [...found.values()].flatMap((finding) => {
    if (known.has(finding.key) || !isListed(finding)) return [];
    const terms = acceptances.of(finding, at);
    if (terms === undefined || !isHeldBy(terms, finding, at)) return [];
    return [
      knownFinding(finding, {
        accepted: true,
        since: terms.since ?? at,
        expires: terms.expires,
        untilFix: terms.untilFix,
        savedAs: markOfTerms(terms),
        single: 'untold',
        firstFound: at,
      }),
    ];
  });
};
