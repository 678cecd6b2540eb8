import { describe, expect, it } from 'vitest';

import type { Baseline } from '../baseline/baseline.ts';
import { readBaseline } from '../baseline/read-baseline.ts';
import type { Failure } from '../model/failure.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage } from '../model/scan-outcome.ts';
import type { Severity } from '../model/severity.ts';
import { aFinding } from '../testing/builders.ts';
import { decidePass, type PassDecision } from './decide-pass.ts';
import { Notice, type NoticeGroup } from './notice.ts';
import type { Pass, PassImage, TellingSettings } from './pass.ts';
import { awaitingSecondLook, NOTHING_TOLD, ToldState } from './told-state.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-11-01T00:00:00Z');

interface ScanGiven {
  readonly id?: string;
  readonly references?: readonly string[];
  readonly coverage?: Coverage;
  readonly matched?: boolean;
}

const scanned = (findings: readonly Finding[], given: ScanGiven = {}): PassImage => ({
  id: given.id ?? 'sha256:1',
  references: given.references ?? ['app:1'],
  containers: [{ name: 'web', state: 'running', compose_project: null }],
  outcome: {
    status: 'complete',
    coverage: given.coverage ?? 'full',
    findings: [...findings],
    matched: given.matched ?? true,
  },
});

const failed = (code: Failure['code'] = 'timeout', references = ['app:1']): PassImage => ({
  id: `sha256:${references[0]}`,
  references,
  containers: null,
  outcome: { status: 'failed', reason: { code, message: 'it did not end' } },
});

/** A host whose passes follow each other by a day. */
class Host {
  state: ToldState = NOTHING_TOLD;
  readonly baselines = new Map<string, Baseline>();
  readonly unreadable = new Set<string>();
  severities: readonly Severity[] = ['HIGH', 'CRITICAL'];
  args: readonly string[] = [];
  generation = 'g1';
  stale = false;
  settings: TellingSettings = { repeat: 'never', failuresAfter: 3, accept: false };
  at = START;

  pass(images: readonly PassImage[], given: Partial<Pass> = {}): PassDecision {
    this.at += DAY;
    const pass: Pass = {
      at: new Date(this.at).toISOString(),
      images,
      scanner: {
        trivyVersion: '0.74.0',
        databaseGeneration: this.generation,
        databaseUpdatedAt: '2026-10-31T00:00:00Z',
        databaseStale: this.stale,
      },
      filter: { severities: [...this.severities], extra_args: [...this.args] },
      baselines: this.baselines,
      unreadableBaselines: this.unreadable,
      trouble: null,
      interrupted: false,
      ...given,
    };
    const decision = decidePass(this.state, pass, this.settings);
    this.state = ToldState.parse(JSON.parse(JSON.stringify(decision.state)));
    if (decision.notice !== null) Notice.parse(JSON.parse(JSON.stringify(decision.notice)));
    for (const baseline of decision.baselines) this.baselines.set(baseline.reference ?? '', baseline);
    return decision;
  }

  accept(images: readonly PassImage[]): PassDecision {
    const { settings } = this;
    this.settings = { ...settings, accept: true };
    const decision = this.pass(images);
    this.settings = settings;
    return decision;
  }

  trouble(): PassDecision {
    return this.pass([], { trouble: { code: 'engine_unreachable', message: 'no engine' } });
  }
}

const told = (decision: PassDecision): Record<'new' | 'resolved' | 'raised' | 'fix' | 'joined', string[]> => {
  const groups = decision.notice?.changes.items ?? [];
  const of = (
    list: keyof NoticeGroup & ('new' | 'resolved' | 'severityRaised' | 'fixAvailable' | 'joined'),
  ): string[] => groups.flatMap((group) => group[list].items.map(({ package: name }) => name ?? '*'));
  return {
    new: of('new'),
    resolved: of('resolved'),
    raised: of('severityRaised'),
    fix: of('fixAvailable'),
    joined: of('joined'),
  };
};

const openssl = aFinding({ package: 'openssl' });
const zlib = aFinding({ package: 'zlib', vulnerability: 'CVE-2026-2000' });
const curl = aFinding({ package: 'curl', vulnerability: 'CVE-2026-3000', severity: 'MEDIUM' });

const acceptedHost = (findings: readonly Finding[] = [openssl]): Host => {
  const host = new Host();
  host.accept([scanned(findings)]);
  return host;
};

