import { describe, expect, it } from 'vitest';

import type { Baseline } from '../baseline/baseline.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage } from '../model/scan-outcome.ts';
import type { Severity } from '../model/severity.ts';
import { aFinding } from '../testing/builders.ts';
import { decidePass } from './decide-pass.ts';
import { type DigestChanges, Notice } from './notice.ts';
import type { Pass, PassImage, TellingSettings } from './pass.ts';
import { NOTHING_TOLD, ToldState } from './told-state.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-11-01T03:00:00.000Z');
const on = (day: number): string => new Date(START + day * DAY).toISOString();

const openssl = aFinding({ package: 'openssl', severity: 'HIGH' });
const zlib = aFinding({ package: 'zlib', vulnerability: 'CVE-2026-2000', severity: 'CRITICAL' });
const curl = aFinding({ package: 'curl', vulnerability: 'CVE-2026-3000', severity: 'HIGH' });

interface ImageGiven {
  readonly id?: string;
  readonly coverage?: Coverage;
  readonly references?: readonly string[];
}

const image = (findings: readonly Finding[], given: ImageGiven = {}): PassImage => ({
  id: given.id ?? 'sha256:1',
  references: given.references ?? ['app:1'],
  containers: null,
  outcome: { status: 'complete', coverage: given.coverage ?? 'full', findings: [...findings], matched: true },
});

const failing = (reference: string): PassImage => ({
  id: `sha256:${reference}`,
  references: [reference],
  containers: null,
  outcome: { status: 'failed', reason: { code: 'timeout', message: 'it did not end' } },
});

/** A host with digests every week that is looked at on days. */
class Host {
  state: ToldState = NOTHING_TOLD;
  readonly baselines = new Map<string, Baseline>();
  severities: readonly Severity[] = ['HIGH', 'CRITICAL'];
  settings: TellingSettings = { repeat: 'never', failuresAfter: 3, accept: false, digest: 'weekly' };

  on(day: number, images: readonly PassImage[], given: Partial<Pass> = {}): Notice | null {
    const pass: Pass = {
      at: on(day),
      images,
      scanner: {
        trivyVersion: '0.74.0',
        databaseGeneration: 'g1',
        databaseUpdatedAt: on(-1),
        databaseStale: false,
      },
      filter: { severities: [...this.severities], extra_args: [] },
      baselines: this.baselines,
      unreadableBaselines: new Set(),
      trouble: null,
      interrupted: false,
      onHost: ['app:1', 'db:1'],
      ...given,
    };
    const { state, notice, baselines } = decidePass(this.state, pass, this.settings);
    // What is stored and sent is read again by its schema.
    this.state = ToldState.parse(JSON.parse(JSON.stringify(state)));
    for (const baseline of baselines) this.baselines.set(baseline.reference ?? '', baseline);
    return notice === null ? null : Notice.parse(JSON.parse(JSON.stringify(notice)));
  }

  /** On which of the days a digest was sent. */
  digestsOn(days: readonly number[], images: readonly PassImage[] = [image([openssl])]): number[] {
    return days.filter((day) => this.on(day, images)?.digest !== undefined);
  }
}

const daysUntil = (last: number): number[] => Array.from({ length: last + 1 }, (_, day) => day);

