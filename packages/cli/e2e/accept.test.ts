import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  AcceptanceRules,
  AcceptDocument,
  Baseline,
  BaselineDiffDocument,
  BaselineImportDocument,
  BaselineListDocument,
  BaselineShowDocument,
  BaselineTidyDocument,
  type Finding,
  HostScanDocument,
  ImageDocument,
} from '@scanner/core';
import { createLockKeeper, openTellingStore } from '@scanner/store';
import { type Engine, loadStandardImages, placeDatabase, realTrivy, startClassicEngine } from '@scanner/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type GtsUser, gtsUser } from './support/gts.ts';
import { readDocument } from './support/schemas.ts';

const ALPINE = 'registry.example/base/alpine:3.23';
const DEBIAN = 'registry.example/base/debian:12';

let engine: Engine;
let user: GtsUser;

beforeAll(async () => {
  engine = await startClassicEngine();
  await loadStandardImages(engine);
});
afterAll(() => engine.stop());
beforeEach(async () => {
  user = await gtsUser({
    TRIVY_PATH: await realTrivy(),
    TRIVY_SKIP_DB_UPDATE: '1',
    TRIVY_SEVERITY: 'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL',
    DOCKER_HOST: engine.dockerHost,
    SCAN_IMAGES: [ALPINE, DEBIAN].join(','),
  });
});
afterEach(() => user[Symbol.asyncDispose]());

const pass = async (generation: 1 | 2): Promise<HostScanDocument> => {
  await placeDatabase(join(user.directory, 'cache'), generation, { updatedAt: new Date() });
  return readDocument(HostScanDocument, (await user.gts(['host', 'scan', '--json'])).stdout);
};

const accept = async (...args: readonly string[]) => {
  const { exitCode, stdout, stderr } = await user.gts(['accept', ...args, '--json']);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return readDocument(AcceptDocument, stdout);
};

const newIn = (document: HostScanDocument, reference: string): string[] =>
  document.images.flatMap(({ baselines }) =>
    baselines.filter((each) => each.reference === reference).flatMap(({ changes }) => changes.new),
  );

const findingsIn = (document: HostScanDocument, reference: string): Finding[] =>
  document.images.filter(({ references }) => references.includes(reference)).flatMap(({ findings }) => findings);

const snapshot = (file: string): string => join(user.directory, 'snapshots', file);