describe('the first sight of a reference', () => {
  it('is one inventory, and nothing once it was told', () => {
    const host = new Host();
    const { notice, reports } = host.pass([
      scanned([openssl, zlib, curl]),
      scanned([], { id: 'sha256:2', references: ['db:1'] }),
    ]);
    expect(notice?.firstSeen.items.map(({ references, counts }) => [references.items, counts.high])).toEqual([
      [['app:1'], 2],
      [['db:1'], 0],
    ]);
    expect([notice?.changes.total, reports.get('app:1')?.state]).toEqual([0, 'pending']);
    expect(host.pass([scanned([openssl, zlib, curl])]).notice).toBeNull();
  });

  it('starts from the baseline of another reference that accepts the same image, and says so', () => {
    const host = acceptedHost([openssl]);
    const { notice, lines, reports } = host.pass([scanned([openssl, zlib], { references: ['app:1', 'app:latest'] })]);
    expect(notice?.firstSeen.total).toBe(0);
    expect(notice?.changes.items.map(({ references, startedFrom }) => [references.items, startedFrom])).toEqual([
      [['app:1'], null],
      [['app:latest'], 'app:1'],
    ]);
    expect([notice?.totals.new, reports.get('app:latest')?.state]).toEqual([1, 'accepted']);
    expect(lines).toContain('app:latest: first seen, the same image as app:1, goes on from what is known of that');
  });

  it('compares with a baseline that is there already', () => {
    const host = acceptedHost([openssl]);
    host.state = NOTHING_TOLD;
    expect(told(host.pass([scanned([openssl, zlib])]))).toMatchObject({ new: ['zlib'], resolved: [] });
  });

  it('reads a plain list of IDs as accepted everywhere', () => {
    const host = new Host();
    const reading = readBaseline(JSON.stringify([openssl.vulnerability]));
    if (reading.status === 'read') host.baselines.set('app:1', reading.baseline);
    const elsewhere = aFinding({ package: 'libssl3' });
    expect(told(host.pass([scanned([openssl, elsewhere, zlib])])).new).toEqual(['zlib']);
    host.pass([scanned([zlib])]);
    expect(told(host.pass([scanned([zlib])])).resolved).toEqual(['*']);
  });
});

describe('a change', () => {
  it('is told once, with its cause', () => {
    const host = acceptedHost();
    host.generation = 'g2';
    const first = host.pass([scanned([openssl, zlib])]);
    expect(first.notice?.changes.items[0]?.new.items[0]).toMatchObject({ package: 'zlib', causes: ['database_newer'] });
    expect(host.pass([scanned([openssl, zlib])]).notice).toBeNull();
  });

  it('that vanished with the image is told at once', () => {
    const { notice } = acceptedHost().pass([scanned([], { id: 'sha256:2' })]);
    expect(notice?.changes.items[0]).toMatchObject({ imageBefore: 'sha256:1', resolved: { total: 1 } });
    expect(notice?.changes.items[0]?.resolved.items[0]?.causes).toEqual(['image_updated']);
  });

  it('that vanished from the same image waits for a second look, which is no stored result', () => {
    const host = acceptedHost();
    host.generation = 'g2';
    const first = host.pass([scanned([])]);
    expect([first.notice, awaitingSecondLook(host.state.references)]).toEqual([null, new Set(['app:1'])]);
    expect(first.lines).toContain('app:1: CVE-2026-1000 in openssl was not found; resolved when the next look agrees');
    expect(host.pass([scanned([], { matched: false })]).notice).toBeNull();
    const second = host.pass([scanned([])]);
    expect(second.notice?.changes.items[0]?.resolved.items[0]?.causes).toEqual(['withdrawn', 'database_newer']);
    expect([host.pass([scanned([])]).notice, awaitingSecondLook(host.state.references).size]).toEqual([null, 0]);
  });

  it('that was only a slip of the scanner is never told', () => {
    const host = acceptedHost();
    expect([host.pass([scanned([])]).notice, host.pass([scanned([openssl])]).notice]).toEqual([null, null]);
    expect(host.pass([scanned([])]).notice).toBeNull();
  });

  it('in severity is told, and one that falls is a line in the log', () => {
    const host = acceptedHost();
    expect(told(host.pass([scanned([{ ...openssl, severity: 'CRITICAL' }])])).raised).toEqual(['openssl']);
    const fell = host.pass([scanned([{ ...openssl, severity: 'LOW' }])]);
    expect(fell.notice).toBeNull();
    expect(
      fell.lines.filter((line) => line.includes('has left the filter, its severity fell below CRITICAL')),
    ).toHaveLength(1);
    const again = host.pass([scanned([{ ...openssl, severity: 'LOW' }])]);
    expect([again.notice, again.lines]).toEqual([null, []]);
  });

  it('by which a raised severity lists a finding is new, with what it was raised from', () => {
    const host = acceptedHost([openssl, curl]);
    const { notice } = host.pass([scanned([openssl, { ...curl, severity: 'HIGH' }])]);
    expect(notice?.changes.items[0]?.new.items[0]).toMatchObject({ package: 'curl', raisedFrom: 'MEDIUM' });
  });

  it('to a fix or an image causes no notice and is named in the next one', () => {
    const host = acceptedHost([{ ...openssl, fixed: null }]);
    expect(host.pass([scanned([openssl], { id: 'sha256:2' })]).notice).toBeNull();
    expect(host.pass([scanned([openssl], { id: 'sha256:3' })]).notice).toBeNull();
    const next = host.pass([scanned([openssl, zlib], { id: 'sha256:3' })]);
    expect(told(next)).toMatchObject({ new: ['zlib'], fix: ['openssl'] });
    expect(next.notice?.changes.items[0]?.imageBefore).toBe('sha256:1');
    const after = host.pass([scanned([openssl, zlib, aFinding({ package: 'bash' })], { id: 'sha256:3' })]);
    expect([told(after).fix, after.notice?.changes.items[0]?.imageBefore]).toEqual([[], null]);
  });

  it.each(['failed', 'partial', 'stale'])('is not seen by a %s pass as something resolved', (kind) => {
    const host = acceptedHost();
    host.stale = kind === 'stale';
    const image = kind === 'failed' ? failed() : scanned([], { coverage: kind === 'partial' ? 'partial' : 'full' });
    expect([host.pass([image]).notice, host.pass([image]).notice]).toEqual([null, null]);
    expect(awaitingSecondLook(host.state.references).size).toBe(0);
  });

  it('is not told by a pass that was stopped', () => {
    const host = acceptedHost();
    const before = host.state;
    const { notice, state } = host.pass([scanned([zlib], { id: 'sha256:2' })], { interrupted: true });
    expect([notice, state]).toEqual([null, before]);
  });
});

