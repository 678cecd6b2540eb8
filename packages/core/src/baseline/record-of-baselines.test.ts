import { beforeEach, describe, expect, it } from 'vitest';

import type { Finding } from '../model/finding.ts';
import type { LastScan } from '../ports/result-store.ts';
import { aCompleteScan, aFinding } from '../testing/builders.ts';
import { clockAt, InMemoryResultStore } from '../testing/fakes.ts';
import { InMemoryBaselineStore } from '../testing/in-memory-baseline-store.ts';
import { acceptFindings } from './accept-findings.ts';
import { type Baseline, noneWhole } from './baseline.ts';
import { RecordOfBaselines } from './record-of-baselines.ts';
import { type AcceptanceRule, NO_RULES } from './rules.ts';

const NOTHING_SAID = {
  severities: ['HIGH', 'CRITICAL'],
  extraArgs: ['--ignore-unfixed', '--pkg-types=library'],
  reason: null,
  expires: null,
} as const;

const WISH = {
  keyHashes: [],
  package: null,
  reason: 'x',
  owner: null,
  expires: null,
  untilFix: false,
};

let results: InMemoryResultStore;
let baselines: InMemoryBaselineStore;
let clock: ReturnType<typeof clockAt>;
let record: RecordOfBaselines;

beforeEach(() => {
  results = new InMemoryResultStore();
  baselines = new InMemoryBaselineStore();
  clock = clockAt('2026-11-22T00:00:00.000Z');
  record = new RecordOfBaselines({ baselines, results, clock });
});

const KEY = { content: 'web', options: '["--pkg-types=os"]', trivyVersion: '0.74.0', databaseGeneration: 'g1' };
const LAST: LastScan = {
  key: KEY,
  imageId: 'sha256:web',
  coverage: 'full',
  databaseStale: false,
  scannedAt: '2026-11-22T00:00:00.000Z',
};

const scanned = (findings: readonly Finding[], given: Partial<LastScan> = {}): void => {
  const last = { ...LAST, ...given };
  results.save(last.key, { scan: aCompleteScan({ findings: [...findings] }), log: null });
  results.remember(['web:1'], last);
};

const saved = async (): Promise<Baseline> => {
  const stored = await baselines.read('web:1');
  if (stored?.status !== 'read') throw new Error('web:1 has no baseline');
  return stored.baseline;
};

const accepting = (...keys: string[]): Baseline => ({
  schema: 'gts.baseline/1',
  reference: 'web:1',
  image_id: null,
  coverage: null,
  filter: null,
  findings: keys.map((key) => ({
    key,
    package: null,
    severity: null,
    fixed: null,
    since: null,
    expires: null,
    reason: null,
  })),
});

describe('saving the last scan of a reference', () => {
  it('keeps the end, the reason and the owner of what a rule accepts, unless a line is there', async () => {
    const other = aFinding({ vulnerability: 'CVE-2026-2000', package: 'zlib' });
    scanned([aFinding(), other]);
    const said = { expires: '2026-12-24', reason: 'not reachable', owner: 'web', since: '2026-11-01' };
    const rules = [aFinding(), other].map(({ vulnerability }) => ({ vulnerability, ...said }));
    await baselines.saveRules({ schema: 'gts.rules/1', rules });
    await baselines.save('web:1', accepting(other.key));
    await record.save('web:1', NOTHING_SAID);
    expect((await saved()).findings).toMatchObject([said, { key: other.key, expires: null, reason: null }]);
  });

  it('accepts what is listed, and records what it was scanned with', async () => {
    scanned([aFinding(), aFinding({ key: 'CVE-2026-9|pkg:deb/debian/zlib|', severity: 'LOW' })]);
    expect(await record.save('web:1', NOTHING_SAID)).toMatchObject({ answer: { accepted: 1, added: 1, dropped: 0 } });
    expect(await saved()).toMatchObject({
      image_id: 'sha256:web',
      filter: { severities: ['HIGH', 'CRITICAL'], extra_args: ['--ignore-unfixed', '--pkg-types=os'] },
      findings: [{ key: aFinding().key }],
    });
  });

  it('keeps the reason of a finding whose package was renamed', async () => {
    scanned([aFinding()]);
    await record.save('web:1', { ...NOTHING_SAID, reason: 'not reachable' });
    const renamed = aFinding({ key: `${aFinding().vulnerability}|pkg:deb/debian/openssl-renamed|` });
    scanned([renamed]);
    expect(await record.save('web:1', NOTHING_SAID)).toMatchObject({ answer: { accepted: 1, added: 0, dropped: 0 } });
    expect((await saved()).findings).toMatchObject([{ key: renamed.key, reason: 'not reachable' }]);
  });

  it('counts as new again what had expired', async () => {
    scanned([aFinding()]);
    await record.save('web:1', { ...NOTHING_SAID, expires: '2026-11-23' });
    clock.moveBy(2 * 86_400_000);
    expect(await record.save('web:1', NOTHING_SAID)).toMatchObject({ answer: { accepted: 1, added: 1, dropped: 0 } });
    expect((await saved()).findings).toMatchObject([{ expires: null }]);
  });

  it('counts a vulnerability that was accepted in every package as accepted before', async () => {
    await baselines.save('web:1', accepting(`${aFinding().vulnerability}|*|`, 'CVE-2020-1|*|'));
    scanned([aFinding()]);
    expect(await record.save('web:1', NOTHING_SAID)).toMatchObject({ answer: { accepted: 1, added: 0, dropped: 1 } });
  });

  it.each([
    ['was judged in part', { coverage: 'partial' }, 'a part of the image'],
    ['was made with an old database', { databaseStale: true }, 'too old'],
    [
      'has no result any more',
      { key: { content: 'gone', options: '[]', trivyVersion: '0.74.0', databaseGeneration: 'g0' } },
      'scan it again',
    ],
  ] as const)('is refused where the last scan %s', async (_, given, reason) => {
    scanned([aFinding()]);
    const last = results.lastOf('web:1');
    if (last !== undefined) results.remember(['web:1'], { ...last, ...given });
    expect(await record.save('web:1', NOTHING_SAID)).toEqual({
      status: 'refused',
      refusal: { reference: 'web:1', reason: expect.stringContaining(reason) },
    });
    expect(await baselines.read('web:1')).toBeUndefined();
  });
});

