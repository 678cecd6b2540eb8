import { describe, expect, it } from 'vitest';

import type { AcceptedFinding, Baseline } from '../baseline/baseline.ts';
import type { AcceptanceRule } from '../baseline/rules.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage } from '../model/scan-outcome.ts';
import type { Severity } from '../model/severity.ts';
import { aFinding } from '../testing/builders.ts';
import { decidePass, type PassDecision } from './decide-pass.ts';
import type { Pass, TellingSettings } from './pass.ts';
import { NOTHING_TOLD, type ToldState } from './told-state.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-11-22T00:00:00.000Z');
const on = (day: number): string => new Date(START + day * DAY).toISOString();

const A = aFinding({ vulnerability: 'CVE-2026-1', fixed: null });
const B = aFinding({ vulnerability: 'CVE-2026-2', fixed: null });

const singleLines = (...findings: AcceptedFinding[]): Baseline => ({
  schema: 'gts.baseline/1',
  reference: 'app:1',
  image_id: null,
  whole: false,
  coverage: null,
  filter: null,
  findings,
});

const lineFor = ({ key, severity }: Finding, more: Partial<AcceptedFinding> = {}): AcceptedFinding => ({
  key,
  package: null,
  severity,
  fixed: null,
  since: on(0),
  expires: null,
  reason: 'not reachable',
  owner: 'web',
  ...more,
});

const rule = (vulnerability: string, more: Partial<AcceptanceRule> = {}): AcceptanceRule => ({
  vulnerability,
  since: on(0),
  reason: 'not reachable',
  owner: 'web',
  ...more,
});

interface Given {
  readonly baseline?: Baseline;
  readonly rules?: readonly AcceptanceRule[] | null;
  readonly images?: Readonly<Record<string, string>>;
  readonly coverage?: Coverage;
  readonly settings?: Partial<TellingSettings>;
}

/** A host that is looked at on days; without `images` it has `app:1` alone. */
class Host {
  state: ToldState = NOTHING_TOLD;
  severities: readonly Severity[] = ['HIGH', 'CRITICAL'];

  on(
    day: number,
    findings: readonly Finding[],
    { baseline, rules = [], images, coverage = 'full', settings }: Given = {},
  ): PassDecision {
    const pass: Pass = {
      at: on(day),
      images: Object.entries(images ?? { 'app:1': 'a' }).map(([reference, content]) => ({
        id: `sha256:${content}`,
        content,
        references: [reference],
        containers: null,
        outcome: { status: 'complete', coverage, findings: [...findings], matched: true },
      })),
      scanner: {
        trivyVersion: '0.74.0',
        databaseGeneration: `${day}`,
        databaseUpdatedAt: on(day),
        databaseStale: false,
      },
      filter: { severities: [...this.severities], extra_args: [] },
      baselines: new Map(baseline === undefined ? [] : [['app:1', baseline]]),
      rules,
      unreadableBaselines: new Set(),
      trouble: null,
      interrupted: false,
    };
    const decision = decidePass(this.state, pass, { repeat: 'never', failuresAfter: 3, accept: false, ...settings });
    this.state = JSON.parse(JSON.stringify(decision.state)) as ToldState;
    return decision;
  }
}

const isNew = ({ reports }: PassDecision): string[] => [...reports.values()].flatMap(({ changes }) => changes.new);
const resolved = ({ reports }: PassDecision): string[] =>
  [...reports.values()].flatMap(({ changes }) => changes.resolved);
const states = ({ reports }: PassDecision): string[] => [...reports.values()].map(({ state }) => state);