describe('gts accept', () => {
  it('accepts one vulnerability of an image while a pass has the state: the next pass is silent about it, until its end', async () => {
    const first = await pass(1);
    const [finding] = findingsIn(first, DEBIAN);
    if (finding === undefined) throw new Error('nothing was found');
    const attempt = createLockKeeper().tryAcquire(join(user.directory, 'state', 'pass.lock'), 'a pass');
    if (!('held' in attempt)) throw new Error('the state directory is in use');
    const document = await accept(
      ...[finding.vulnerability, '--image', DEBIAN, '--reason', 'not reachable', '--owner', 'web', '--expires', '90d'],
    ).finally(() => attempt.held[Symbol.dispose]());
    expect(document.accepted).toMatchObject([{ as: 'lines', image: DEBIAN }]);
    expect(document.accepted[0]?.hits.map(({ key }) => key)).toContain(finding.key);

    const [file = ''] = document.files;
    const saved: unknown = JSON.parse(await readFile(snapshot(file), 'utf8'));
    expect(saved).toMatchObject({ schema: 'gts.baseline/1', whole: false, reference: DEBIAN });
    const second = await pass(1);
    expect(second.totals.new).toBe(0);
    expect(second.images.flatMap(({ baselines }) => baselines.map(({ state }) => state))).toEqual([
      'pending',
      'pending',
    ]);

    // What was accepted until a day that is over by now.
    const text = await readFile(snapshot(file), 'utf8');
    await writeFile(snapshot(file), text.replaceAll(/"expires":"[^"]+"/g, '"expires":"2026-01-01"'));
    expect(newIn(await pass(1), DEBIAN)).toEqual(document.accepted[0]?.hits.map(({ key }) => key).toSorted());
    expect((await pass(1)).totals.new).toBe(0);
  });

  it('accepts by a rule in every image, what comes later too', async () => {
    await pass(1);
    const second = await pass(2);
    const came = [ALPINE, DEBIAN].flatMap((reference) => newIn(second, reference));
    expect(came.length).toBeGreaterThan(0);

    await user[Symbol.asyncDispose]();
    user = await gtsUser({
      TRIVY_PATH: await realTrivy(),
      TRIVY_SKIP_DB_UPDATE: '1',
      TRIVY_SEVERITY: 'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL',
      DOCKER_HOST: engine.dockerHost,
      SCAN_IMAGES: [ALPINE, DEBIAN].join(','),
    });
    await pass(1);
    const ids = [...new Set(came.map((key) => key.split('|')[0] ?? ''))];
    const document = await accept(...ids, '--reason', 'waiting for upstream');
    expect(document.accepted.every(({ as, hits }) => as === 'rule' && hits.length === 0)).toBe(true);
    expect(document.files).toEqual(['rules.json']);
    expect((await pass(2)).totals.new).toBe(0);
  });

  it('refuses to accept until there is a fix where there is one, and names it', async () => {
    const fixed = findingsIn(await pass(1), ALPINE).find((finding) => finding.fixed !== null);
    if (fixed === undefined) throw new Error('nothing with a fix was found');
    const { exitCode, stderr } = await user.gts(['accept', fixed.vulnerability, '--reason', 'later', '--until-fix']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(fixed.fixed);
  });

  it('counts in gts image --baseline and its gate', async () => {
    const found = findingsIn(await pass(1), ALPINE);
    const rest = ['image', ALPINE, '--source', 'docker', '--baseline', '--fail-on', 'low', '--json'];
    const image = () =>
      user.gts([...rest, '--dir', user.directory], { TRIVY_CACHE_DIR: join(user.directory, 'cache') });
    const ids = [...new Set(found.map(({ vulnerability }) => vulnerability))];
    const before = await image();
    expect(before.exitCode).toBe(1);
    await accept(...ids, '--reason', 'not reachable');
    const after = await image();
    expect(after.exitCode).toBe(0);
    expect((await readDocument(ImageDocument, after.stdout)).images[0]?.findings).toEqual([]);
  });

  it('needs a reason and a vulnerability', async () => {
    expect((await user.gts(['accept', 'CVE-2026-1'])).exitCode).toBe(2);
    expect((await user.gts(['accept', '--reason', 'x'])).exitCode).toBe(2);
    expect((await user.gts(['accept', 'no id', '--reason', 'x'])).exitCode).toBe(2);
  });
});

describe('gts baseline import', () => {
  it('takes over .trivyignore and .trivyignore.yaml as rules, which the next pass keeps to', async () => {
    await pass(1);
    const plain = join(user.workingDirectory, '.trivyignore');
    await writeFile(plain, '# accepted\nCVE-2026-0001 exp:2999-01-31\n');
    const imported = await user.gts(['baseline', 'import', plain, '--json']);
    expect(imported.exitCode).toBe(0);
    const document = await readDocument(BaselineImportDocument, imported.stdout);
    expect(document.imported).toMatchObject([
      { line: 2, rule: { vulnerability: 'CVE-2026-0001', expires: '2999-01-31' }, hits: [] },
    ]);
    const structured = join(user.workingDirectory, '.trivyignore.yaml');
    await writeFile(
      structured,
      'vulnerabilities:\n  - id: CVE-2026-0002\n    paths: ["app/**"]\n    purls: ["pkg:npm/lodash"]\n    statement: not reachable\n    expired_at: 2999-02-01\n',
    );
    expect((await user.gts(['baseline', 'import', structured, '--image', ALPINE])).exitCode).toBe(0);
    const rules = AcceptanceRules.parse(JSON.parse(await readFile(snapshot('rules.json'), 'utf8')));
    expect(rules.rules).toMatchObject([
      { vulnerability: 'CVE-2026-0001' },
      {
        vulnerability: 'CVE-2026-0002',
        image: ALPINE,
        paths: ['app/**'],
        purls: ['pkg:npm/lodash'],
        reason: 'not reachable',
        expires: '2999-02-01',
      },
    ]);
  });

  it('names the line that is wrong, and takes over nothing', async () => {
    const structured = join(user.workingDirectory, 'ignore.yaml');
    await writeFile(structured, 'vulnerabilities:\n  - id: CVE-2026-0002\n    expired_at: soon\n');
    const { exitCode, stderr } = await user.gts(['baseline', 'import', structured]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('line 3');
  });
});

describe('gts baseline tidy', () => {
  it('lists what has ended or is mended, and drops it where that is asked for', async () => {
    const found = findingsIn(await pass(1), ALPINE);
    const [id = ''] = found.map(({ vulnerability }) => vulnerability);
    await accept(id, '--image', ALPINE, '--reason', 'x', '--expires', '90d');
    const { files } = await accept(id, '--image', ALPINE, '--reason', 'x', '--expires', '90d');
    const [file = ''] = files;
    const text = await readFile(snapshot(file), 'utf8');
    await writeFile(snapshot(file), text.replaceAll(/"expires":"[^"]+"/g, '"expires":"2026-01-01"'));
    const tidy = async (...args: readonly string[]) =>
      readDocument(BaselineTidyDocument, (await user.gts(['baseline', 'tidy', ...args, '--json'])).stdout);
    const listed = await tidy();
    expect(listed).toMatchObject({ written: false });
    expect(listed.dropped.length).toBeGreaterThan(0);
    expect(listed.dropped.every(({ why, reference }) => why === 'over' && reference === ALPINE)).toBe(true);
    expect(await readFile(snapshot(file), 'utf8')).toContain('2026-01-01');
    await tidy('--write');
    expect((await tidy()).dropped).toEqual([]);
  });

  it('drops what a fix ended, and what was not found for 30 days and not before', async () => {
    const withdrawn = 'CVE-2099-2003';
    const found = findingsIn(await pass(1), ALPINE);
    const fixed = found.find(({ vulnerability, fixed: version }) => version !== null && vulnerability !== withdrawn);
    if (fixed === undefined) throw new Error('nothing with a fix was found');
    await accept(withdrawn, '--image', ALPINE, '--reason', 'x', '--owner', 'web');
    const [file = ''] = (await accept(fixed.vulnerability, '--image', ALPINE, '--reason', 'later')).files;
    const keysOf = (id: string) => found.filter(({ vulnerability }) => vulnerability === id).map(({ key }) => key);
    const tidy = async (...args: readonly string[]) =>
      (await readDocument(BaselineTidyDocument, (await user.gts(['baseline', 'tidy', ...args, '--json'])).stdout))
        .dropped;
    expect(await tidy()).toEqual([]);

    const baseline = Baseline.parse(JSON.parse(await readFile(snapshot(file), 'utf8')));
    const findings = baseline.findings.map((line) => ({
      ...line,
      ticket: 'T-1',
      ...(keysOf(fixed.vulnerability).includes(line.key) && { until_fix: true }),
    }));
    await writeFile(snapshot(file), JSON.stringify({ ...baseline, team: 'web', findings }));
    expect((await tidy()).map(({ what, why }) => `${why} ${what}`).toSorted()).toEqual(
      keysOf(fixed.vulnerability)
        .map((key) => `fixed ${key}`)
        .toSorted(),
    );

    for (const _ of [1, 2]) await pass(2);
    const gone = async () => (await tidy()).filter(({ why }) => why === 'gone').map(({ what }) => what);
    expect(await gone()).toEqual([]);
    await laterByDays(31);
    expect((await gone()).toSorted()).toEqual(keysOf(withdrawn).toSorted());
    expect(await tidy('--write')).toHaveLength(keysOf(withdrawn).length + keysOf(fixed.vulnerability).length);
    expect(await tidy()).toEqual([]);
    expect(JSON.parse(await readFile(snapshot(file), 'utf8'))).toMatchObject({
      team: 'web',
      whole: false,
      findings: [],
    });
  });

  /** Has everything that was told as gone be gone for so many days longer. */
  const laterByDays = async (days: number): Promise<void> => {
    using store = openTellingStore(join(user.directory, 'state', 'telling.db'));
    const { state } = store.read();
    const earlier = (moment: string | null): string | null =>
      moment === null ? null : new Date(Date.parse(moment) - days * 86_400_000).toISOString();
    const references = state.references.map((each) => ({
      ...each,
      resolvedSince: each.resolvedSince.map((known) => ({ ...known, goneAt: earlier(known.goneAt) })),
    }));
    store.commit({ state: { ...state, references }, message: null });
  };
});

describe('gts baseline', () => {
  it('shows, lists and compares single acceptances and rules: the rest is not accepted, and not new', async () => {
    const found = findingsIn(await pass(1), ALPINE);
    const [line, ruled] = [...new Set(found.map(({ vulnerability }) => vulnerability))];
    if (line === undefined || ruled === undefined) throw new Error('too little was found');
    await accept(line, '--image', ALPINE, '--reason', 'not reachable', '--owner', 'web');
    await accept(ruled, '--reason', 'later', '--owner', 'ops', '--expires', '90d');
    const keysOf = (id: string) => found.filter(({ vulnerability }) => vulnerability === id).map(({ key }) => key);
    const baseline = async <Document>(model: { parse(value: unknown): Document }, ...args: readonly string[]) =>
      readDocument(model, (await user.gts(['baseline', ...args, '--json'])).stdout);

    const [shown] = (await baseline(BaselineShowDocument, 'show', ALPINE)).baselines;
    expect(shown).toMatchObject({ whole: false, rules: [{ vulnerability: ruled, hits: keysOf(ruled), owner: 'ops' }] });
    expect(shown?.findings.map(({ key, owner }) => [key, owner])).toEqual(keysOf(line).map((key) => [key, 'web']));
    const { baselines, rules } = await baseline(BaselineListDocument, 'list');
    expect(baselines).toMatchObject([{ reference: ALPINE, whole: false }]);
    expect(rules).toMatchObject({ file: 'rules.json', problem: null, rules: [{ vulnerability: ruled, owner: 'ops' }] });

    const [difference] = (await baseline(BaselineDiffDocument, 'diff', ALPINE)).differences;
    expect(difference).toMatchObject({ whole: false, new: [], resolved: [] });
    expect(difference?.not_accepted).toHaveLength(found.length - keysOf(line).length - keysOf(ruled).length);
    expect((await user.gts(['baseline', 'diff', ALPINE, '--exit-code'])).exitCode).toBe(1);
    const told = await user.gts(['baseline', 'diff', ALPINE]);
    expect(told.stdout).toContain(`Not accepted: ${difference?.not_accepted.length}`);
    expect(told.stdout).not.toContain('New');

    // Saved whole, the rule's end, owner and reason stay with what it accepts.
    expect((await user.gts(['baseline', 'save', ALPINE])).exitCode).toBe(0);
    const [saved] = (await baseline(BaselineShowDocument, 'show', ALPINE)).baselines;
    const kept = saved?.findings.filter(({ key }) => keysOf(ruled).includes(key)) ?? [];
    expect(kept.map(({ reason, owner }) => [reason, owner])).toEqual(keysOf(ruled).map(() => ['later', 'ops']));
    expect(kept.every(({ expires }) => expires !== null)).toBe(true);
    expect((await user.gts(['baseline', 'diff', ALPINE, '--exit-code'])).exitCode).toBe(0);
  });

  it('ends with 3 and names the rules where they cannot be read', async () => {
    await pass(1);
    await user.gts(['baseline', 'save', ALPINE]);
    await writeFile(snapshot('rules.json'), '{"schema": "gts.rules/1", "rules": [},');
    for (const command of [['show'], ['diff'], ['list'], ['save', ALPINE]]) {
      const { exitCode, stderr } = await user.gts(['baseline', ...command]);
      expect([command, exitCode]).toEqual([command, 3]);
      expect(stderr).toContain('rules.json');
    }
    const passed = await user.gts(['host', 'scan']);
    expect(passed.exitCode).toBe(3);
    expect(passed.stderr).toContain('rules.json is not JSON');
    expect((await user.gts(['doctor'])).stdout).toContain('rules.json is not JSON');
    const accepted = await user.gts(['accept', 'CVE-2026-1', '--reason', 'x']);
    expect([accepted.exitCode, accepted.stderr]).toEqual([4, expect.stringContaining('rules.json is not JSON')]);
    expect(await readFile(snapshot('rules.json'), 'utf8')).toContain('},');
  });
});