const A = aFinding({ vulnerability: 'CVE-2026-1', fixed: null });
const B = aFinding({ vulnerability: 'CVE-2026-2', fixed: null });
const C = aFinding({ vulnerability: 'CVE-2026-3', fixed: null });

const rule = (more: Partial<AcceptanceRule> = {}): AcceptanceRule => ({
  vulnerability: A.vulnerability,
  since: '2026-11-01',
  expires: '2027-01-31',
  reason: 'not reachable',
  owner: 'web',
  ...more,
});

const lineOf = (key: string, more: Partial<Baseline['findings'][number]> = {}): Baseline['findings'][number] => ({
  key,
  package: null,
  severity: null,
  fixed: null,
  since: null,
  expires: null,
  reason: null,
  ...more,
});

const singly = (...findings: Baseline['findings']): Baseline => ({ ...noneWhole('web:1'), findings });

const answerOf = <Answer>(asked: { status: 'done'; answer: Answer } | { status: 'refused' }): Answer => {
  if (asked.status === 'refused') throw new Error('it was refused');
  return asked.answer;
};

describe('saving over what was accepted before', () => {
  it.each([
    ['a day', { expires: '2027-01-31' }],
    ['a fix', { expires: null, until_fix: true }],
  ])('keeps reason, owner and the end, %s, of a rule and of a line', async (_, end) => {
    scanned([A, B, C]);
    await baselines.saveRules({ ...NO_RULES, rules: [rule(end)] });
    await baselines.save('web:1', singly(lineOf(B.key, { ...end, reason: 'later', owner: 'ops', ticket: 'T-1' })));
    const answer = answerOf(await record.save('web:1', { ...NOTHING_SAID, extraArgs: [] }));
    expect(answer).toMatchObject({ accepted: 3, added: 1, dropped: 0 });
    const { whole, findings } = await saved();
    expect(whole).toBeNull();
    expect(findings).toMatchObject([
      { key: A.key, since: '2026-11-01', ...end, reason: 'not reachable', owner: 'web' },
      { key: B.key, ...end, reason: 'later', owner: 'ops', ticket: 'T-1' },
      { key: C.key, expires: null, reason: null },
    ]);
  });

  it('takes what is said now before what a rule says, and a rule that has ended for none', async () => {
    scanned([A, B]);
    await baselines.saveRules({
      ...NO_RULES,
      rules: [rule(), rule({ vulnerability: B.vulnerability, expires: '2026-11-02' })],
    });
    await record.save('web:1', { ...NOTHING_SAID, extraArgs: [], expires: '2028-01-31' });
    expect((await saved()).findings).toMatchObject([
      { key: A.key, expires: '2028-01-31', reason: 'not reachable' },
      { key: B.key, expires: '2028-01-31', reason: null, since: '2026-11-22T00:00:00.000Z' },
    ]);
  });

  it('keeps what a rule in force says where the line is over', async () => {
    scanned([A]);
    await baselines.saveRules({ ...NO_RULES, rules: [rule({ expires: '2027-01-31' })] });
    await baselines.save('web:1', singly(lineOf(A.key, { expires: '2026-11-02', reason: 'before' })));
    await record.save('web:1', { ...NOTHING_SAID, extraArgs: [] });
    expect((await saved()).findings).toMatchObject([
      { key: A.key, expires: '2027-01-31', reason: 'not reachable', owner: 'web' },
    ]);
  });

  it('is refused while the rules cannot be read, since it would accept without an end', async () => {
    scanned([A]);
    baselines.damageRules('is not JSON');
    expect(await record.save('web:1', NOTHING_SAID)).toMatchObject({
      status: 'refused',
      refusal: { reason: expect.stringContaining('rules.json is not JSON') },
    });
  });
});