describe('an acceptance of one finding', () => {
  it('leaves its reference pending: first sight is an inventory with all that is found', () => {
    const host = new Host();
    const first = host.on(1, [A, B], { baseline: singleLines(lineFor(A)) });
    expect(states(first)).toEqual(['pending']);
    expect(first.notice?.totals).toMatchObject({ firstSeen: 1, new: 0 });
    expect(first.notice?.firstSeen.items[0]?.counts).toMatchObject({ high: 2 });
    expect(host.on(2, [A, B], { baseline: singleLines(lineFor(A)) }).notice).toBeNull();
  });

  it('makes nothing known that is not found, so nothing of it resolves', () => {
    const host = new Host();
    const baseline = singleLines(lineFor(A));
    for (const day of [1, 2, 3]) expect(resolved(host.on(day, [B], { baseline }))).toEqual([]);
    const came = host.on(4, [A, B], { baseline });
    expect(isNew(came)).toEqual([]);
    expect(came.notice).toBeNull();
  });

  it.each([
    ['a line', { baseline: singleLines(lineFor(A, { expires: on(5) })) }],
    ['a rule', { rules: [rule('CVE-2026-1', { expires: on(5) })] }],
  ])('by %s is silent until its end, and is told again then, once', (_how, given) => {
    const host = new Host();
    host.on(0, [B]);
    expect(host.on(1, [A, B], given).notice).toBeNull();
    expect(host.on(2, [A, B], given).notice).toBeNull();
    const ended = host.on(6, [A, B], given);
    expect(isNew(ended)).toEqual([A.key]);
    expect(ended.notice?.changes.items[0]?.new.items[0]).toMatchObject({
      causes: ['acceptance_expired'],
      acceptance: { reason: 'not reachable', owner: 'web', expires: on(5) },
    });
    expect(host.on(7, [A, B], given).notice).toBeNull();
  });

  it('that ended while there was nobody to tell is told later with its reason and owner', () => {
    const host = new Host();
    const given = { rules: [rule('CVE-2026-1', { expires: on(3) })] };
    host.on(0, [B]);
    host.on(1, [A, B], given);
    host.on(4, [A, B], { ...given, settings: { tellsNobody: true } });
    expect(host.on(5, [A, B], given).notice?.changes.items[0]?.new.items).toMatchObject([
      { key: A.key, acceptance: { reason: 'not reachable', owner: 'web' } },
    ]);
  });

  it('that was in the inventory is told when its acceptance ends', () => {
    const host = new Host();
    host.on(0, [A, B]);
    const given = { rules: [rule('CVE-2026-1', { expires: on(3) })] };
    expect(host.on(1, [A, B], given).notice).toBeNull();
    expect(isNew(host.on(4, [A, B], given))).toEqual([A.key]);
  });

  it('until there is a fix ends with the fix', () => {
    const host = new Host();
    const given = { rules: [rule('CVE-2026-1', { until_fix: true })] };
    host.on(0, [B], given);
    expect(host.on(1, [A, B], given).notice).toBeNull();
    const fixed = { ...A, fixed: '3.0.2' };
    const ended = host.on(2, [fixed, B], given);
    expect(isNew(ended)).toEqual([A.key]);
    expect(ended.notice?.changes.items[0]?.new.items[0]?.acceptance).toMatchObject({
      reason: 'not reachable',
      owner: 'web',
      untilFix: true,
    });
    expect(host.on(3, [fixed, B], given).notice).toBeNull();
  });

  it('by a rule counts in every reference, now and later, and a narrowed one in its own', () => {
    const host = new Host();
    const images = { 'app:1': 'a', 'web:1': 'b' };
    host.on(0, [B], { images });
    expect(host.on(1, [A, B], { images, rules: [rule('CVE-2026-1')] }).notice).toBeNull();
    const other = new Host();
    other.on(0, [B], { images });
    const narrowed = other.on(1, [A, B], { images, rules: [rule('CVE-2026-1', { image: 'web:1' })] });
    expect(narrowed.reports.get('app:1')?.changes.new).toEqual([A.key]);
    expect(narrowed.reports.get('web:1')?.changes.new).toEqual([]);
  });

  it('by an own line is stronger than by a rule', () => {
    const host = new Host();
    const baseline = singleLines(lineFor(A));
    const rules = [rule('CVE-2026-1', { expires: on(3) })];
    host.on(0, [A, B], { baseline, rules });
    expect(host.on(5, [A, B], { baseline, rules }).notice).toBeNull();
  });

  it('that is taken back is new again where nobody had heard of it, and known where people had', () => {
    const host = new Host();
    host.on(0, [B]);
    const rules = [rule('CVE-2026-1'), rule('CVE-2026-2')];
    host.on(1, [A, B], { rules });
    expect(isNew(host.on(2, [A, B], { rules: null }))).toEqual([]);
    expect(isNew(host.on(3, [A, B], { rules: [] }))).toEqual([A.key]);
  });

  it('does not hold for a finding that is worse than it was accepted', () => {
    const host = new Host();
    const given = { rules: [rule('CVE-2026-1', { severity: 'HIGH' })] };
    host.on(0, [A], given);
    const raised = host.on(1, [{ ...A, severity: 'CRITICAL' }], given);
    expect(raised.notice?.totals).toMatchObject({ severityRaised: 1 });
    expect(host.on(2, [{ ...A, severity: 'CRITICAL' }], given).notice).toBeNull();
    const fresh = new Host();
    fresh.on(0, [B], given);
    expect(isNew(fresh.on(1, [{ ...A, severity: 'CRITICAL' }, B], given))).toEqual([A.key]);
  });

  it('holds for what is withdrawn and found again', () => {
    const host = new Host();
    const given = { rules: [rule('CVE-2026-1')] };
    host.on(0, [A, B], given);
    host.on(1, [B], given);
    host.on(2, [B], given);
    expect(isNew(host.on(3, [A, B], given))).toEqual([]);
  });

  it('goes on with the image that follows under another tag', () => {
    const host = new Host();
    const baseline = singleLines(lineFor(A));
    host.on(0, [A, B], { baseline });
    const next = host.on(1, [A, B], { baseline, images: { 'app:2': 'b' } });
    expect(next.baselines).toMatchObject([{ reference: 'app:2', whole: false, findings: [{ key: A.key }] }]);
    expect(next.state.references.find(({ reference }) => reference === 'app:2')?.known).toMatchObject([
      { key: A.key, accepted: true },
      { key: B.key, accepted: false },
    ]);
  });
});

