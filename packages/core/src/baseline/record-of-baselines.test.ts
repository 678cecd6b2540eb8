import { beforeEach, describe, expect, it } from 'vitest';

import type { Finding } from '../model/finding.ts';
import type { LastScan } from '../ports/result-store.ts';
import { aCompleteScan, aFinding } from '../testing/builders.ts';
import { clockAt, InMemoryResultStore } from '../testing/fakes.ts';
import { InMemoryBaselineStore } from '../testing/in-memory-baseline-store.ts';
import type { Baseline } from './baseline.ts';
import { RecordOfBaselines } from './record-of-baselines.ts';

const NOTHING_SAID = {
  severities: ['HIGH', 'CRITICAL'],
  extraArgs: ['--ignore-unfixed', '--pkg-types=library'],
  reason: null,
  expires: null,
} as const;

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

const scanned = (findings: readonly Finding[], given: Partial<LastScan> = {}): void => {
  const last: LastScan = {
    key: { content: 'web', options: '["--pkg-types=os"]', trivyVersion: '0.74.0', databaseGeneration: 'g1' },
    imageId: 'sha256:web',
    coverage: 'full',
    databaseStale: false,
    scannedAt: '2026-11-22T00:00:00.000Z',
    ...given,
  };
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

  it('is refused while the rules cannot be read, since it would accept without an end', async () => {
    scanned([aFinding()]);
    baselines.damageRules('is not JSON');
    expect(await record.save('web:1', NOTHING_SAID)).toMatchObject({
      status: 'refused',
      refusal: { reason: 'rules.json is not JSON' },
    });
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
