import { createHash } from 'node:crypto';

import { type AcceptedFinding, BASELINE_SCHEMA, type Baseline } from './baseline.ts';

/**
 * The body of a baseline's file. Made for review: the same baseline is the same bytes, findings stand by key, one a
 * line, so that a change in git shows what was accepted and nothing else.
 */
export const writeBaseline = (baseline: Baseline): string => {
  const {
    schema: _schema,
    reference,
    image_id,
    content,
    saved_at,
    whole,
    coverage,
    filter,
    findings,
    ...more
  } = baseline;
  const head = {
    schema: BASELINE_SCHEMA,
    reference,
    image_id,
    ...given({ content, saved_at, whole }),
    coverage,
    filter: filter && { ...filter, severities: filter.severities.toSorted() },
    ...more,
  };
  const fields = Object.entries(head).map(([name, value]) => `  ${inAscii(name)}: ${inAscii(value)},\n`);
  const lines = findings.toSorted(byKey).map((finding) => `    ${inAscii(inOrder(finding))}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return `{\n${fields.join('')}  "findings": ${list}\n}\n`;
};

/** Names what a baseline accepts, whatever its file looks like: another revision is another acceptance. */
export const baselineRevision = (baseline: Baseline): string =>
  createHash('sha256').update(writeBaseline(baseline)).digest('hex');

/** Every field in the schema's order, then what others noted; what was not given is left out, as most of it is not. */
const inOrder = (finding: AcceptedFinding): Record<string, unknown> => {
  const { key, package: name, severity, fixed, since, expires, reason, owner, until_fix, ...more } = finding;
  return { key, package: name, severity, fixed, since, ...given({ expires, reason, owner, until_fix }), ...more };
};

/** Only what has a value. */
const given = (fields: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));

/** JSON in which nothing turns the reading direction or hides from a reviewer. */
export const inAscii = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const byKey = (a: AcceptedFinding, b: AcceptedFinding): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
