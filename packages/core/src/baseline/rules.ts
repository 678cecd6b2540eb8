import { z } from 'zod';

import { Severity } from '../model/severity.ts';
import { NestedTooDeep, parseOutsideJson } from '../text/outside-json.ts';
import { Moment, TEXT_LENGTH } from './baseline.ts';
import { inAscii } from './write-baseline.ts';

export const RULES_SCHEMA = 'gts.rules/1';
const LARGEST_FILE = 16 * 1024 * 1024;
const MOST_RULES = 20_000;
const MOST_PATTERNS = 1000;

const VulnerabilityId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9:._-]{2,127}$/);

const Patterns = z.array(z.string().min(1).max(1024)).max(MOST_PATTERNS);

/** One vulnerability that is accepted wherever the rest of the rule fits, now and later. */
export const AcceptanceRule = z.looseObject({
  vulnerability: VulnerabilityId,
  image: z.string().max(TEXT_LENGTH).nullish().describe('Only in this reference'),
  package: z.string().max(TEXT_LENGTH).nullish().describe('Only in the package of this name'),
  paths: Patterns.nullish().describe('Only where the path inside the image fits one of these; `*`, `**`, `?`'),
  purls: Patterns.nullish().describe('Only in a package that fits one of these; `*` stands for any characters'),
  severity: Severity.nullish().describe('The worst that it had when it was accepted; a worse one is told'),
  since: Moment.nullish(),
  expires: Moment.nullish().describe('From then on (a day: UTC) it accepts nothing any more'),
  reason: z.string().max(TEXT_LENGTH).nullish(),
  owner: z.string().max(TEXT_LENGTH).nullish().describe('Who answers for it'),
  until_fix: z.boolean().nullish().describe('Accepted only while there is no fix'),
});
export type AcceptanceRule = z.infer<typeof AcceptanceRule>;

/** What is accepted in every reference, as `snapshots/rules.json` holds it. */
export const AcceptanceRules = z.looseObject({
  schema: z.literal(RULES_SCHEMA),
  rules: z.array(AcceptanceRule).max(MOST_RULES),
});
export type AcceptanceRules = z.infer<typeof AcceptanceRules>;

export const NO_RULES: AcceptanceRules = { schema: RULES_SCHEMA, rules: [] };

export type RulesReading =
  | { readonly status: 'read'; readonly rules: AcceptanceRules }
  /** One line, to be printed after the file's name. */
  | { readonly status: 'unreadable'; readonly problem: string };

/** Reads the body of a file of rules. */
export const readRules = (text: string): RulesReading => {
  if (text.length > LARGEST_FILE) return { status: 'unreadable', problem: 'is larger than any file of rules can be' };
  let value: unknown;
  try {
    value = parseOutsideJson(text);
  } catch (error) {
    const problem = error instanceof NestedTooDeep ? `is ${error.message}` : 'is not JSON';
    return { status: 'unreadable', problem };
  }
  const parsed = AcceptanceRules.safeParse(value);
  if (parsed.success) return { status: 'read', rules: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join('.') ?? '';
  return { status: 'unreadable', problem: `is wrong at ${JSON.stringify(where).slice(0, 200)}: ${issue?.message}` };
};

/** The body of a file of rules: by vulnerability, one rule a line, for review. */
export const writeRules = ({ schema: _schema, rules, ...more }: AcceptanceRules): string => {
  const head = { schema: RULES_SCHEMA, ...more };
  const fields = Object.entries(head).map(([name, value]) => `  ${inAscii(name)}: ${inAscii(value)},\n`);
  const lines = rules.toSorted(byVulnerability).map((rule) => `    ${inAscii(inOrder(rule))}`);
  return `{\n${fields.join('')}  "rules": ${lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`}\n}\n`;
};

/** The rules with these among them: one about the same findings takes the place of the one before it. */
export const withRules = (before: AcceptanceRules, added: readonly AcceptanceRule[]): AcceptanceRules => {
  const scopes = new Map(before.rules.map((rule) => [JSON.stringify(scopeOf(rule)), rule]));
  for (const rule of added) {
    const scope = JSON.stringify(scopeOf(rule));
    scopes.set(scope, { ...scopes.get(scope), ...rule });
  }
  return { ...before, rules: [...scopes.values()] };
};

const scopeOf = ({ vulnerability, image, package: name, paths, purls }: AcceptanceRule): unknown[] => [
  vulnerability,
  image ?? null,
  name ?? null,
  (paths ?? []).toSorted(),
  (purls ?? []).toSorted(),
];

const inOrder = (rule: AcceptanceRule): object => {
  const known = Object.keys(AcceptanceRule.shape);
  const rank = (name: string): number => (known.includes(name) ? known.indexOf(name) : known.length);
  return Object.fromEntries(
    Object.entries(rule)
      .filter(([, value]) => value !== null && value !== undefined)
      .toSorted(([a], [b]) => rank(a) - rank(b)),
  );
};

const byVulnerability = (a: AcceptanceRule, b: AcceptanceRule): number =>
  a.vulnerability < b.vulnerability ? -1 : a.vulnerability > b.vulnerability ? 1 : 0;
