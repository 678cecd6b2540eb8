import { beforeEach, expect, it } from 'vitest';

import { aCompleteScan, aFinding } from '../testing/builders.ts';
import { clockAt, InMemoryResultStore } from '../testing/fakes.ts';
import { InMemoryBaselineStore } from '../testing/in-memory-baseline-store.ts';
import { acceptFindings, importRules } from './accept-findings.ts';
import { readBaseline } from './read-baseline.ts';
import { RecordOfBaselines } from './record-of-baselines.ts';
import { AcceptanceRules, readRules, writeRules } from './rules.ts';
import { tidyAcceptances } from './tidy-acceptances.ts';
import { writeBaseline } from './write-baseline.ts';

const A = aFinding({ vulnerability: 'CVE-2026-1', fixed: null });
const B = aFinding({ vulnerability: 'CVE-2026-2', fixed: null });
const OVER = aFinding({ vulnerability: 'CVE-2026-3', fixed: null });
const WISH = {
  keyHashes: [],
  package: null,
  reason: 'x',
  owner: null,
  expires: null,
  untilFix: false,
  reference: 'web:1',
};
const KEY = { content: 'web', options: '[]', trivyVersion: '0.74.0', databaseGeneration: 'g1' };

const results = new InMemoryResultStore();
results.save(KEY, { scan: aCompleteScan({ findings: [A, B] }), log: null });
results.remember(['web:1'], {
  key: KEY,
  imageId: 'sha256:web',
  coverage: 'full',
  databaseStale: false,
  scannedAt: '2026-11-22T00:00:00.000Z',
});
const clock = clockAt('2026-11-22T00:00:00.000Z');

/** As a later version, or somebody by hand, may have written them. */
const file = JSON.stringify({
  schema: 'gts.baseline/1',
  reference: 'web:1',
  image_id: null,
  coverage: null,
  filter: { severities: ['HIGH'], extra_args: [], later: 1 },
  team: { name: 'web' },
  findings: [
    { key: A.key, ticket: 'T-1' },
    { key: OVER.key, ticket: 'T-2', expires: '2020-01-01' },
  ],
});
const rules = AcceptanceRules.parse({
  schema: 'gts.rules/1',
  team: { name: 'web' },
  rules: [
    { vulnerability: A.vulnerability, ticket: 'T-3' },
    { vulnerability: OVER.vulnerability, expires: '2020-01-01' },
  ],
});

let baselines: InMemoryBaselineStore;

beforeEach(async () => {
  const read = readBaseline(file);
  if (read.status === 'unreadable') throw new Error(read.problem);
  baselines = new InMemoryBaselineStore({ 'web:1': read.baseline });
  await baselines.saveRules(rules);
});

it.each([
  [
    'gts accept of a finding',
    async (parts: Parts) => acceptFindings(parts, { ...WISH, vulnerabilities: [B.vulnerability] }),
  ],
  [
    'gts accept of the same finding',
    async (parts: Parts) => acceptFindings(parts, { ...WISH, vulnerabilities: [A.vulnerability] }),
  ],
  [
    'gts accept everywhere',
    async (parts: Parts) => acceptFindings(parts, { ...WISH, vulnerabilities: [A.vulnerability], reference: null }),
  ],
  [
    'gts baseline import',
    async (parts: Parts) => importRules(parts, [{ line: 1, rule: { vulnerability: A.vulnerability } }], null),
  ],
  [
    'gts baseline tidy',
    async (parts: Parts) => tidyAcceptances({ ...parts, states: [] }, { references: [], write: true }),
  ],
  [
    'gts baseline save',
    async (parts: Parts) =>
      new RecordOfBaselines(parts).save('web:1', { severities: ['HIGH'], extraArgs: [], reason: null, expires: null }),
  ],
])('%s keeps the fields that it does not know', async (_, write) => {
  await write({ baselines, results, clock });
  const stored = await baselines.read('web:1');
  if (stored?.status !== 'read') throw new Error('the baseline is gone');
  expect(JSON.parse(writeBaseline(stored.baseline))).toMatchObject({
    team: { name: 'web' },
    filter: { later: 1 },
    findings: expect.arrayContaining([expect.objectContaining({ key: A.key, ticket: 'T-1' })]),
  });
  const kept = await baselines.readRules();
  if (kept.status !== 'read') throw new Error('the rules are gone');
  expect(readRules(writeRules(kept.rules))).toMatchObject({
    rules: {
      team: { name: 'web' },
      rules: expect.arrayContaining([expect.objectContaining({ vulnerability: A.vulnerability, ticket: 'T-3' })]),
    },
  });
});

interface Parts {
  readonly baselines: InMemoryBaselineStore;
  readonly results: InMemoryResultStore;
  readonly clock: typeof clock;
}
