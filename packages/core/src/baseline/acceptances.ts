import { anyPackageKey, hasEnded, parseFindingKey } from '../comparison/known-finding.ts';
import { matchWildcards } from '../host/wildcard.ts';
import { aliasKeys, type Finding } from '../model/finding.ts';
import { compareSeverity, type Severity } from '../model/severity.ts';
import type { AcceptedFinding, Baseline } from './baseline.ts';
import { matchPath } from './path-pattern.ts';
import type { AcceptanceRule } from './rules.ts';

/** On what terms a finding is accepted, by a line of its reference's file or by a rule. */
export interface AcceptanceTerms {
  readonly severity: Severity | null;
  /** ISO 8601, as `expires`. */
  readonly since: string | null;
  readonly expires: string | null;
  readonly reason: string | null;
  readonly owner: string | null;
  readonly untilFix: boolean;
}

/** What of a finding says whether it is accepted; package and version may not be known. */
export interface Acceptable extends Pick<Finding, 'key' | 'vulnerability' | 'path' | 'aliases'> {
  readonly package: string | null;
  readonly installed: string | null;
}

export const termsOf = (said: AcceptanceRule | AcceptedFinding): AcceptanceTerms => ({
  severity: said.severity ?? null,
  since: said.since ?? null,
  expires: said.expires ?? null,
  reason: said.reason ?? null,
  owner: said.owner ?? null,
  untilFix: said.until_fix === true,
});

/** Whether a rule's end has come; a fix ends it for single findings only. */
export const hasExpired = ({ expires }: Pick<AcceptanceRule, 'expires'>, at: string): boolean =>
  typeof expires === 'string' && Date.parse(expires) <= Date.parse(at);

/** Whether a finding as it is now is accepted on these terms; `at` is ISO 8601. */
export const isHeldBy = (
  terms: AcceptanceTerms,
  { severity, fixed }: { readonly severity: Severity | null; readonly fixed: string | null },
  at: string,
): boolean =>
  !hasEnded(terms, { fixed }, at) &&
  (terms.severity === null || severity === null || compareSeverity(severity, terms.severity) <= 0);

/** What is accepted of one reference: by the lines of its own file, which are stronger, and by rules. */
export class Acceptances {
  readonly #lines: ReadonlyMap<string, AcceptedFinding>;
  readonly #rules: ReadonlyMap<string, readonly AcceptanceRule[]>;

  /** @param rules see rulesByVulnerability */
  constructor(
    reference: string | null,
    lines: readonly AcceptedFinding[],
    rules: ReadonlyMap<string, readonly AcceptanceRule[]>,
  ) {
    this.#lines = new Map(lines.map((line) => [line.key, line]));
    this.#rules = new Map(
      [...rules].flatMap(([id, all]) => {
        const fitting = all.filter(({ image }) => image === null || image === undefined || image === reference);
        return fitting.length === 0 ? [] : [[id, fitting]];
      }),
    );
  }

  get isEmpty(): boolean {
    return this.#lines.size === 0 && this.#rules.size === 0;
  }

  /** On what terms a finding is accepted: those that hold now, else those that it is too severe for, else what has ended. */
  of(
    finding: Acceptable & { readonly severity: Severity | null; readonly fixed: string | null },
    at: string,
  ): AcceptanceTerms | undefined {
    const line = this.lineOf(finding);
    if (line !== undefined) return line;
    const terms = this.#rulesOf(finding).map(termsOf);
    return (
      terms.find((each) => isHeldBy(each, finding, at)) ??
      terms.find((each) => !hasEnded(each, finding, at)) ??
      terms[0]
    );
  }

  /** The rules that are about a finding, whatever their end; none where a line of the reference's own is. */
  rulesFor(finding: Acceptable): readonly AcceptanceRule[] {
    return this.lineOf(finding) === undefined ? this.#rulesOf(finding) : [];
  }

  /** The terms of the line that the file of the reference has for a finding. */
  lineOf(finding: Acceptable): AcceptanceTerms | undefined {
    const keys = [finding.key, ...aliasKeys(finding), ...idsOf(finding).map(anyPackageKey)];
    const line = keys.map((key) => this.#lines.get(key)).find((each) => each !== undefined);
    return line && termsOf(line);
  }

  /**
   * The terms of an acceptance of this vulnerability that fits, by whatever key the finding goes.
   *
   * @param isOther whether a line names another finding
   */
  named(
    finding: Acceptable,
    isIt: (terms: AcceptanceTerms) => boolean,
    isOther: (key: string) => boolean = () => false,
  ): AcceptanceTerms | undefined {
    const ids = new Set(idsOf(finding));
    const lines = [...this.#lines.values()].filter(
      ({ key }) => ids.has(parseFindingKey(key)?.vulnerability ?? '') && !isOther(key),
    );
    return [...lines, ...[...ids].flatMap((id) => this.#rules.get(id) ?? [])].map(termsOf).find(isIt);
  }

  #rulesOf(finding: Acceptable): AcceptanceRule[] {
    if (this.#rules.size === 0) return [];
    return idsOf(finding)
      .flatMap((id) => this.#rules.get(id) ?? [])
      .filter((rule) => fits(rule, finding));
  }
}

/** The keys of those findings that are accepted now. */
export const keysHeldBy = (acceptances: Acceptances, findings: readonly Finding[], at: string): Set<string> =>
  new Set(
    findings.flatMap((finding) => {
      const terms = acceptances.of(finding, at);
      return terms !== undefined && isHeldBy(terms, finding, at) ? [finding.key] : [];
    }),
  );

export const rulesByVulnerability = (rules: readonly AcceptanceRule[]): Map<string, AcceptanceRule[]> =>
  Map.groupBy(rules, ({ vulnerability }) => vulnerability);

/** What a file and rules accept of a reference; `null` where there is no file. */
export const acceptancesOf = (
  reference: string | null,
  baseline: Baseline | null,
  rules: readonly AcceptanceRule[],
): Acceptances => new Acceptances(reference, baseline?.findings ?? [], rulesByVulnerability(rules));

/** Whether a rule is about this finding, whatever its end. */
export const fits = ({ package: name, paths, purls }: AcceptanceRule, finding: Acceptable): boolean =>
  (name === null || name === undefined || name === finding.package) &&
  (!paths?.length || paths.some((pattern) => finding.path !== null && matchPath(pattern, finding.path))) &&
  (!purls?.length || purls.some((pattern) => fitsPurl(pattern, finding)));

const idsOf = ({ vulnerability, aliases = [] }: Acceptable): string[] => [vulnerability, ...aliases];

/** The package is compared, and the version where the pattern has one; qualifiers are not kept with a finding. */
const fitsPurl = (pattern: string, { key, installed }: Acceptable): boolean => {
  const bare = pattern.split(/[?#]/, 1)[0] ?? pattern;
  const at = bare.lastIndexOf('@');
  const hasVersion = at > bare.lastIndexOf('/');
  const packagePart = parseFindingKey(key)?.packagePart ?? null;
  if (packagePart === null) return false;
  if (!matchWildcards(decoded(hasVersion ? bare.slice(0, at) : bare), decoded(packagePart))) return false;
  if (!hasVersion) return true;
  const version = decoded(bare.slice(at + 1));
  return installed !== null && [installed, installed.replace(/^\d+:/, '')].some((one) => matchWildcards(version, one));
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
