import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  Baseline,
  BaselineDiffDocument,
  BaselineListDocument,
  BaselineRemoveDocument,
  BaselineSaveDocument,
  BaselineShowDocument,
  HostScanDocument,
  ImageDocument,
} from '@scanner/core';
import { createLockKeeper } from '@scanner/store';
import {
  type DatabaseGeneration,
  type Engine,
  loadStandardImages,
  placeDatabase,
  realTrivy,
  startClassicEngine,
} from '@scanner/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { readSarif } from './support/format-schemas.ts';
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

const useDatabase = (generation: DatabaseGeneration, updatedAt = new Date()): Promise<void> =>
  placeDatabase(join(user.directory, 'cache'), generation, { updatedAt });

const pass = async (generation: DatabaseGeneration, updatedAt?: Date): Promise<HostScanDocument> => {
  await useDatabase(generation, updatedAt);
  return readDocument(HostScanDocument, (await user.gts(['host', 'scan', '--json'])).stdout);
};

const baseline = async <Document>(model: { parse(value: unknown): Document }, ...args: readonly string[]) => {
  const { exitCode, stdout, stderr } = await user.gts(['baseline', ...args, '--json']);
  return { exitCode, stderr, document: await readDocument(model, stdout) };
};

const snapshots = (): string => join(user.directory, 'snapshots');

const onlySnapshot = async (): Promise<Baseline> => {
  const [file = ''] = await readdir(snapshots());
  return Baseline.parse(JSON.parse(await readFile(join(snapshots(), file), 'utf8')));
};