describe('what is accepted singly', () => {
  it('leaves the rest not accepted, which is not new', async () => {
    scanned([A, B, C]);
    await baselines.save('web:1', singly(lineOf(A.key), lineOf(B.key, { expires: '2026-11-02' })));
    const listing = { ...NOTHING_SAID, extraArgs: [] };
    expect(answerOf(await record.diff('web:1', listing))).toMatchObject({
      whole: false,
      new: [{ key: B.key }],
      not_accepted: [{ key: B.key }, { key: C.key }],
      resolved: [],
      severity_raised: [],
      joined: [],
    });
  });

  it('counts what is worse now than it was accepted as raised and not accepted, by a line and by a rule', async () => {
    scanned([
      { ...A, severity: 'CRITICAL' },
      { ...B, severity: 'CRITICAL' },
    ]);
    await baselines.save('web:1', singly(lineOf(A.key, { severity: 'HIGH' })));
    const rules = [rule({ vulnerability: B.vulnerability, severity: 'HIGH' })];
    const difference = answerOf(await record.diff('web:1', { ...NOTHING_SAID, extraArgs: [], rules }));
    expect(difference).toMatchObject({ new: [], not_accepted: [{ key: A.key }, { key: B.key }] });
    expect(difference.severity_raised).toMatchObject([{ from: 'HIGH' }, { from: 'HIGH' }]);
  });

  it('by a rule is not new beside a whole baseline, and its own line is stronger', async () => {
    scanned([C]);
    await record.save('web:1', { ...NOTHING_SAID, extraArgs: [] });
    scanned([A, B, C]);
    const rules = [rule(), rule({ vulnerability: C.vulnerability, expires: '2026-11-02' })];
    const difference = answerOf(await record.diff('web:1', { ...NOTHING_SAID, extraArgs: [], rules }));
    expect(difference).toMatchObject({ whole: true, new: [{ key: B.key }], not_accepted: [{ key: B.key }] });
  });

  it('is shown with the rules that hit, with their ends, and counts where there are rules only', async () => {
    scanned([A, { ...B, fixed: '3' }]);
    const rules = [
      rule(),
      rule({ vulnerability: 'CVE-2026-99' }),
      rule({ vulnerability: B.vulnerability, until_fix: true }),
    ];
    expect(await record.accepted(rules)).toEqual(['web:1']);
    expect(answerOf(await record.show('web:1', rules))).toMatchObject({
      file: 'rules.json',
      whole: false,
      findings: [],
      rules: [
        { vulnerability: A.vulnerability, expired: false, hits: [A.key], owner: 'web', expires: '2027-01-31' },
        { vulnerability: B.vulnerability, hits: [B.key] },
      ],
    });
    await baselines.save('web:1', singly(lineOf(B.key, { until_fix: true })));
    const shown = answerOf(await record.show('web:1', rules));
    expect(shown).toMatchObject({ whole: false, findings: [{ key: B.key, expired: true }] });
    expect(shown.rules.map(({ vulnerability }) => vulnerability)).toEqual([A.vulnerability]);
    expect(await record.accepted([])).toEqual(['web:1']);
  });

  it('is found in a scan that judged a part for good', async () => {
    const last = { coverage: 'partial' } as const;
    results.save(KEY, { scan: aCompleteScan({ findings: [A], coverage: 'partial' }), log: null });
    results.remember(['web:1'], { ...LAST, ...last });
    const wish = { ...WISH, vulnerabilities: [A.vulnerability], reference: 'web:1' };
    expect(await acceptFindings({ baselines, results, clock }, wish)).toMatchObject({
      accepted: [{ as: 'lines', hits: [{ key: A.key }] }],
    });
    expect(await saved()).toMatchObject({ whole: false, findings: [{ key: A.key, reason: 'x' }] });
  });
});

describe('comparing a baseline with the last scan', () => {
  it('tells what is new, what is worse, and what is gone', async () => {
    const gone = aFinding({ key: 'CVE-2026-2|pkg:deb/debian/zlib|', vulnerability: 'CVE-2026-2', package: 'zlib' });
    scanned([aFinding(), gone]);
    await record.save('web:1', NOTHING_SAID);
    const came = aFinding({ key: 'CVE-2026-3|pkg:deb/debian/curl|', vulnerability: 'CVE-2026-3', package: 'curl' });
    scanned([aFinding({ severity: 'CRITICAL' }), came]);
    const asked = await record.diff('web:1', NOTHING_SAID);
    expect(asked).toMatchObject({
      answer: { new: [{ key: came.key }], resolved: [gone.key], severity_raised: [{ from: 'HIGH' }], withheld: null },
    });
  });

  it('is refused without a baseline, and without a scan', async () => {
    expect(await record.diff('web:1', NOTHING_SAID)).toMatchObject({
      refusal: { reason: expect.stringMatching(/no baseline/) },
    });
    await baselines.save('web:1', accepting());
    expect(await record.diff('web:1', NOTHING_SAID)).toMatchObject({
      refusal: { reason: expect.stringMatching(/on record/) },
    });
  });
});
