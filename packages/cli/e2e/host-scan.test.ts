import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { HostScanDocument, imageFileName, type ImageReport } from '@scanner/core';
import {
  alpineFiles,
  anImage,
  debianImage,
  type Engine,
  loadMultiPlatformImage,
  loadStandardImages,
  pullByDigest,
  realTrivy,
  type StandardImage,
  startClassicEngine,
  startCurrentEngine,
  startPodman,
  writeDockerArchive,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Ended, type GtsUser, gtsUser } from './support/gts.ts';
import { findingLine, plainTrivy } from './support/plain-trivy.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';
import { type WatchedTrivy, watchTrivy } from './support/watched-trivy.ts';

const EVERYTHING = ['host', 'scan', '--json', '--severity', 'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL'];
const WEB = ['registry.example/shop/web:1.4.2', 'registry.example/shop/web:latest'];
const WORKER = 'registry.example/shop/worker:1.0';
const MULTI = 'registry.example/shop/multi:1';
/** Which images only some engines hold. */
const ENGINES = [
  { name: 'classic', start: startClassicEngine, debian: true, multiPlatform: false },
  { name: 'current', start: startCurrentEngine, debian: false, multiPlatform: true },
  { name: 'podman', start: startPodman, debian: false, multiPlatform: false },
];

let database: PreparedDatabase;