describe('no mail comes of', () => {
  it('an image that is rebuilt with the same packages', () => {
    expect(acceptedHost().pass([scanned([openssl], { id: 'sha256:2' })]).notice).toBeNull();
  });

  it('a point release that changes versions', () => {
    const rebuilt = scanned([{ ...openssl, installed: '3.0.1-1+deb12u16' }], { id: 'sha256:2' });
    expect(acceptedHost().pass([rebuilt]).notice).toBeNull();
  });

  it('a package that is renamed with its vulnerability', () => {
    const renamed = scanned([aFinding({ package: 'libssl3t64' })], { id: 'sha256:2' });
    const host = acceptedHost();
    const { notice, lines } = host.pass([renamed]);
    expect([notice, lines.filter((line) => line.includes('moved from')).length]).toEqual([null, 1]);
    expect(host.pass([renamed]).notice).toBeNull();
  });

  it('a severity setting that is changed and changed back', () => {
    const host = acceptedHost([openssl, curl]);
    for (const severities of [['CRITICAL'], ['MEDIUM', 'HIGH', 'CRITICAL'], ['HIGH', 'CRITICAL']] as const) {
      host.severities = severities;
      expect(host.pass([scanned([openssl, curl])]).notice).toBeNull();
    }
  });

  it('arguments that are changed and changed back', () => {
    const host = acceptedHost();
    host.args = ['--pkg-types=library'];
    expect([host.pass([scanned([])]).notice, host.pass([scanned([])]).notice]).toEqual([null, null]);
    host.args = [];
    expect(host.pass([scanned([openssl])]).notice).toBeNull();
  });

  it('a reference that is gone and comes back within 30 days', () => {
    const host = acceptedHost();
    expect(host.pass([]).notice).toBeNull();
    host.at += 28 * DAY;
    host.pass([]);
    expect(host.pass([scanned([openssl])]).notice).toBeNull();
  });
});

it('forgets a reference that is gone for more than 30 days', () => {
  const host = new Host();
  host.pass([scanned([openssl])]);
  host.pass([]);
  host.at += 31 * DAY;
  const { lines } = host.pass([]);
  expect(lines).toEqual(['app:1: not seen for 30 days, what was known of it is forgotten']);
  expect(host.pass([scanned([openssl])]).notice?.totals.firstSeen).toBe(1);
});

it('lists what a wider setting brought in with the next notice', () => {
  const host = acceptedHost([openssl, curl]);
  host.severities = ['MEDIUM', 'HIGH', 'CRITICAL'];
  expect(host.pass([scanned([openssl, curl])]).notice).toBeNull();
  expect(told(host.pass([scanned([openssl, curl, zlib])]))).toMatchObject({ new: ['zlib'], joined: ['curl'] });
});

describe('accepting', () => {
  it('compares and logs first, and does not mail what it accepts', () => {
    const host = acceptedHost();
    const { notice, reports, lines, baselines } = host.accept([scanned([openssl, zlib])]);
    expect(notice).toBeNull();
    expect(reports.get('app:1')).toMatchObject({ state: 'accepted', changes: { new: [zlib.key] } });
    expect(lines).toEqual([
      'app:1: 1 new',
      'new: HIGH CVE-2026-2000 in zlib 3.0.1-1 -> 3.0.2-1: app:1',
      'app:1: 2 findings accepted',
    ]);
    expect(baselines.map(({ findings }) => findings.length)).toEqual([2]);
    expect(host.pass([scanned([openssl, zlib])]).notice).toBeNull();
  });

  it('names what it could not accept and tells what is new of it', () => {
    const host = acceptedHost();
    const partial = scanned([openssl, zlib], { coverage: 'partial' });
    const decision = host.accept([partial, failed('network', ['db:1'])]);
    expect(decision.baselines).toEqual([]);
    expect(decision.notAccepted.map(({ reference }) => reference)).toEqual(['app:1', 'db:1']);
    expect(told(decision).new).toEqual(['zlib']);
  });

  it('until an expiry makes the finding new again', () => {
    const host = acceptedHost();
    const [baseline] = [...host.baselines.values()];
    if (baseline !== undefined)
      host.baselines.set('app:1', {
        ...baseline,
        findings: baseline.findings.map((line) => ({ ...line, reason: 'for now', expires: '2026-11-04' })),
      });
    expect(host.pass([scanned([openssl])]).notice).toBeNull();
    const ended = host.pass([scanned([openssl])]);
    expect(ended.notice?.changes.items[0]?.new.items[0]?.causes).toEqual(['acceptance_expired']);
    expect(host.pass([scanned([openssl])]).notice).toBeNull();
  });

  it('by a baseline that somebody saved takes effect with the next pass', () => {
    const host = new Host();
    host.pass([scanned([openssl])]);
    host.pass([scanned([openssl, zlib])]);
    const saved = acceptedHost([openssl, zlib]).baselines.get('app:1');
    if (saved !== undefined) host.baselines.set('app:1', saved);
    const { notice, reports } = host.pass([scanned([openssl, zlib])]);
    expect([notice, reports.get('app:1')?.state]).toEqual([null, 'accepted']);
  });

  it('ends for a line that is taken out of the baseline, and not for what was told beside it', () => {
    const host = acceptedHost([openssl, zlib]);
    host.pass([scanned([openssl, zlib, aFinding({ package: 'bash' })])]);
    const baseline = host.baselines.get('app:1');
    if (baseline !== undefined)
      host.baselines.set('app:1', { ...baseline, findings: baseline.findings.filter(({ key }) => key === zlib.key) });
    const { notice } = host.pass([scanned([openssl, zlib, aFinding({ package: 'bash' })])]);
    expect(notice?.changes.items[0]?.new.items).toMatchObject([{ package: 'openssl', causes: ['baseline_changed'] }]);
  });

  it('is over for everything when the baseline is removed, without a mail of what is known', () => {
    const host = acceptedHost();
    host.baselines.clear();
    const { notice, reports } = host.pass([scanned([openssl])]);
    expect([notice, reports.get('app:1')?.state]).toEqual([null, 'pending']);
    expect(host.pass([scanned([openssl, zlib])]).notice?.notAccepted?.count).toBe(1);
  });

  it('keeps what is known while its baseline cannot be read', () => {
    const host = acceptedHost();
    host.baselines.clear();
    host.unreadable.add('app:1');
    const { notice, reports, lines } = host.pass([scanned([openssl])]);
    expect([notice, reports.get('app:1')?.state]).toEqual([null, 'accepted']);
    expect(lines).toEqual(['app:1: its baseline cannot be read; what was known of it before is used']);
  });
});