describe('accepting a pass', () => {
  const accept: Partial<TellingSettings> = { accept: true };

  it.each([
    ['a line', { baseline: singleLines(lineFor(A, { expires: on(60), ticket: 'T-1' })) }],
    ['a rule', { rules: [rule('CVE-2026-1', { expires: on(60) })] }],
    ['a rule until a fix', { rules: [rule('CVE-2026-1', { until_fix: true })] }],
  ])('keeps reason, owner and end of what is accepted by %s', (how, given) => {
    const host = new Host();
    host.on(0, [A, B], given);
    const { baselines } = host.on(1, [A, B], { ...given, settings: accept });
    const end = how === 'a rule until a fix' ? { until_fix: true, expires: null } : { expires: on(60) };
    expect(baselines[0]?.findings).toMatchObject([
      { key: A.key, since: on(0), reason: 'not reachable', owner: 'web', ...end },
      { key: B.key, since: on(1), expires: null, reason: null },
    ]);
    expect(baselines[0]?.findings[0]?.['ticket']).toBe(how === 'a line' ? 'T-1' : undefined);
  });

  it('tells what ends once more when it has ended, and warns no second time', () => {
    const settings = { expiringSeconds: 14 * 86_400 };
    const given = { rules: [rule('CVE-2026-1', { expires: on(60) })], settings };
    const host = new Host();
    host.on(0, [A, B], given);
    expect(host.on(50, [A, B], given).notice?.ending?.total).toBe(1);
    const [baseline] = host.on(51, [A, B], { ...given, settings: { ...settings, ...accept } }).baselines;
    if (baseline === undefined) throw new Error('nothing was accepted');
    expect(host.on(52, [A, B], { ...given, baseline }).notice).toBeNull();
    const ended = host.on(61, [A, B], { ...given, baseline });
    expect(ended.notice?.changes.items[0]?.new.items).toMatchObject([
      { key: A.key, acceptance: { reason: 'not reachable', owner: 'web' } },
    ]);
  });

  it('is refused while the rules cannot be read, since their ends would be lost', () => {
    const host = new Host();
    host.on(0, [A, B], { rules: [rule('CVE-2026-1', { expires: on(60) })] });
    const { baselines, notAccepted } = host.on(1, [A, B], { rules: null, settings: accept });
    expect(baselines).toEqual([]);
    expect(notAccepted).toMatchObject([{ reference: 'app:1', reason: expect.stringContaining('rules') }]);
  });
});

