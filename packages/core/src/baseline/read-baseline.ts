import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import { anyPackageKey, parseFindingKey } from '../comparison/known-finding.ts';
import { closestName } from '../config/closest-name.ts';
import { NestedTooDeep, parseOutsideJson } from '../text/outside-json.ts';
import { AcceptedFinding, Baseline, BASELINE_SCHEMA } from './baseline.ts';

const LARGEST_BASELINE = 64 * 1024 * 1024;

const VulnerabilityIds = z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9:._-]{2,127}$/)).max(200_000);
const SeedBody = z.union([VulnerabilityIds, z.looseObject({ vulnerabilities: VulnerabilityIds })]);

export type BaselineReading =
  | { readonly status: 'read'; readonly baseline: Baseline }
  /** One line, to be printed after the file's name. */
  | { readonly status: 'unreadable'; readonly problem: string };

/**
 * Reads the body of a baseline's file: our own form, a plain list of vulnerability IDs, or `{"vulnerabilities": […]}`.
 * The last two accept each ID in every package.
 */
export const readBaseline = (text: string): BaselineReading => {
  if (text.length > LARGEST_BASELINE) return unreadable('is larger than any baseline can be');
  if (text.trim() === '') return unreadable('is empty; a baseline that accepts nothing is []');
  const body = parseJson(text);
  if ('problem' in body) return unreadable(body.problem);
  return isOwnForm(body.value) ? readOwnForm(body.value) : readSeedForm(body.value);
};

const unreadable = (problem: string): BaselineReading => ({ status: 'unreadable', problem });

const parseJson = (text: string): { readonly value: unknown } | { readonly problem: string } => {
  try {
    return { value: parseOutsideJson(text) };
  } catch (error) {
    if (error instanceof NestedTooDeep) return { problem: `is ${error.message}` };
    const complete = /[}\]]\s*$/.test(text);
    return { problem: complete ? 'is not JSON: a comma, quote or bracket is wrong' : 'is cut off: its end is missing' };
  }
};

const isOwnForm = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, 'schema');

const readOwnForm = (value: object): BaselineReading => {
  const schema: unknown = Reflect.get(value, 'schema');
  if (schema !== BASELINE_SCHEMA)
    return unreadable(`says schema ${quote(schema)}; this version reads ${quote(BASELINE_SCHEMA)}`);
  const parsed = Baseline.safeParse(value);
  if (!parsed.success) return unreadable(describeIssue(parsed.error, value));
  const slip = misspeltEnd(parsed.data.findings);
  if (slip !== null) return unreadable(slip);
  const folded = foldFindings(parsed.data.findings);
  return 'problem' in folded
    ? unreadable(folded.problem)
    : { status: 'read', baseline: { ...parsed.data, findings: folded.findings } };
};

const ENDS = ['expires', 'until_fix'];

/** Other names are kept as they are; one that was meant to end an acceptance must not be passed over. */
const misspeltEnd = (findings: readonly AcceptedFinding[]): string | null => {
  const names = Object.keys(AcceptedFinding.shape);
  for (const [index, finding] of findings.entries())
    for (const name of Object.keys(finding)) {
      const meant = names.includes(name) ? null : closestName(name, ENDS);
      if (meant !== null)
        return `is wrong at finding ${index + 1}, ${quote(finding.key)}, ${quote(name)}: write ${quote(meant)}`;
    }
  return null;
};

const readSeedForm = (value: unknown): BaselineReading => {
  const parsed = SeedBody.safeParse(value);
  if (!parsed.success)
    return unreadable('is neither a baseline, a list of vulnerability IDs, nor {"vulnerabilities": [IDs]}');
  const ids = Array.isArray(parsed.data) ? parsed.data : parsed.data.vulnerabilities;
  const findings = [...new Set(ids)].map((id) => ({ ...NOTHING_SAID, key: anyPackageKey(id) }));
  return {
    status: 'read',
    baseline: { schema: BASELINE_SCHEMA, reference: null, image_id: null, coverage: null, filter: null, findings },
  };
};

const NOTHING_SAID = { package: null, severity: null, fixed: null, since: null, expires: null, reason: null };

/** A line that stands twice is one; two that disagree are for a person to settle. */
const foldFindings = (
  findings: readonly AcceptedFinding[],
): { readonly findings: AcceptedFinding[] } | { readonly problem: string } => {
  const unique = new Map<string, AcceptedFinding>();
  for (const finding of findings) {
    if (parseFindingKey(finding.key) === null)
      return { problem: `has a finding whose key ${quote(finding.key)} is not "ID|package|path"` };
    const other = unique.get(finding.key);
    if (other !== undefined && !isDeepStrictEqual(other, finding))
      return { problem: `accepts ${quote(finding.key)} twice, in different ways` };
    unique.set(finding.key, finding);
  }
  return { findings: [...unique.values()] };
};

const describeIssue = (error: z.ZodError, value: object): string => {
  const [issue] = error.issues;
  if (issue === undefined) return 'is not a baseline';
  const [field, index, ...rest] = issue.path;
  if (field !== 'findings' || typeof index !== 'number')
    return `is wrong at ${quote(issue.path.join('.') || 'the top')}: ${issue.message}`;
  const where = [`finding ${index + 1}`, keyAt(value, index), rest.join('.')].filter((part) => part !== '');
  return `is wrong at ${where.join(', ')}: ${issue.message}`;
};

const keyAt = (value: object, index: number): string => {
  const finding: unknown = Reflect.get(Reflect.get(value, 'findings') ?? [], index);
  const key: unknown = typeof finding === 'object' && finding !== null ? Reflect.get(finding, 'key') : undefined;
  return typeof key === 'string' ? quote(key) : '';
};

/** Quoted and shortened, so that what a file says stays one line. */
const quote = (value: unknown): string => JSON.stringify(String(value).slice(0, 100));