describe('failures', () => {
  it('are told after three passes in a row, once, and on recovery', () => {
    const host = acceptedHost();
    const passes = [1, 2, 3, 4].map(() => host.pass([failed(), scanned([], { id: 'sha256:2', references: ['db:1'] })]));
    expect(
      passes.map(({ notice }) => notice?.failures.items.flatMap(({ references }) => references.items) ?? null),
    ).toEqual([[], null, ['app:1'], null]);
    expect(passes[2]?.notice?.failures.items[0]).toMatchObject({ passes: 3, everything: false });
    expect(host.pass([scanned([openssl])]).notice?.recoveries.items).toEqual(['app:1']);
    expect(host.pass([scanned([openssl])]).notice).toBeNull();
  });

  it('that do not follow each other are not told', () => {
    const host = acceptedHost();
    const passes = [failed(), failed(), scanned([openssl]), failed(), failed()].map((image) => host.pass([image]));
    expect(passes.map(({ notice }) => notice)).toEqual([null, null, null, null, null]);
  });

  it('of everything for one reason are one line', () => {
    const host = new Host();
    host.settings = { ...host.settings, failuresAfter: 1 };
    const images = Array.from({ length: 30 }, (_, index) => failed('disk_full', [`app:${index}`]));
    const { notice } = host.pass(images);
    expect(notice?.failures).toMatchObject({ total: 1, items: [{ everything: true, references: { total: 30 } }] });
  });

  it('of the engine are one line after three passes, resolve nothing, and their end is told', () => {
    const host = acceptedHost();
    const passes = [1, 2, 3, 4].map(() => host.trouble());
    expect(passes.map(({ notice }) => notice?.failures.items[0]?.everything ?? null)).toEqual([null, null, true, null]);
    const { notice } = host.pass([scanned([openssl])]);
    expect([notice?.recovered?.code, notice?.changes.total]).toEqual(['engine_unreachable', 0]);
  });
});

describe('what is not accepted', () => {
  it('is counted at the end of the next notice', () => {
    const host = new Host();
    host.pass([scanned([openssl])]);
    const { notice } = host.pass([scanned([openssl, zlib])]);
    expect(notice?.notAccepted).toEqual({ count: 1, since: '2026-11-02T00:00:00.000Z' });
  });

  it('is told again every week when that is asked for', () => {
    const host = new Host();
    host.settings = { ...host.settings, repeat: { everySeconds: 7 * 86_400 } };
    const notices = Array.from({ length: 15 }, () => host.pass([scanned([openssl])]).notice);
    const repeats = notices.flatMap((notice, day) => ((notice?.repeated.total ?? 0) > 0 ? [day] : []));
    expect([repeats, notices.filter((notice) => notice !== null).length]).toEqual([[7, 14], 3]);
  });

  it('is told in every pass when that is asked for, with what the baseline accepts and is gone', () => {
    const host = acceptedHost([openssl]);
    host.settings = { ...host.settings, repeat: 'every-pass' };
    const changed = scanned([zlib], { id: 'sha256:2' });
    host.pass([changed]);
    const { notice } = host.pass([changed]);
    expect(notice?.repeated.items[0]).toMatchObject({ new: { total: 1 }, resolved: { total: 1 } });
    host.accept([changed]);
    expect(host.pass([changed]).notice).toBeNull();
  });
});