describe('an image of which a part can be judged only', () => {
  it('is accepted singly, and says how where it was to be accepted whole', () => {
    const host = new Host();
    const given = { coverage: 'partial' as const, baseline: singleLines(lineFor(A), lineFor(B, { expires: on(3) })) };
    host.on(0, [A, B], given);
    expect(host.on(1, [A, B], given).notice).toBeNull();
    expect(host.on(1, [A, B], { ...given, settings: { accept: true } }).notAccepted).toMatchObject([
      { reason: expect.stringContaining('gts accept CVE --image REFERENCE') },
    ]);
    expect(isNew(host.on(4, [A, B], given))).toEqual([B.key]);
  });
});

describe('an acceptance of one finding and how severe it is', () => {
  const critical: Finding = { ...A, severity: 'CRITICAL' };

  it('covers it under its next name too', () => {
    const host = new Host();
    host.on(0, [A]);
    const renamed = aFinding({ vulnerability: 'CVE-2026-1', package: 'openssl3', severity: 'CRITICAL', fixed: null });
    expect(host.on(1, [renamed], { rules: [rule('CVE-2026-1', { severity: 'CRITICAL' })] }).notice).toBeNull();
  });

  it('covers whatever is not more severe than it was accepted, without a word', () => {
    const host = new Host();
    const given = { rules: [rule('CVE-2026-1', { severity: 'CRITICAL' })] };
    host.on(0, [A], given);
    expect(host.on(1, [critical], given).notice).toBeNull();
  });

  it('holds where people once heard of it as more severe', () => {
    const host = new Host();
    host.on(0, [critical]);
    host.on(1, [A]);
    const given = { rules: [rule('CVE-2026-1', { since: on(1), severity: 'HIGH', expires: on(3) })] };
    expect(host.on(2, [A], given).notice).toBeNull();
    expect(isNew(host.on(4, [A], given))).toEqual([A.key]);
  });

  it('lets nobody hear later that it was raised before', () => {
    const host = new Host();
    host.on(0, [A]);
    host.on(1, [critical], { settings: { tellsNobody: true } });
    const given = { rules: [rule('CVE-2026-1', { since: on(1), severity: 'CRITICAL' })] };
    expect(host.on(2, [critical], given).notice).toBeNull();
  });
});

describe('an acceptance of one finding that is over', () => {
  it('is told though no pass saw it in force', () => {
    const host = new Host();
    host.on(0, [A]);
    const given = { rules: [rule('CVE-2026-1', { since: on(0.1), expires: on(0.5) })] };
    expect(isNew(host.on(1, [A], given))).toEqual([A.key]);
    expect(host.on(2, [A], given).notice).toBeNull();
  });

  it('says nothing of a finding that came after it', () => {
    const host = new Host();
    const given = { rules: [rule('CVE-2026-1', { expires: on(0.5) })] };
    host.on(1, [B], given);
    expect(isNew(host.on(2, [A, B], given))).toEqual([A.key]);
    expect(host.on(3, [A, B], given).notice).toBeNull();
  });

  it('by an own line ends what a rule accepted before', () => {
    const host = new Host();
    const rules = [rule('CVE-2026-1')];
    host.on(0, [A], { rules });
    const baseline = singleLines(lineFor(A, { since: on(0.5), expires: on(2) }));
    host.on(1, [A], { rules, baseline });
    expect(isNew(host.on(3, [A], { rules, baseline }))).toEqual([A.key]);
  });
});

describe('an acceptance of one finding beside a line of a whole baseline that is over', () => {
  it('holds for what is found again, also under another ID', () => {
    const host = new Host();
    const { whole: _, ...ended } = singleLines(lineFor(A, { expires: on(2) }));
    const renamed = aFinding({ vulnerability: 'CVE-2026-9', aliases: ['CVE-2026-1'], fixed: null });
    host.on(0, [A], { baseline: ended });
    for (const day of [0.5, 1]) host.on(day, [], { baseline: ended });
    const rules = [rule('CVE-2026-1', { since: on(2) })];
    expect(isNew(host.on(3, [renamed], { baseline: ended, rules }))).toEqual([]);
  });

  it('holds, whatever else is edited in that baseline', () => {
    const host = new Host();
    const { whole: _, ...ended } = singleLines(lineFor(A, { expires: on(2) }));
    host.on(1, [A], { baseline: ended });
    expect(isNew(host.on(3, [A], { baseline: ended }))).toEqual([A.key]);
    const rules = [rule('CVE-2026-1', { since: on(3.5) })];
    host.on(4, [A], { baseline: ended, rules });
    expect(host.on(5, [A], { baseline: { ...ended, note: 'edited' }, rules }).notice).toBeNull();
  });
});