describe('when a digest is sent', () => {
  it('is a week after the first pass, and then every week, though nothing changes', () => {
    expect(new Host().digestsOn(daysUntil(22))).toEqual([7, 14, 21]);
  });

  it('is a month after the first pass, on the last day of a shorter month', () => {
    const host = new Host();
    host.settings = { ...host.settings, digest: 'monthly' };
    expect(host.digestsOn([0, 29, 30, 60, 61])).toEqual([30, 61]);
    const january = new Host();
    january.settings = host.settings;
    const endOfJanuary = Math.round((Date.parse('2027-01-31T03:00:00Z') - START) / DAY);
    expect(january.digestsOn([endOfJanuary, endOfJanuary + 27, endOfJanuary + 28])).toEqual([endOfJanuary + 28]);
  });

  it('is not off, and counts from the pass with which it was switched on', () => {
    const host = new Host();
    host.settings = { ...host.settings, digest: null };
    expect(host.digestsOn([0, 7, 14, 20])).toEqual([]);
    expect(host.state.digest).toBeNull();
    host.settings = { ...host.settings, digest: 'weekly' };
    expect(host.digestsOn([21, 27, 28])).toEqual([28]);
  });

  it('is put off by no pass that was a little early, late or missed', () => {
    expect(new Host().digestsOn([0, 6.98, 13.97, 30, 36, 37])).toEqual([6.98, 13.97, 30, 37]);
  });

  it('is a period away at most after the clock was set back, and is early once after it was set ahead', () => {
    expect(new Host().digestsOn([0, 6, 400, 6, 12, 13, 14, 20])).toEqual([400, 13, 20]);
  });

  it('waits for a pass that is not stopped, and for one that can tell somebody', () => {
    const host = new Host();
    host.on(0, [image([openssl])]);
    expect(host.on(7, [image([openssl])], { interrupted: true })).toBeNull();
    host.settings = { ...host.settings, tellsNobody: true };
    expect(host.on(7, [image([openssl])])).toBeNull();
    host.settings = { ...host.settings, tellsNobody: false };
    expect(host.on(8, [image([openssl])])?.digest?.since).toBe(on(0));
  });

  it.each<{ what: string; given: Partial<Pass> }>([
    { what: 'fewer images', given: { only: ['app:1'] } },
    { what: 'fewer severities', given: { filter: { severities: ['CRITICAL'], extra_args: [] } } },
    {
      what: 'more arguments',
      given: { filter: { severities: ['HIGH', 'CRITICAL'], extra_args: ['--ignore-unfixed'] } },
    },
  ])('is neither with nor put off by a look by hand at $what', ({ given }) => {
    const host = new Host();
    host.on(0, [image([openssl])]);
    expect(host.on(7, [image([openssl])], given)).toBeNull();
    host.settings = { ...host.settings, digest: null };
    expect(host.on(7.1, [image([openssl])], given)).toBeNull();
    host.settings = { ...host.settings, digest: 'weekly' };
    expect(host.on(7.2, [image([openssl])])?.digest?.passes.made).toBe(1);
  });

  it('comes all the same once a host was looked at in a narrower way for a whole period', () => {
    const host = new Host();
    host.on(0, [image([openssl])]);
    host.severities = ['CRITICAL'];
    expect(host.digestsOn([3, 7, 9, 10, 16, 17])).toEqual([10, 17]);
    host.severities = ['HIGH', 'CRITICAL'];
    expect(host.digestsOn([24])).toEqual([24]);
  });
});