describe('a notice', () => {
  it('keeps references with the same changes together, of one image and of several', () => {
    const host = new Host();
    const references = ['app:1', 'app:latest'];
    const other = { id: 'sha256:2', references: ['db:1'] };
    const third = { id: 'sha256:3', references: ['mq:1'] };
    host.accept([scanned([openssl], { references }), scanned([], other), scanned([], third)]);
    const { notice } = host.pass([
      scanned([openssl, zlib], { references }),
      scanned([zlib], other),
      scanned([openssl], third),
    ]);
    expect(notice?.changes.items.map((group) => [group.imageId, group.images, group.references.items])).toEqual([
      [null, 2, [...references, 'db:1']],
      ['sha256:3', undefined, ['mq:1']],
    ]);
    expect(notice?.totals).toMatchObject({
      new: 3,
      advisories: { new: 2, resolved: 0, severityRaised: 0 },
      changedImages: 3,
      worst: 'HIGH',
    });
    expect(notice?.changes.items[0]?.containers?.items).toMatchObject([{ name: 'web' }]);
    expect(notice?.changes.items[0]?.new.items[0]?.title).toBe(zlib.title);
  });

  it('keeps references apart whose acceptances ended with another reason', () => {
    const host = new Host();
    const images = ['app:1', 'db:1'].map((reference) => scanned([openssl], { id: reference, references: [reference] }));
    for (const [index, image] of images.entries()) {
      host.accept([image]);
      const { references } = image;
      const baseline = host.baselines.get(references[0] ?? '');
      if (baseline === undefined) throw new Error('nothing was accepted');
      const findings = baseline.findings.map((line) => ({ ...line, expires: '2026-11-20', reason: `reason ${index}` }));
      host.baselines.set(references[0] ?? '', { ...baseline, findings });
    }
    host.at = Date.parse('2026-11-20T00:00:00Z');
    expect(host.pass(images).notice?.changes.items.map(({ new: { items } }) => items[0]?.acceptance?.reason)).toEqual([
      'reason 0',
      'reason 1',
    ]);
  });

  it('has the title of what is gone too', () => {
    const host = acceptedHost([openssl, zlib]);
    const { notice } = host.pass([scanned([openssl], { id: 'sha256:2' })]);
    expect(notice?.changes.items[0]?.resolved.items).toMatchObject([{ package: 'zlib', title: zlib.title }]);
  });

  it('tells what forty images share once, with all forty, beside what each has of its own', () => {
    const host = new Host();
    const pass = (findingsOf: (index: number) => readonly Finding[]): PassImage[] =>
      Array.from({ length: 40 }, (_, index) =>
        scanned(findingsOf(index), { id: `sha256:${index}`, references: [`app:${index}`] }),
      );
    host.accept(pass(() => []));
    const own = (index: number): Finding => aFinding({ package: `own-${index}`, vulnerability: `CVE-2027-${index}` });
    const { notice, lines, acceptance } = host.pass(
      pass((index) => (index < 4 ? [openssl, zlib, own(index)] : [openssl, zlib])),
    );
    const [shared, ...others] = notice?.changes.items ?? [];
    expect([shared?.images, shared?.references.items.length, shared?.new.items.length]).toEqual([40, 40, 2]);
    expect(others.map(({ references, new: { items } }) => [references.items, items.length])).toEqual(
      [0, 1, 2, 3].map((index) => [[`app:${index}`], 1]),
    );
    expect(lines.filter((line) => line.startsWith('new: ') && line.includes('in zlib'))).toEqual([
      expect.stringMatching(/^new: HIGH CVE-2026-2000 in zlib .*: app:0, app:1, .*app:9$/),
    ]);
    expect(acceptance.get('app:0')?.()(zlib)).toBe(false);
    expect(notice?.totals).toMatchObject({ new: 84, advisories: { new: 6 }, changedImages: 40 });
  });

  it('stays small when 40 images have 500 new findings each, and the reports stay whole', () => {
    const host = new Host();
    const many = Array.from({ length: 500 }, (_, index) =>
      aFinding({ vulnerability: `CVE-2026-${index}`, package: `package-${index % 70}`, installed: 'x'.repeat(300) }),
    );
    const images = (findings: readonly Finding[]): PassImage[] =>
      Array.from({ length: 40 }, (_, index) =>
        scanned(findings, { id: `sha256:${index}`, references: [`app:${index}`] }),
      );
    host.accept(images([]));
    const { notice, reports } = host.pass(images(many));
    expect(notice?.totals).toMatchObject({ new: 20_000, changedImages: 40 });
    expect(JSON.stringify(notice).length).toBeLessThan(90_000);
    expect(notice?.changes.items.every((group) => group.new.items.length >= 2 && group.new.total === 500)).toBe(true);
    expect(reports.get('app:39')?.changes.new).toHaveLength(500);
  });

  it('is bounded when names, references and failures are many and long', () => {
    const host = new Host();
    host.settings = { ...host.settings, failuresAfter: 1 };
    const references = Array.from({ length: 3000 }, (_, index) => `${'long'.repeat(60)}:${index}`);
    const codes = ['timeout', 'network', 'corrupt'] as const;
    const images = codes.map((code, index) => failed(code, references.slice(index * 1000, (index + 1) * 1000)));
    const { notice } = host.pass(images);
    expect(notice?.failures.items.map((group) => group.references.total)).toEqual([1000, 1000, 1000]);
    expect(JSON.stringify(notice).length).toBeLessThan(10_000);
  });
});

