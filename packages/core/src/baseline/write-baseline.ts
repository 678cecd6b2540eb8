import { createHash } from 'node:crypto';

import { type AcceptedFinding, BASELINE_SCHEMA, type Baseline } from './baseline.ts';

/**
 * The body of a baseline's file. Made for review: the same baseline is the same bytes, findings stand by key, one a
 * line, so that a change in git shows what was accepted and nothing else.
 */
export const writeBaseline = (baseline: Baseline): string => {
  const head = {
    schema: BASELINE_SCHEMA,
    reference: baseline.reference,
    image_id: baseline.image_id,
    coverage: baseline.coverage,
    filter: baseline.filter && {
      severities: baseline.filter.severities.toSorted(),
      extra_args: baseline.filter.extra_args,
    },
  };
  const fields = Object.entries(head).map(([name, value]) => `  ${inAscii(name)}: ${inAscii(value)},\n`);
  const lines = baseline.findings.toSorted(byKey).map((finding) => `    ${inAscii(inOrder(finding))}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return `{\n${fields.join('')}  "findings": ${list}\n}\n`;
};

/** Names what a baseline accepts, whatever its file looks like: another revision is another acceptance. */
export const baselineRevision = (baseline: Baseline): string =>
  createHash('sha256').update(writeBaseline(baseline)).digest('hex');

/** Every field in the schema's order; what was not given is left out, as most findings have neither reason nor end. */
const inOrder = (finding: AcceptedFinding): Partial<AcceptedFinding> => ({
  key: finding.key,
  package: finding.package,
  severity: finding.severity,
  fixed: finding.fixed,
  since: finding.since,
  ...(finding.expires === null ? {} : { expires: finding.expires }),
  ...(finding.reason === null ? {} : { reason: finding.reason }),
});

/** JSON in which nothing turns the reading direction or hides from a reviewer. */
const inAscii = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const byKey = (a: AcceptedFinding, b: AcceptedFinding): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