describe('what a digest says', () => {
  it('lists what is open, most severe first, each finding counted once an image', () => {
    const host = new Host();
    const images = [
      image([openssl], { references: ['app:1', 'app:latest'] }),
      image([openssl, zlib], { id: 'sha256:2', references: ['db:1'] }),
    ];
    host.on(0, images);
    const open = host.on(7, images)?.digest?.open;
    expect(open).toMatchObject({ findings: 3, advisories: 2, worst: 'CRITICAL' });
    expect(
      open?.groups.items.map((group) => [group.references.items, group.new.items.map(({ package: name }) => name)]),
    ).toEqual([
      [['db:1'], ['zlib', 'openssl']],
      [['app:1', 'app:latest'], ['openssl']],
    ]);
  });

  it('leaves out what is accepted', () => {
    const host = new Host();
    host.settings = { ...host.settings, accept: true };
    host.on(0, [image([openssl])]);
    host.settings = { ...host.settings, accept: false };
    expect(host.on(7, [image([openssl])])?.digest?.open).toMatchObject({ findings: 0, worst: null });
  });

  it('says what became new and was resolved since the last one, and how long that had been there', () => {
    const host = new Host();
    const references = ['app:1', 'app:latest'];
    host.on(0, [image([openssl], { references })]);
    host.on(1, [image([openssl, zlib], { references })]);
    host.on(5, [image([curl], { id: 'sha256:2', references })]);
    const digest = host.on(7, [image([curl], { id: 'sha256:2', references })])?.digest;
    const named = (changes: DigestChanges | undefined) =>
      changes?.entries.items.map((entry) => [entry.finding.vulnerability, entry.references.items]);
    expect(named(digest?.new)).toEqual([
      ['CVE-2026-2000', references],
      ['CVE-2026-3000', references],
    ]);
    expect(named(digest?.resolved)).toEqual([
      ['CVE-2026-2000', references],
      [openssl.vulnerability, references],
    ]);
    expect(digest).toMatchObject({ new: { findings: 2, advisories: 2 }, resolved: { findings: 2, advisories: 2 } });
    expect(digest?.stay).toEqual({ medianDays: 4.5, findings: 2, since: on(0) });

    const next = host.on(14, [image([curl], { id: 'sha256:2', references })])?.digest;
    expect(next).toMatchObject({ since: on(7), new: { findings: 0 }, resolved: { findings: 0 } });
    expect(next?.stay?.findings).toBe(2);
  });

  it('keeps so much of many changes, counts the rest, and the median over the latest', () => {
    const host = new Host();
    const many = Array.from({ length: 1200 }, (_, index) => aFinding({ vulnerability: `CVE-2026-${index}` }));
    host.on(0, [image([])]);
    host.on(1, [image(many)]);
    host.on(2, [image([], { id: 'sha256:2' })]);
    expect(JSON.stringify(host.state.digest).length).toBeLessThan(500_000);
    const digest = host.on(7, [image([], { id: 'sha256:2' })])?.digest;
    expect([digest?.new.findings, digest?.new.unlisted]).toEqual([500, 700]);
    expect(digest?.stay).toEqual({ medianDays: 1, findings: 1000, since: on(2) });
  });

  it('says that it looks, what it could not judge, and what fails', () => {
    const host = new Host();
    const partly = image([], { coverage: 'partial' });
    host.on(0, [partly]);
    for (const day of [1, 2]) host.on(day, [partly]);
    for (const day of [3, 4]) host.on(day, [partly, failing('db:1')]);
    expect(host.on(7, [partly, failing('db:1')])?.digest).toMatchObject({
      since: on(0),
      passes: { made: 5, complete: 2, lastComplete: on(2) },
      notJudged: { items: ['app:1'], total: 1 },
      failing: { items: ['db:1'], total: 1 },
    });
  });

  it('comes while nothing can be scanned too, with what was open before', () => {
    const host = new Host();
    const trouble = { code: 'engine_unreachable', message: 'no engine' } as const;
    host.on(0, [image([openssl])]);
    for (const day of [1, 2, 3]) host.on(day, [], { trouble });
    const notice = host.on(7, [], { trouble });
    expect(notice?.digest).toMatchObject({
      open: { findings: 1 },
      passes: { made: 4, complete: 0, lastComplete: null },
      failing: { items: ['app:1'] },
    });
    expect(host.on(8, [], { trouble })).toBeNull();
  });
});

describe('a pass with changes and a digest', () => {
  it('has one notice, which tells the changes and repeats nothing beside the digest', () => {
    const host = new Host();
    host.settings = { ...host.settings, repeat: { everySeconds: 7 * 86_400 } };
    host.on(0, [image([openssl])]);
    const notice = host.on(7, [image([openssl, zlib])]);
    expect(notice?.totals.new).toBe(1);
    expect(notice?.digest?.open.findings).toBe(2);
    expect([notice?.repeated.total, notice?.notAccepted]).toEqual([0, null]);
    expect(host.on(8, [image([openssl, zlib])])).toBeNull();
  });
});