describe('a filter', () => {
  it('is left, and nothing is resolved, by a finding whose fix is withdrawn or whose status changes', () => {
    const host = acceptedHost();
    host.args = ['--ignore-unfixed'];
    host.pass([scanned([openssl])]);
    for (const status of ['affected', 'will_not_fix']) {
      const pass = host.pass([scanned([{ ...openssl, fixed: null, status }])]);
      expect(pass.notice).toBeNull();
    }
    expect(host.pass([scanned([openssl])]).notice).toBeNull();
    expect(host.pass([scanned([{ ...openssl, fixed: null, status: 'affected' }])]).lines).toEqual([
      'app:1: CVE-2026-1000 in openssl has left the filter, its fix was withdrawn',
    ]);
  });

  it.each([
    ['another severity', { severities: ['CRITICAL'] as const, args: [] }],
    ['--ignore-unfixed', { severities: ['HIGH', 'CRITICAL'] as const, args: ['--ignore-unfixed'] }],
  ])('that is narrower for one look, by %s, hides nothing from the next pass', (_, narrow) => {
    const news = { ...zlib, fixed: null, status: 'affected' };
    const host = acceptedHost();
    Object.assign(host, narrow);
    expect(host.pass([scanned([openssl, news])]).notice).toBeNull();
    Object.assign(host, { severities: ['HIGH', 'CRITICAL'], args: [] });
    expect(told(host.pass([scanned([openssl, news])]))).toMatchObject({ new: ['zlib'], joined: [] });
  });

  it('that is wider than any before lets what it brings in join the inventory', () => {
    const host = acceptedHost([openssl]);
    host.pass([scanned([openssl, curl])]);
    host.severities = ['MEDIUM', 'HIGH', 'CRITICAL'];
    expect(host.pass([scanned([openssl, curl])]).notice).toBeNull();
    expect(told(host.pass([scanned([openssl, curl, zlib])]))).toMatchObject({ new: ['zlib'], joined: ['curl'] });
  });

  it('that is narrower for one look puts off no second look', () => {
    const host = acceptedHost();
    host.pass([scanned([])]);
    host.severities = ['CRITICAL'];
    expect(host.pass([scanned([])]).notice).toBeNull();
    host.severities = ['HIGH', 'CRITICAL'];
    expect(told(host.pass([scanned([], { matched: false })])).resolved).toEqual(['openssl']);
  });
});

describe('a host without a channel', () => {
  const silently = (host: Host, images: readonly PassImage[]): PassDecision => {
    const { settings } = host;
    host.settings = { ...settings, tellsNobody: true };
    const decision = host.pass(images);
    host.settings = settings;
    return decision;
  };

  it('decides as ever, and tells it once there is somebody to tell', () => {
    const host = acceptedHost();
    const first = silently(host, [scanned([openssl, zlib])]);
    expect([first.notice, first.reports.get('app:1')?.changes.new]).toEqual([null, [zlib.key]]);
    expect(silently(host, [scanned([openssl, zlib])]).reports.get('app:1')?.changes.new).toEqual([]);
    const { notice } = host.pass([scanned([openssl, zlib])]);
    expect(notice?.changes.items[0]?.new.items).toMatchObject([{ package: 'zlib', title: zlib.title }]);
    expect(host.pass([scanned([openssl, zlib])]).notice).toBeNull();
  });

  it('tells what went meanwhile with its title', () => {
    const host = acceptedHost([openssl, zlib]);
    silently(host, [scanned([openssl], { id: 'sha256:2' })]);
    const { notice } = host.pass([scanned([openssl], { id: 'sha256:2' })]);
    expect(notice?.changes.items[0]?.resolved.items).toMatchObject([{ package: 'zlib', title: zlib.title }]);
  });

  it('tells nothing of what came and went meanwhile', () => {
    const host = acceptedHost();
    silently(host, [scanned([openssl, zlib])]);
    silently(host, [scanned([openssl], { id: 'sha256:2' })]);
    expect(told(host.pass([scanned([openssl], { id: 'sha256:2' })]))).toMatchObject({ new: [], resolved: [] });
  });

  it('shows one inventory when a channel comes', () => {
    const host = new Host();
    for (const _ of [1, 2])
      silently(host, [scanned([openssl]), scanned([zlib], { id: 'sha256:2', references: ['db:1'] })]);
    expect(host.pass([scanned([openssl])]).notice?.firstSeen.items.map(({ references }) => references.items)).toEqual([
      ['app:1'],
    ]);
  });
});

