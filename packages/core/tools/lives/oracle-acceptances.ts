import { compareSeverity, type Severity } from '../../src/model/severity.ts';

/** How a finding is, as far as a filter or an acceptance looks at it. */
export interface Form {
  readonly severity: Severity;
  readonly status: string;
  readonly fixed: boolean;
  /** Lies in a file that a partial scan may not have judged. */
  readonly inFile: boolean;
}

/** How a finding stood in a scan. */
export interface Sighting {
  readonly form: Form;
  /** Package and path, by which an acceptance holds. */
  readonly place: string;
  /** Every ID that its vulnerability went by. */
  readonly ids: readonly string[];
}

export interface Acceptance {
  /** null: however severe it is. */
  readonly severity: Severity | null;
  readonly ends: number | null;
  readonly untilFix: boolean;
  /** Tells one making of it from another; its end is no part of that. */
  readonly made: number;
  readonly at: number;
}

/** Accepts one vulnerability in every image, now and later. */
export interface Rule extends Acceptance {
  readonly id: string;
  readonly isAbout: (place: string) => boolean;
}

/** The line of a baseline; what it names is named by its place there. */
export interface Line extends Acceptance {
  readonly place: string;
  readonly ids: readonly string[];
}

/** What acceptances of single findings say of one finding now. */
export type Verdict =
  | { readonly is: 'none' }
  | { readonly is: 'accepted' | 'exceeded' | 'ended'; readonly by: Acceptance };

export const hasEnded = ({ ends, untilFix }: Acceptance, { fixed }: Form, at: number): boolean =>
  (ends !== null && ends <= at) || (untilFix && fixed);

export const holds = (acceptance: Acceptance, form: Form, at: number): boolean =>
  !hasEnded(acceptance, form, at) &&
  (acceptance.severity === null || compareSeverity(form.severity, acceptance.severity) <= 0);

/** The rules of a host. */
export class OracleRules {
  readonly #rules = new Map<string, Rule>();
  readable = true;

  /** @param scope names what it is about: another rule about the same takes its place */
  set(scope: string, rule: Rule): void {
    this.#rules.set(scope, rule);
  }

  remove(scope: string): void {
    this.#rules.delete(scope);
  }

  scopes(): readonly string[] {
    return [...this.#rules.keys()];
  }

  /** Those about a finding, while their file can be read. */
  about({ place, ids }: Pick<Sighting, 'place' | 'ids'>): readonly Rule[] {
    if (!this.readable) return [];
    return [...this.#rules.values()].filter(({ id, isAbout }) => ids.includes(id) && isAbout(place));
  }

  has({ made }: Acceptance): boolean {
    return [...this.#rules.values()].some((rule) => rule.made === made);
  }
}

/** Of several acceptances any that holds counts, then one that it is too severe for, then one that is over. */
export const verdictOf = (acceptances: readonly Acceptance[], form: Form, at: number): Verdict => {
  const inForce = acceptances.find((each) => holds(each, form, at));
  if (inForce !== undefined) return { is: 'accepted', by: acceptanceIn(inForce) };
  const exceeded = acceptances.find((each) => !hasEnded(each, form, at));
  if (exceeded !== undefined) return { is: 'exceeded', by: acceptanceIn(exceeded) };
  const [ended] = acceptances;
  return ended === undefined ? { is: 'none' } : { is: 'ended', by: acceptanceIn(ended) };
};

const acceptanceIn = ({ severity, ends, untilFix, made, at }: Acceptance): Acceptance => ({
  severity,
  ends,
  untilFix,
  made,
  at,
});