describe('an acceptance of one finding that is taken back', () => {
  it('is over for the finding of its line, whatever is accepted beside it', () => {
    const host = new Host();
    const twin: Finding = { ...aFinding({ vulnerability: 'CVE-2026-1', package: 'libssl', fixed: null }) };
    const until = { expires: on(5) };
    host.on(0, [A, twin]);
    host.on(1, [A, twin], { baseline: singleLines(lineFor(A, until), lineFor(twin, until)) });
    const baseline = singleLines(lineFor(twin, until));
    host.on(2, [A, twin], { baseline });
    expect(isNew(host.on(6, [A, twin], { baseline }))).toEqual([twin.key]);
  });

  it('accepts nothing that is found again later', () => {
    const host = new Host();
    const rules = [rule('CVE-2026-1')];
    host.on(0, [A, B], { rules });
    for (const day of [1, 2]) host.on(day, [B], { rules });
    host.on(3, [B]);
    expect(isNew(host.on(4, [A, B]))).toEqual([A.key]);
  });

  it('makes news of what nobody heard of, also where a filter left it out just then', () => {
    const host = new Host();
    const rules = [rule('CVE-2026-1')];
    host.on(0, [B], { rules });
    host.on(1, [A, B], { rules });
    host.severities = ['CRITICAL'];
    host.on(2, [A, B]);
    host.severities = ['HIGH', 'CRITICAL'];
    expect(isNew(host.on(3, [A, B]))).toEqual([A.key]);
  });

  it('makes news of what nobody heard of, also where the baseline was removed before', () => {
    const host = new Host();
    const rules = [rule('CVE-2026-1')];
    const { whole: _, ...whole } = singleLines(lineFor(B));
    host.on(0, [B], { baseline: whole, rules });
    host.on(1, [A, B], { baseline: whole, rules });
    host.on(2, [A, B], { rules });
    expect(isNew(host.on(3, [A, B]))).toEqual([A.key]);
  });
});

describe('an acceptance that ends soon', () => {
  const settings = { expiringSeconds: 14 * 86_400 };

  it.each([
    ['a line', { baseline: singleLines(lineFor(A, { expires: on(60) })), settings }],
    ['a rule', { rules: [rule('CVE-2026-1', { expires: on(60) })], settings }],
  ])('by %s is told once before its end', (_how, given) => {
    const host = new Host();
    host.on(0, [A, B], given);
    expect(host.on(45, [A, B], given).notice).toBeNull();
    const warned = host.on(47, [A, B], given);
    expect(warned.notice?.totals.new).toBe(0);
    expect(warned.notice?.ending?.items).toMatchObject([
      {
        finding: { key: A.key, title: A.title },
        references: { items: ['app:1'] },
        expires: on(60),
        reason: 'not reachable',
        owner: 'web',
      },
    ]);
    expect(host.on(48, [A, B], given).notice).toBeNull();
  });

  it('is not told where it was made for a shorter time', () => {
    const host = new Host();
    const given = { rules: [rule('CVE-2026-1', { expires: on(10) })], settings };
    host.on(0, [A, B], given);
    expect(host.on(1, [A, B], given).notice).toBeNull();
  });

  it('waits while there is nobody to tell', () => {
    const host = new Host();
    const given = { rules: [rule('CVE-2026-1', { expires: on(60) })], settings };
    host.on(0, [A, B], given);
    expect(host.on(50, [A, B], { ...given, settings: { ...settings, tellsNobody: true } }).notice).toBeNull();
    expect(host.on(51, [A, B], given).notice?.ending?.total).toBe(1);
  });
});