beforeAll(async () => {
  database = await prepareDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

describe.each(ENGINES)('a pass over the images of the $name engine', ({ start, debian, multiPlatform }) => {
  let engine: Engine;
  let trivy: WatchedTrivy;
  let user: GtsUser;
  let loaded: readonly StandardImage[];
  let byDigest: string;
  let first: Ended;
  let pass: HostScanDocument;

  beforeAll(async () => {
    engine = await start({ plainHttpRegistries: [database.registry.host] });
    loaded = await loadStandardImages(engine);
    if (debian) await engine.load((await debianImage()).archivePath);
    if (multiPlatform) await loadMultiPlatformImage(engine, MULTI);
    byDigest = await pullByDigest(engine, database.registry, 'base/nameless', await onlyKnownByDigest());
    await makeContainers(engine, byDigest);
    trivy = await watchTrivy();
    user = await gtsUser({ ...database.environment, TRIVY_PATH: trivy.path, DOCKER_HOST: engine.dockerHost });
    first = await user.gts([...EVERYTHING, '--concurrency', '16']);
    pass = await readDocument(HostScanDocument, first.stdout);
  });
  afterAll(async () => {
    await user[Symbol.asyncDispose]();
    await trivy[Symbol.asyncDispose]();
    await engine.stop();
  });

  const withReference = (document: HostScanDocument, reference: string): ImageReport | undefined =>
    document.images.find(({ references }) => references.includes(reference));
  const unnamed = (document: HostScanDocument): ImageReport | undefined =>
    document.images.find(({ references }) => references.every((reference) => reference.startsWith('sha256:')));

  it('scans sixteen at once on an empty cache and none fails', () => {
    expect(first).toMatchObject({ exitCode: 0 });
    expect(pass.images.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(pass.totals).toMatchObject({ failed: 0, skipped: 1, reused: 0 });
  });

  it('finds in every image what Trivy finds in it by itself', async () => {
    await using plain = await plainTrivy(database);
    const scanned = pass.images.filter(({ status }) => status === 'complete');
    const ours: Record<string, string[]> = {};
    const theirs: Record<string, string[]> = {};
    for (const { id, references, findings } of scanned) {
      const [name = id ?? ''] = references;
      ours[name] = [...new Set(findings.map(findingLine))].toSorted();
      theirs[name] = await plain.scan(engine, name);
    }
    expect(ours).toEqual(theirs);
    expect(Object.values(theirs).flat().length).toBeGreaterThan(40);
  });

  it('reports what is known to be in the images, and how much of them could be judged', () => {
    for (const { references, findings, coverage } of loaded) {
      const [reference] = references;
      if (reference === undefined) continue;
      const report = withReference(pass, reference);
      expect(report, reference).toMatchObject({ status: 'complete', coverage });
      expect(report?.findings.map(findingLine).toSorted(), reference).toEqual(
        findings.map(({ id, package: name, version }) => `${id} ${name} ${version}`).toSorted(),
      );
    }
  });

  it('reports every image once, with all its references', async () => {
    const ids = pass.images.map(({ id }) => id ?? '');
    expect(new Set(ids).size).toBe(ids.length);
    const listed = await engine.docker(['images', '--all', '--no-trunc', '--quiet']);
    expect(ids.toSorted()).toEqual([...new Set(listed.split('\n'))].map(withAlgorithm).toSorted());
    expect(withReference(pass, byDigest)?.references).toEqual([byDigest]);
    expect(unnamed(pass)).toMatchObject({ status: 'skipped', reason: { code: 'untagged' }, findings: [] });
  });

  it('scans two references of one image once and reports both', async () => {
    const web = pass.images.filter(({ references }) => WEB.some((reference) => references.includes(reference)));
    expect(web.map(({ references }) => references)).toEqual([WEB]);
    const complete = pass.images.filter(({ status }) => status === 'complete');
    expect((await trivy.scans()).length).toBeLessThan(complete.length);
  });

  it('tells which containers use an image', () => {
    expect(withReference(pass, WEB[0]!)?.containers).toEqual([
      { name: 'shop-web-1', state: 'running', compose_project: 'shop', compose_service: 'web' },
    ]);
    expect(withReference(pass, WORKER)?.containers).toEqual([
      { name: 'worker', state: 'created', compose_project: null, compose_service: null },
    ]);
    expect(withReference(pass, byDigest)?.containers).toMatchObject([{ name: 'nameless' }]);
    expect(unnamed(pass)?.containers).toEqual([]);
  });

  it('writes a log for each image that was scanned, named by its first reference', async () => {
    const logs = join(user.directory, 'logs');
    const scanned = pass.images.filter(({ status }) => status === 'complete');
    for (const { log, references, id, findings } of scanned) {
      expect(log).toMatch(/^scan-\d{8}T\d{6}\.\d{3}Z--.+\.log$/);
      expect(log).toContain(`--${imageFileName(references[0] ?? id ?? '')}.log`);
      const text = await readFile(join(logs, log ?? ''), 'utf8');
      expect(text).toContain(`ID: ${id}`);
      for (const reference of references) expect(text).toContain(`Reference: ${reference}`);
      for (const { vulnerability } of findings) expect(text).toContain(vulnerability);
    }
    const imageLogs = (await readdir(logs)).filter((name) => name.startsWith('scan-2'));
    expect(imageLogs.toSorted()).toEqual(scanned.map(({ log }) => log ?? '').toSorted());
  });

  it('sums the pass up in the summary', async () => {
    const summary = await readFile(join(user.directory, 'logs', 'scan-summary.log'), 'utf8');
    expect(summary).toContain(`=== ${pass.started_at} to ${pass.finished_at}`);
    expect(summary).toMatch(/skipped: .*it has no tag and no container uses it/);
    expect(summary).not.toContain('unchanged:');
  });

  it('leaves nothing behind in temporary places', async () => {
    expect(await readdir(user.temporary)).toEqual([]);
    expect(await readdir(join(user.directory, 'cache', 'work'))).toEqual([]);
  });

  it('uses the results again in the next pass, without starting Trivy', async () => {
    const callsBefore = await trivy.calls();
    const again = await readDocument(HostScanDocument, (await user.gts(EVERYTHING)).stdout);
    expect(await trivy.calls()).toEqual(callsBefore);
    expect(again.totals).toEqual({ ...pass.totals, scanned: 0, reused: pass.totals.scanned });
    expect(comparable(again)).toEqual(comparable(pass));
    const blocks = (await readFile(join(user.directory, 'logs', 'scan-summary.log'), 'utf8')).split('=== ');
    for (const { references, id, log } of again.images.filter(({ reused }) => reused === 'result')) {
      const line = blocks
        .at(-1)
        ?.split('\n')
        .find((text) => text.startsWith('unchanged:') && text.includes(references[0] ?? id ?? ''));
      expect(line, references[0]).toContain(log);
    }
  });

  it('scans an image without a tag when it is named or all are asked for', async () => {
    const id = unnamed(pass)?.id ?? '';
    const named = await readDocument(HostScanDocument, (await user.gts([...EVERYTHING, '--image', id])).stdout);
    expect(named.images).toMatchObject([{ id, status: 'complete' }]);
    const all = await readDocument(HostScanDocument, (await user.gts([...EVERYTHING, '--untagged'])).stdout);
    expect(all.totals).toMatchObject({ skipped: 0, failed: 0, images: pass.totals.images });
  });

  it.each(multiPlatform ? [MULTI] : [])(
    'scans the platform of %s that the engine runs, and no attestation',
    async (reference) => {
      const report = withReference(pass, reference);
      const alpine = withReference(pass, 'registry.example/base/alpine:3.23');
      expect(report?.findings.map(findingLine)).toEqual(alpine?.findings.map(findingLine));
      expect(pass.images.filter(({ references }) => references.includes(reference))).toHaveLength(1);
    },
  );
});

const onlyKnownByDigest = () => anImage({ layers: [alpineFiles('3.23.2', [{ name: 'zlib', version: '1.3.1-r2' }])] });

const makeContainers = async (engine: Engine, byDigest: string): Promise<void> => {
  const create = (name: string, ...options: string[]) => ['--name', name, '--network', 'none', ...options];
  const inProject = ['--label', 'com.docker.compose.project=shop', '--label', 'com.docker.compose.service=web'];
  await engine.docker(['run', '--detach', ...create('shop-web-1', ...inProject), WEB[1]!, '/bin/pause']);
  await engine.docker(['create', ...create('worker'), WORKER, '/bin/pause']);
  await engine.docker(['create', ...create('nameless'), byDigest, '/bin/pause']);
};

/** By ID, without what tells one pass from the next. Images of the same content may name each other's log. */
const comparable = ({ images }: HostScanDocument) =>
  new Map(images.map(({ id, reused: _reused, log: _log, ...report }) => [id, report]));

const withAlgorithm = (id: string): string => (id.startsWith('sha256:') ? id : `sha256:${id}`);

it('takes the result of an image for another one with the same layers, where the engine has checked them', async () => {
  await using engine = await startClassicEngine();
  await using user = await gtsUser({
    ...database.environment,
    TRIVY_PATH: await realTrivy(),
    DOCKER_HOST: engine.dockerHost,
  });
  for (const tag of ['1', '2']) {
    const layers = [alpineFiles('3.23.2', [{ name: 'zlib', version: '1.3.1-r2' }])];
    const image = await anImage({ layers, labels: { build: tag } });
    const archive = join(user.workingDirectory, `${tag}.tar`);
    await writeDockerArchive(archive, [{ image, references: [`registry.example/same/app:${tag}`] }]);
    await engine.load(archive);
  }
  const passOver = async (tag: string): Promise<ImageReport | undefined> => {
    const { stdout } = await user.gts([...EVERYTHING, '--image', `registry.example/same/app:${tag}`]);
    return (await readDocument(HostScanDocument, stdout)).images.find(({ status }) => status === 'complete');
  };
  const [first, second] = [await passOver('1'), await passOver('2')];
  expect(first).toMatchObject({ reused: 'none' });
  expect(second).toMatchObject({ reused: 'result', findings: first?.findings });
  expect(second?.id).not.toBe(first?.id);
});