describe('what is accepted', () => {
  const ghsa = aFinding({ vulnerability: 'GHSA-aaaa-bbbb-cccc', package: 'lodash' });
  const cve = aFinding({ vulnerability: 'CVE-2026-7777', package: 'lodash', aliases: ['GHSA-aaaa-bbbb-cccc'] });

  it.each([
    ['gets its CVE', ghsa, cve],
    ['is filed under its other name', { ...cve, aliases: ['GHSA-aaaa-bbbb-cccc'] }, ghsa],
  ])('stays so when its advisory %s', (_, before, after) => {
    const host = acceptedHost([before]);
    expect([host.pass([scanned([after])]).notice, host.pass([scanned([after])]).notice]).toEqual([null, null]);
    host.accept([scanned([after])]);
    expect(host.baselines.get('app:1')?.findings).toMatchObject([
      { key: after.key, since: expect.stringMatching(/^2026-11-02/) },
    ]);
  });

  it('and withdrawn and published again is a line in the log, unless it is worse now', () => {
    const host = acceptedHost([openssl, zlib]);
    for (const _ of [1, 2]) host.pass([scanned([openssl])]);
    const back = host.pass([scanned([openssl, zlib])]);
    expect([back.notice, back.lines]).toEqual([
      null,
      ['app:1: CVE-2026-2000 in zlib is found again and still accepted'],
    ]);
    for (const _ of [1, 2]) host.pass([scanned([openssl])]);
    expect(told(host.pass([scanned([openssl, { ...zlib, severity: 'CRITICAL' }])])).new).toEqual(['zlib']);
  });

  it('is accepted of the image that a container still runs after its tag moved', () => {
    const host = acceptedHost([openssl]);
    const { notice, lines } = host.pass([
      scanned([openssl], { id: 'sha256:2' }),
      scanned([openssl], { references: ['sha256:1'] }),
    ]);
    expect(notice).toBeNull();
    expect(lines).toEqual(['sha256:1: first seen, the same image as app:1, goes on from what is known of that']);
  });

  it('goes on with the next build of the repository, in a file of its own', () => {
    const host = new Host();
    host.accept([scanned([openssl], { references: ['app:build-7'] })]);
    const next = scanned([openssl, zlib], { id: 'sha256:2', references: ['app:build-8'] });
    const { notice, lines, reports } = host.pass([next], { onHost: ['app:build-8'] });
    expect(notice?.changes.items).toMatchObject([
      { references: { items: ['app:build-8'] }, startedFrom: 'app:build-7', new: { total: 1 } },
    ]);
    expect(lines[0]).toBe(
      'app:build-8: first seen, app:build-7 → app:build-8, goes on from what is known and accepted of that',
    );
    expect(reports.get('app:build-8')?.state).toBe('accepted');
    expect(host.baselines.get('app:build-8')?.findings).toMatchObject([{ key: openssl.key }]);
    expect(host.pass([next]).notice).toBeNull();
  });

  it('is met for the first time where two images of the repository left at once', () => {
    const host = new Host();
    const build = (id: number): PassImage => ({
      ...scanned([openssl], { id: `sha256:${id}`, references: [`app:build-${id}`] }),
      containers: null,
    });
    host.accept([build(1), build(2)]);
    expect(host.pass([build(3)], { onHost: ['app:build-3'] }).notice?.totals.firstSeen).toBe(1);
  });

  it('until there is a fix is told again when there is one', () => {
    const unfixed = { ...openssl, fixed: null, status: 'affected' };
    const host = acceptedHost([unfixed]);
    const baseline = host.baselines.get('app:1');
    const findings = baseline?.findings.map((finding) => ({ ...finding, until_fix: true })) ?? [];
    if (baseline !== undefined) host.baselines.set('app:1', { ...baseline, findings });
    expect(host.pass([scanned([unfixed])]).notice).toBeNull();
    expect(told(host.pass([scanned([openssl])])).new).toEqual(['openssl']);
    expect(host.pass([scanned([openssl])]).notice).toBeNull();
  });
});

it('names files of baselines that cannot be used in the next notice', () => {
  const unusableFiles = [{ file: 'app_1.json', reference: 'app:1', problem: 'is cut off: its end is missing' }];
  const host = new Host();
  host.unreadable.add('app:1');
  const { notice } = host.pass([scanned([openssl])], { unusableFiles });
  expect(notice?.unusableBaselines?.items).toEqual([{ file: 'app_1.json', problem: 'is cut off: its end is missing' }]);
  expect(host.pass([scanned([openssl])], { unusableFiles }).notice).toBeNull();
});

describe('a finding under another name', () => {
  const ghsa = aFinding({ vulnerability: 'GHSA-1', package: 'openssl' });
  const cve = aFinding({ vulnerability: 'CVE-2026-7', package: 'openssl', aliases: ['GHSA-1'] });
  const renamed = aFinding({ vulnerability: 'GHSA-1', package: 'openssl3' });

  it('that a partial scan sees is not gone, so one later look that misses it resolves nothing', () => {
    const host = new Host();
    host.pass([scanned([ghsa])]);
    host.pass([scanned([])]);
    host.pass([scanned([cve], { coverage: 'partial' })]);
    expect(host.pass([scanned([])]).notice).toBeNull();
    expect(told(host.pass([scanned([])])).resolved).toEqual(['openssl']);
  });

  it('that a partial scan saw last is still accepted by it when it went and is found again', () => {
    const host = acceptedHost([ghsa]);
    host.pass([scanned([renamed], { id: 'sha256:2', coverage: 'partial' })]);
    expect(told(host.pass([scanned([], { id: 'sha256:2' })])).resolved).toEqual(['openssl']);
    expect(host.pass([scanned([renamed], { id: 'sha256:2' })]).notice).toBeNull();
  });

  it('that was seen last is still accepted by it when two looks missed it and it is found again', () => {
    const host = acceptedHost([ghsa]);
    host.pass([scanned([renamed])]);
    host.pass([scanned([])]);
    expect(told(host.pass([scanned([])])).resolved).toEqual(['openssl']);
    expect(host.pass([scanned([renamed])]).notice).toBeNull();
  });

  it('is told once when its acceptance ends with the change, whatever is edited in the baseline later', () => {
    const host = acceptedHost([{ ...ghsa, fixed: null }]);
    const file = host.baselines.get('app:1');
    const until = (note: string): void => {
      if (file === undefined) throw new Error('nothing was accepted');
      const findings = file.findings.map((line) => ({ ...line, until_fix: true }));
      host.baselines.set('app:1', { ...file, note, findings });
    };
    until('first');
    expect(told(host.pass([scanned([renamed], { id: 'sha256:2' })])).new).toEqual(['openssl3']);
    until('second');
    expect(host.pass([scanned([renamed], { id: 'sha256:2' })]).notice).toBeNull();
    expect(host.pass([scanned([renamed], { id: 'sha256:2' })]).notice).toBeNull();
  });

  it('is the one that the baseline of another reference accepts, also where the filter leaves it out', () => {
    const host = new Host();
    host.accept([scanned([ghsa])]);
    host.severities = ['CRITICAL'];
    const both = [scanned([cve]), { ...scanned([cve]), references: ['copy:1'] }];
    for (let pass = 0; pass < 2; pass += 1) host.pass(both);
    host.severities = ['HIGH', 'CRITICAL'];
    expect(told(host.pass(both)).resolved).toEqual([]);
  });

  it('is the one of a baseline that can be read again', () => {
    const host = new Host();
    host.pass([scanned([ghsa])]);
    const other = new Host();
    other.accept([scanned([ghsa])]);
    host.unreadable.add('app:1');
    for (let pass = 0; pass < 2; pass += 1) host.pass([scanned([cve])]);
    host.unreadable.clear();
    for (const [reference, baseline] of other.baselines) host.baselines.set(reference, baseline);
    const unlisted = scanned([{ ...cve, severity: 'LOW' }], { id: 'sha256:2' });
    expect(host.pass([unlisted]).notice).toBeNull();
  });
});

