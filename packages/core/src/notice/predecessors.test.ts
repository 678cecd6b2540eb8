import { describe, expect, it } from 'vitest';

import type { AcceptanceRule } from '../baseline/rules.ts';
import type { Baseline } from '../baseline/baseline.ts';
import type { Finding } from '../model/finding.ts';
import { aFinding } from '../testing/builders.ts';
import { decidePass, type PassDecision } from './decide-pass.ts';
import type { PassImage } from './pass.ts';
import { NOTHING_TOLD, ToldState } from './told-state.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-11-01T00:00:00Z');
const KNOWN = aFinding({ package: 'openssl' });
const NEWS = aFinding({ package: 'zlib', vulnerability: 'CVE-2026-2000' });

/** What an image is called, what it holds, and what runs it: `name` or `name@project/service`. */
interface ImageGiven {
  readonly findings?: readonly Finding[];
  readonly content?: string;
  readonly ranBy?: readonly string[];
}

const image = (references: string | readonly string[], given: ImageGiven = {}): PassImage => {
  const names = typeof references === 'string' ? [references] : references;
  const content = given.content ?? names.join();
  return {
    id: `sha256:${content}`,
    content,
    references: names,
    containers: (given.ranBy ?? []).map((user) => {
      const [name = '', project = null, service = null] = user.split(/[@/]/);
      return { name, state: 'running', compose_project: project, compose_service: service };
    }),
    outcome: { status: 'complete', coverage: 'full', findings: [...(given.findings ?? [KNOWN])], matched: true },
  };
};

/** A host whose passes follow each other by a day; `kept` is there beside what a pass looks at. */
class Host {
  state: ToldState = NOTHING_TOLD;
  readonly baselines = new Map<string, Baseline>();
  rules: readonly AcceptanceRule[] = [];
  #at = START;