describe('gts baseline', () => {
  it('save accepts the last scan of every image, after which a pass has nothing to tell', async () => {
    const scanned = await pass(1);
    const { exitCode, document } = await baseline(BaselineSaveDocument, 'save');
    expect(exitCode).toBe(0);
    expect(document.refused).toEqual([]);
    for (const { references, findings, id } of scanned.images.filter(({ status }) => status === 'complete'))
      for (const reference of references)
        expect(document.saved).toContainEqual(
          expect.objectContaining({ reference, image_id: id, accepted: findings.length, added: findings.length }),
        );
    const after = await pass(1);
    expect(after.images.flatMap(({ baselines }) => baselines.map(({ state }) => state))).toEqual([
      'accepted',
      'accepted',
    ]);
    expect(after.totals).toMatchObject({ new: 0, resolved: 0 });
  });

  it('save keeps what was said of a finding, and says of new ones what it is told', async () => {
    await pass(1);
    await baseline(BaselineSaveDocument, 'save', DEBIAN, '--reason', 'not reachable', '--expires', '2999-01-31');
    const first = await onlySnapshot();
    expect(new Set(first.findings.map(({ reason, expires }) => `${reason} ${expires}`))).toEqual(
      new Set(['not reachable 2999-01-31']),
    );

    await pass(2);
    const { document } = await baseline(BaselineSaveDocument, 'save', DEBIAN);
    const second = await onlySnapshot();
    const earlier = new Map(first.findings.map((finding) => [finding.key, finding]));
    const came = second.findings.filter(({ key }) => !earlier.has(key));
    expect(document.saved).toMatchObject([{ reference: DEBIAN, added: came.length }]);
    expect(came.length).toBeGreaterThan(0);
    expect(came.every(({ reason, expires }) => reason === null && expires === null)).toBe(true);
    for (const { key, since, reason } of second.findings.filter(({ key }) => earlier.has(key)))
      expect({ since, reason }).toEqual({ since: earlier.get(key)?.since, reason: 'not reachable' });
  });

  it('save works while a pass has the state directory', async () => {
    await pass(1);
    const attempt = createLockKeeper().tryAcquire(join(user.directory, 'state', 'pass.lock'), 'a pass');
    if (!('held' in attempt)) throw new Error('the state directory is in use');
    using _held = attempt.held;
    expect((await user.gts(['host', 'scan'])).stderr).toContain('in use');
    expect((await baseline(BaselineSaveDocument, 'save')).exitCode).toBe(0);
  });

  it('save refuses what was never scanned, with what to do, and saves the others', async () => {
    await pass(1);
    const { exitCode, stderr, document } = await baseline(BaselineSaveDocument, 'save', 'unheard/of:1', DEBIAN);
    expect(exitCode).toBe(3);
    expect(document.saved.map(({ reference }) => reference)).toEqual([DEBIAN]);
    expect(document.refused).toEqual([{ reference: 'unheard/of:1', reason: expect.stringContaining('gts host scan') }]);
    expect(stderr).toContain('unheard/of:1 was not accepted');
  });

  it('save refuses what was judged by a database that is too old', async () => {
    await pass(1, new Date(Date.now() - 60 * 86_400_000));
    const { exitCode, document } = await baseline(BaselineSaveDocument, 'save', DEBIAN);
    expect(exitCode).toBe(3);
    expect(document.refused).toEqual([{ reference: DEBIAN, reason: 'the vulnerability database is too old' }]);
    await expect(readdir(snapshots())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('save leaves a file alone that somebody edited wrongly', async () => {
    await pass(1);
    await baseline(BaselineSaveDocument, 'save', DEBIAN);
    const [file = ''] = await readdir(snapshots());
    await writeFile(join(snapshots(), file), '{"schema": "gts.base');
    const { exitCode, document } = await baseline(BaselineSaveDocument, 'save', DEBIAN);
    expect(exitCode).toBe(3);
    expect(document.refused[0]?.reason).toContain(`${file} is cut off`);
    expect(await readFile(join(snapshots(), file), 'utf8')).toBe('{"schema": "gts.base');
    expect((await baseline(BaselineListDocument, 'list')).document.baselines).toMatchObject([
      { file, reference: DEBIAN, accepted: null, problem: expect.stringContaining('is cut off') },
    ]);
  });

  it('diff tells what came since, and a look at it changes nothing', async () => {
    await pass(1);
    await baseline(BaselineSaveDocument, 'save');
    const same = await baseline(BaselineDiffDocument, 'diff');
    expect(same.exitCode).toBe(0);
    expect(same.document.differences).toHaveLength(2);
    expect(same.document.differences.flatMap((each) => [...each.new, ...each.resolved])).toEqual([]);

    await pass(2);
    const { exitCode, document } = await baseline(BaselineDiffDocument, 'diff', DEBIAN);
    expect(exitCode).toBe(0);
    expect(document.differences[0]?.new.map(({ vulnerability }) => vulnerability)).toContain('CVE-2099-1011');
    expect((await user.gts(['baseline', 'diff', DEBIAN, '--exit-code'])).exitCode).toBe(1);
    expect((await user.gts(['baseline', 'diff', ALPINE, '--exit-code'])).exitCode).toBe(0);
    const { stdout } = await user.gts(['baseline', 'diff', ALPINE]);
    expect(stdout).toMatch(/Resolved: 2\n +CVE-2099-2003 in pkg:apk/);
  });

  it('show lists the worst first and marks what has expired', async () => {
    await pass(1);
    await baseline(BaselineSaveDocument, 'save', DEBIAN);
    const [file = ''] = await readdir(snapshots());
    const saved = await onlySnapshot();
    const [edited, ...rest] = saved.findings;
    const findings = [{ ...edited, expires: '2020-01-01', reason: 'until \u001b[31mthen' }, ...rest];
    await writeFile(join(snapshots(), file), JSON.stringify({ ...saved, findings }));

    const { document } = await baseline(BaselineShowDocument, 'show');
    const shown = document.baselines[0]?.findings ?? [];
    expect(shown.filter(({ expired }) => expired).map(({ key }) => key)).toEqual([edited?.key]);
    const ranks = shown.map(({ severity }) => ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'].indexOf(`${severity}`));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    const { stdout } = await user.gts(['baseline', 'show', DEBIAN]);
    expect(stdout).toMatch(/expired 2020-01-01/);
    expect(stdout).not.toContain('\u001b');
  });

  it('list and remove know every baseline, and what is removed is accepted no more', async () => {
    await pass(1);
    await baseline(BaselineSaveDocument, 'save');
    const { document } = await baseline(BaselineListDocument, 'list');
    expect(new Set(document.baselines.map(({ reference }) => reference))).toEqual(new Set([ALPINE, DEBIAN]));

    const removed = await baseline(BaselineRemoveDocument, 'remove', DEBIAN, 'unheard/of:1');
    expect(removed.exitCode).toBe(3);
    expect(removed.document.removed.map(({ reference }) => reference)).toEqual([DEBIAN]);
    expect(removed.document.refused.map(({ reference }) => reference)).toEqual(['unheard/of:1']);
    expect((await baseline(BaselineShowDocument, 'show', DEBIAN)).exitCode).toBe(3);
  });

  it('makes nothing where nothing was scanned', async () => {
    const { exitCode, stderr } = await baseline(BaselineSaveDocument, 'save');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('gts host scan');
    expect((await baseline(BaselineListDocument, 'list')).document.baselines).toEqual([]);
    expect(await readdir(user.workingDirectory)).toEqual([]);
  });

  it.each([
    ['--expires', 'yesterday'],
    ['--expires', '2020-01-01'],
    ['--expires', '2999-02-31'],
    ['--expires', '999999999w'],
    ['--reason', ' '],
  ])('save takes no %s %j', async (option, value) => {
    const { exitCode, stderr } = await user.gts(['baseline', 'save', option, value]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Accepted: a');
  });
});

describe('gts image --baseline', () => {
  const image = async (...args: readonly string[]) =>
    user.gts(['image', DEBIAN, '--source', 'docker', '--dir', user.directory, ...args], {
      TRIVY_CACHE_DIR: join(user.directory, 'cache'),
    });
  const found = async (...args: readonly string[]) => {
    const { exitCode, stderr, stdout } = await image(...args, '--json');
    const { images } = await readDocument(ImageDocument, stdout);
    return {
      exitCode,
      stderr,
      ids: images.flatMap(({ findings }) => findings.map(({ vulnerability }) => vulnerability)),
    };
  };

  it('gates on what is not accepted', async () => {
    await pass(1);
    await user.gts(['baseline', 'save', DEBIAN]);
    expect(await found('--baseline', '--fail-on', 'low')).toMatchObject({ exitCode: 0, ids: [] });

    await useDatabase(2);
    const changed = await found('--baseline', '--fail-on', 'low');
    expect(changed.exitCode).toBe(1);
    expect(changed.ids).toContain('CVE-2099-1011');
    expect(changed.ids).not.toContain('CVE-2099-1003');
  });

  it('begins with --save-baseline where no pass was made, and keeps what was accepted before', async () => {
    await useDatabase(1);
    const first = await found('--save-baseline', '--baseline');
    expect(first).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining(`${first.ids.length} findings accepted`),
    });
    expect(first.ids.length).toBeGreaterThan(0);
    expect(await found('--baseline', '--fail-on', 'low')).toMatchObject({ exitCode: 0, ids: [] });
    const before = await onlySnapshot();
    const since = '2026-01-01T00:00:00.000Z';
    const noted = before.findings.map((line) => ({ ...line, since, reason: 'not reachable', ticket: 'T-1' }));
    const [file = ''] = await readdir(snapshots());
    await writeFile(join(snapshots(), file), JSON.stringify({ ...before, findings: noted, team: 'web' }));
    await useDatabase(2);
    expect((await image('--save-baseline')).exitCode).toBe(0);
    const after = await onlySnapshot();
    expect(after).toMatchObject({ team: 'web' });
    const kept = after.findings.filter(({ reason }) => reason === 'not reachable');
    expect(kept.length).toBeGreaterThan(0);
    for (const line of kept) expect(line).toMatchObject({ since, ticket: 'T-1' });
    expect(after.findings.length).toBeGreaterThan(kept.length);
  });

  it('takes the baseline that is named, or that of the repository where the tag has none', async () => {
    await useDatabase(1);
    await image('--save-baseline');
    const [file = ''] = await readdir(snapshots());
    const ofTag = await onlySnapshot();
    await rm(join(snapshots(), file));
    const save = (reference: string, name: string) =>
      writeFile(join(snapshots(), name), JSON.stringify({ ...ofTag, reference }));

    await save('registry.example/base/debian', 'registry.example_base_debian.json');
    const byRepository = await found('--baseline', '--fail-on', 'low');
    expect(byRepository).toMatchObject({ exitCode: 0, ids: [] });
    expect(byRepository.stderr).toContain('by the baseline of registry.example/base/debian');

    await rm(join(snapshots(), 'registry.example_base_debian.json'));
    await save('other:1', 'other_1.json');
    expect((await found('--baseline', '--fail-on', 'low')).exitCode).toBe(1);
    expect(await found('--fail-on', 'low', '--baseline', 'other:1')).toMatchObject({ exitCode: 0, ids: [] });
    expect((await user.gts(['image', '--baseline', DEBIAN])).stderr).toContain('name the image before --baseline');
  });

  it('warns of what cannot be read, leaves nothing out for it, and ends with 3 unless the gate failed', async () => {
    await useDatabase(1);
    await image('--save-baseline');
    const [file = ''] = await readdir(snapshots());
    await writeFile(join(snapshots(), file), '{"schema": "gts.base');
    const looked = await found('--baseline');
    expect(looked).toMatchObject({ exitCode: 3, stderr: expect.stringContaining(`${file} is cut off`) });
    expect(looked.ids.length).toBeGreaterThan(0);
    expect((await found('--baseline', '--fail-on', 'low')).exitCode).toBe(1);
    expect((await image('--save-baseline')).exitCode).toBe(3);
    expect(await readFile(join(snapshots(), file), 'utf8')).toBe('{"schema": "gts.base');
  });

  it('says that there is none, and is refused for what Trivy itself writes', async () => {
    await useDatabase(1);
    const { exitCode, stderr } = await image('--baseline');
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`there is no baseline of ${DEBIAN}`);
    expect((await image('--baseline', '--format', 'spdx')).exitCode).toBe(2);
  });

  it('suppresses in SARIF what is accepted, with the reason', async () => {
    await pass(1);
    await user.gts(['baseline', 'save', DEBIAN, '--reason', 'looked at by the shop team']);
    await useDatabase(2);
    const { exitCode, stdout } = await image('--baseline', '--fail-on', 'low', '--format', 'sarif');
    expect(exitCode).toBe(1);
    const results = (await readSarif(stdout)).runs[0]?.results ?? [];
    const accepted = results.filter(({ suppressions }) => suppressions !== undefined);
    expect(accepted.length).toBeGreaterThan(0);
    expect(
      accepted.every(({ suppressions }) => suppressions?.[0]?.justification === 'looked at by the shop team'),
    ).toBe(true);
    expect(results.filter(({ suppressions }) => suppressions === undefined).map(({ ruleId }) => ruleId)).toContain(
      'CVE-2099-1011',
    );
  });
});