describe('who was told nothing meanwhile', () => {
  const nobody = { repeat: 'never', failuresAfter: 1, accept: false, tellsNobody: true } as const;
  const somebody = { ...nobody, tellsNobody: false } as const;
  const moved = aFinding({ package: 'openssl3', severity: 'MEDIUM' });

  const goneUnheard = (): Host => {
    const host = new Host();
    host.pass([scanned([openssl])]);
    host.settings = nobody;
    host.pass([scanned([], { id: 'sha256:2' })]);
    return host;
  };

  it('hears of no resolved finding that a setting lists again under another name', () => {
    const host = goneUnheard();
    host.pass([scanned([moved], { id: 'sha256:3' })]);
    host.settings = somebody;
    host.severities = ['MEDIUM', 'HIGH', 'CRITICAL'];
    expect(told(host.pass([scanned([moved], { id: 'sha256:3' })])).resolved).toEqual([]);
  });

  it('hears of no raised severity that they knew before the finding went and came back', () => {
    const host = goneUnheard();
    host.severities = ['MEDIUM', 'HIGH', 'CRITICAL'];
    host.pass([scanned([{ ...openssl, severity: 'MEDIUM' }], { id: 'sha256:3' })]);
    host.pass([scanned([openssl], { id: 'sha256:3' })]);
    host.settings = somebody;
    expect(host.pass([scanned([openssl], { id: 'sha256:3' })]).notice).toBeNull();
  });

  it('hears that a reference recovered, and not that another name of its image did', () => {
    const host = new Host();
    host.pass([scanned([openssl])]);
    host.settings = somebody;
    host.pass([failed()]);
    host.settings = nobody;
    host.pass([scanned([openssl])]);
    const both = [scanned([openssl], { references: ['app:1', 'app:latest'] })];
    host.pass(both);
    host.settings = somebody;
    expect(host.pass(both).notice?.recoveries.items).toEqual(['app:1']);
  });
});

describe('a reference that goes on from the baseline of another', () => {
  const critical: Finding = { ...openssl, severity: 'CRITICAL' };
  const raised = (): Host => {
    const host = acceptedHost([openssl]);
    expect(told(host.pass([scanned([critical])])).raised).toEqual(['openssl']);
    return host;
  };

  it('hears anew of what came back worse than it was accepted, also where its first pass finds it', () => {
    const host = raised();
    host.pass([scanned([], { id: 'sha256:2' })]);
    expect(told(host.pass([scanned([critical], { id: 'sha256:3', references: ['app:2'] })])).new).toEqual(['openssl']);
  });

  it('hears anew of what came back worse than it was accepted, also where the other was saved without it', () => {
    const host = raised();
    const copy = (findings: readonly Finding[], id = 'sha256:2'): PassImage =>
      scanned(findings, { id, references: ['copy:1'] });
    host.pass([scanned([critical], { references: ['app:1', 'copy:1'] })]);
    host.accept([scanned([], { id: 'sha256:3' })]);
    expect(told(host.pass([copy([])])).resolved).toEqual(['openssl']);
    expect(told(host.pass([copy([critical])])).new).toEqual(['openssl']);
  });
});

describe('accepting what goes on from another name', () => {
  it('keeps what was accepted of it, and not what was said of the other since', () => {
    const host = new Host();
    const unfixed = { ...openssl, fixed: null };
    host.accept([scanned([unfixed])]);
    const both = [scanned([unfixed], { references: ['app:1', 'app:latest'] })];
    host.pass(both);
    const file = host.baselines.get('app:1');
    if (file !== undefined)
      host.baselines.set('app:1', { ...file, findings: file.findings.map((line) => ({ ...line, until_fix: true })) });
    host.accept(both);
    expect(told(host.pass([scanned([openssl], { references: ['app:latest'] })])).new).toEqual([]);
  });
});