  pass(images: readonly PassImage[], { accept = false, kept = [] as readonly string[] } = {}): PassDecision {
    this.#at += DAY;
    const at = new Date(this.#at).toISOString();
    const decision = decidePass(
      this.state,
      {
        at,
        images,
        scanner: { trivyVersion: '0.74.0', databaseGeneration: 'g', databaseUpdatedAt: at, databaseStale: false },
        filter: { severities: ['HIGH', 'CRITICAL'], extra_args: [] },
        baselines: this.baselines,
        rules: this.rules,
        unreadableBaselines: new Set(),
        onHost: [...images.flatMap(({ references }) => references), ...kept],
        trouble: null,
        interrupted: false,
      },
      { repeat: 'never', failuresAfter: 3, accept },
    );
    this.state = ToldState.parse(JSON.parse(JSON.stringify(decision.state)));
    for (const baseline of decision.baselines) this.baselines.set(baseline.reference ?? '', baseline);
    return decision;
  }
}

const startedFrom = ({ notice }: PassDecision): (string | null | undefined)[] =>
  notice?.changes.items.map((group) => group.startedFrom) ?? [];

describe('a reference that is met for the first time', () => {
  it('goes on from the image that its Compose service ran before, whatever the repository and the container', () => {
    const host = new Host();
    host.pass([image('registry.example/app:6', { ranBy: ['shop-web-1@shop/web'] })], { accept: true });
    const next = image('ghcr.io/acme/app:7', { ranBy: ['shop-web-2@shop/web'], findings: [KNOWN, NEWS] });
    const decision = host.pass([next], { kept: ['registry.example/app:6'] });
    expect(startedFrom(decision)).toEqual(['registry.example/app:6']);
    expect(decision.notice?.totals).toMatchObject({ new: 1, firstSeen: 0 });
    expect(decision.notice?.changes.items[0]?.changed).toEqual({ new: 1, severityRaised: 0, resolved: 0 });
    expect(host.baselines.get('ghcr.io/acme/app:7')?.findings).toMatchObject([{ key: KNOWN.key }]);
    expect(decision.reports.get('ghcr.io/acme/app:7')?.state).toBe('accepted');
  });

  it('goes on from the image that a container of its name ran before', () => {
    const host = new Host();
    host.pass([image('app:6', { ranBy: ['web'] })], { accept: true });
    const decision = host.pass([image('other:1', { ranBy: ['web'] })], { kept: ['app:6'] });
    expect(decision.notice).toBeNull();
    expect(decision.lines).toContain(
      'other:1: first seen, app:6 → other:1, goes on from what is known and accepted of that',
    );
  });

  it('does so deploy after deploy, whether old images stay or leave', () => {
    const host = new Host();
    host.pass([image('app:1', { ranBy: ['web'] })], { accept: true });
    for (const build of [2, 3, 4]) {
      const stays = build % 2 === 0 ? [image(`app:${build - 1}`)] : [];
      const { notice, reports } = host.pass([...stays, image(`app:${build}`, { ranBy: ['web'] })]);
      expect([notice, reports.get(`app:${build}`)?.state]).toEqual([null, 'accepted']);
    }
    expect(startedFrom(host.pass([image('app:5', { ranBy: ['web'], findings: [KNOWN, NEWS] })]))).toEqual(['app:4']);
  });

  it('remembers what a container ran while it was away', () => {
    const host = new Host();
    host.pass([image('app:1', { ranBy: ['web@shop/web'] })], { accept: true });
    host.pass([image('app:1')]);
    expect(host.pass([image('app:1'), image('app:2', { ranBy: ['web@shop/web'] })]).notice).toBeNull();
  });

  it('takes two names of one image for one, and of both what is accepted', () => {
    const host = new Host();
    host.pass([image('app:build-1', { content: 'one' })], { accept: true });
    host.pass([image(['app:build-1', 'app:latest'], { content: 'one', ranBy: ['web'] })]);
    const decision = host.pass([
      image(['app:build-2', 'app:latest'], { content: 'two', ranBy: ['web'], findings: [KNOWN, NEWS] }),
    ]);
    expect(decision.notice?.totals).toMatchObject({ firstSeen: 0, new: 1 });
    expect(decision.reports.get('app:build-2')?.state).toBe('accepted');
  });

  it.each([
    ['two services ran different images', ['a@shop/a', 'b@shop/b'], [['a@shop/a'], ['b@shop/b']]],
    ['one service ran two images', ['web-3@shop/web'], [['web-1@shop/web'], ['web-2@shop/web']]],
  ] as const)('is first seen where %s', (_, ranBy, before) => {
    const host = new Host();
    host.pass(
      before.map((users, index) => image(`app${index}:1`, { ranBy: users })),
      { accept: true },
    );
    const decision = host.pass([image('new:1', { ranBy })], { kept: ['app0:1', 'app1:1'] });
    expect(decision.notice?.totals.firstSeen).toBe(1);
    expect(decision.baselines).toEqual([]);
  });

  it('is first seen where a service of the same name is in another project', () => {
    const host = new Host();
    host.pass([image('app:1', { ranBy: ['a@shop/web'] })], { accept: true });
    const decision = host.pass([image('other:1', { ranBy: ['b@blog/web'] })], { kept: ['app:1'] });
    expect(decision.notice?.totals.firstSeen).toBe(1);
  });

  it('keeps single acceptances of the image before, and leaves the rest as known as it was', () => {
    const host = new Host();
    const line = { key: KNOWN.key, package: null, severity: null, fixed: null, since: null, reason: 'x', owner: 'web' };
    host.pass([image('app:1', { ranBy: ['web'], findings: [KNOWN, NEWS] })]);
    host.baselines.set('app:1', {
      schema: 'gts.baseline/1',
      reference: 'app:1',
      image_id: null,
      whole: false,
      coverage: null,
      filter: null,
      findings: [{ ...line, expires: null }],
    });
    const decision = host.pass([image('app:2', { ranBy: ['web'], findings: [KNOWN, NEWS] })]);
    expect([decision.notice, decision.reports.get('app:2')?.state]).toEqual([null, 'pending']);
    expect(host.baselines.get('app:2')).toMatchObject({ whole: false, findings: [{ key: KNOWN.key, owner: 'web' }] });
  });

  it('remembers a bounded number of what ran an image', () => {
    const host = new Host();
    for (const day of [1, 2, 3])
      host.pass([image('app:1', { ranBy: Array.from({ length: 50 }, (_, index) => `job-${day}-${index}`) })]);
    const [state] = host.state.references;
    expect(state?.containers).toHaveLength(64);
    expect(state?.containers[0]).toBe('job-3-0');
  });
});
