import { randomBytes } from 'node:crypto';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { silentLog } from '@scanner/core';
import {
  alpineImage,
  anImage,
  npmPackage,
  publishImages,
  startCurrentEngine,
  startRegistry,
  tinyFileSystem,
} from '@scanner/testing';
import type { BuiltImage, Registry } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { GunzipProgram } from '../src/image-export/gunzip-program.ts';
import { SpoolBudget, spoolEntry } from '../src/image-export/spool-entry.ts';
import { createDockerEngine, findIgzip } from '../src/index.ts';
import { countedBench, said } from './counted-workbench.ts';
import { complete, foundIn, madeDirectory, PULLED_BY_TRIVY } from './trivy-workbench.ts';

const MIB = 1024 ** 2;
const PIECE = 64 * 1024;
const TEXT = Buffer.from(randomBytes(6 * MIB).toString('hex'));

const igzip = async (): Promise<string> => {
  const path = await findIgzip(process.env['PATH'] ?? '', silentLog);
  if (path === null) throw new Error('The test bed has no igzip. Run `npm test` once: it installs what is missing.');
  return path;
};

const script = async (name: string, ...lines: string[]): Promise<string> => {
  const path = join((await madeDirectory()).path, name);
  await writeFile(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(path, 0o755);
  return path;
};

/** An igzip that notes each call but the one in which it is tried out. */
const countedIgzip = async (): Promise<{ readonly path: string; readonly calls: () => Promise<number> }> => {
  const notes = join((await madeDirectory()).path, 'calls');
  const path = await script('igzip', `echo call >> ${notes}`, `exec ${await igzip()} "$@"`);
  const calls = async (): Promise<number> => (await readFile(notes, 'utf8').catch(() => '')).split('\n').length - 2;
  return { path, calls };
};

const programAt = async (path: string): Promise<GunzipProgram> => new GunzipProgram(path, (await madeDirectory()).path);

const inPieces = async function* (bytes: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += PIECE) yield bytes.subarray(from, from + PIECE);
};

interface Spooled {
  readonly bytes: number;
  readonly content: Buffer;
  /** What was shown while it was written. */
  readonly seen: Buffer;
}

/** As a layer that is as large as a layer must be. */
const spool = async (entry: AsyncIterable<Buffer>, directory?: string, maxBytes = 100 * MIB): Promise<Spooled> => {
  const file = join(directory ?? (await madeDirectory()).path, 'layer');
  const budget = new SpoolBudget(maxBytes);
  const seen: Buffer[] = [];
  const bytes = await spoolEntry(entry, file, {
    bytes: 100 * MIB,
    watch: { spend: (more) => budget.spend(more), read: (piece) => seen.push(Buffer.from(piece)) },
    gunzip: await programAt(await igzip()),
  });
  return { bytes, content: await readFile(file), seen: Buffer.concat(seen) };
};

const cut = (text: Buffer, at: number): Buffer[] =>
  Array.from({ length: Math.ceil(text.length / at) }, (_, index) => text.subarray(index * at, (index + 1) * at));

const damaged = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 0xff, at);
  return copy;
};

const ZIPPED = gzipSync(TEXT);

describe('igzip', () => {
  test.each([
    ['one member', ZIPPED],
    ['a member for each piece of it', Buffer.concat(cut(TEXT, 100_000).map((piece) => gzipSync(piece)))],
    ['a last member without anything in it', Buffer.concat([ZIPPED, gzipSync('')])],
    ['zeros behind its end', Buffer.concat([ZIPPED, Buffer.alloc(1024)])],
  ])('inflates what zlib inflates: %s', async (_, zipped) => {
    const { bytes, content, seen } = await spool(inPieces(zipped));
    expect(bytes).toBe(TEXT.length);
    expect(content.equals(TEXT)).toBe(true);
    expect(seen.equals(TEXT)).toBe(true);
  });

  test.each([
    ['that breaks off', ZIPPED.subarray(0, 3 * MIB)],
    ['that ends before its check sum', ZIPPED.subarray(0, -6)],
    ['that is damaged', damaged(ZIPPED, 3 * MIB)],
    ['with another check sum', damaged(ZIPPED, ZIPPED.length - 6)],
  ])('fails for a layer %s', async (_, zipped) => {
    await expect(spool(inPieces(zipped))).rejects.toMatchObject({ code: 'GUNZIP_FAILED' });
  });

  test('ends on a full disk with what the system says of it', async () => {
    await using disk = await tinyFileSystem(5);
    await expect(spool(inPieces(ZIPPED), disk.path)).rejects.toMatchObject({ code: 'ENOSPC' });
  });

  test('is ended long before a layer has filled the disk that inflates to much more than it may', async () => {
    const zeros = gzipSync(Buffer.alloc(64 * MIB));
    const bomb = Buffer.concat(Array.from({ length: 300 }, () => zeros));
    const { path } = await madeDirectory();
    await expect(spool(inPieces(bomb), path, 10 * MIB)).rejects.toMatchObject({ kind: 'over_budget' });
    expect((await stat(join(path, 'layer'))).size).toBeLessThan(2048 * MIB);
  });

  test('is ended when what it is to inflate does not come', async () => {
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield* inPieces(ZIPPED.subarray(0, MIB));
      throw new Error('the engine hung up');
    };
    await expect(spool(broken())).rejects.toThrow('the engine hung up');
  });
});

describe('a program in the place of igzip', () => {
  test.each([
    ['is not there', () => Promise.resolve('/nowhere/igzip')],
    ['cannot be run', async () => join((await madeDirectory()).path)],
    ['inflates the first member only', () => script('igzip', 'printf "one and "', 'exec cat > /dev/null')],
    ['fails', () => script('igzip', 'exit 1')],
    ['never ends', () => script('igzip', 'exec sleep 60')],
  ])('is not used when it %s', async (_, made) => {
    const program = await programAt(await made());
    expect(await program.works()).toBe(false);
  });

  test('is found in the search path, unless others could put something else there', async () => {
    const path = await script('igzip', `exec ${await igzip()} "$@"`);
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => warnings.push(message) };
    const searchPath = `relative:/nowhere:${join(path, '..')}`;
    expect(await findIgzip('/nowhere', log)).toBeNull();
    expect(await findIgzip(searchPath, log)).toBe(path);
    await chmod(path, 0o777);
    expect(await findIgzip(searchPath, log)).toBeNull();
    expect(warnings).toEqual([`igzip is not used: ${path} can be changed by every user of this machine`]);
  });
});

describe('an image with a large layer', () => {
  let registry: Registry;
  let image: BuiltImage;
  const reference = (): string => `${registry.host}/shop/large:1`;

  beforeAll(async () => {
    const files = { ...npmPackage('lodash', '4.17.11'), 'srv/data': randomBytes(6 * MIB) };
    const { image: base } = await alpineImage();
    image = await anImage({ layers: [...base.layers.map(({ tar }) => tar), files] });
    registry = await startRegistry();
    await publishImages(registry, [{ image, repository: 'shop/large', tag: '1' }]);
  });
  afterAll(() => registry.stop());

  const FOUND = ['CVE-2019-10744 lodash 4.17.11', 'CVE-2021-23337 lodash 4.17.11'];

  test('is inflated by it when it comes from a registry, with the findings that Trivy has alone', async () => {
    const { path: gunzip, calls } = await countedIgzip();
    const [pulling, plain] = [await countedBench({ gunzip }), await countedBench({})];
    const subject = { source: 'remote', reference: reference() } as const;
    const scan = complete(await pulling.scanner.scan({ subject }));
    expect(await calls()).toBe(1);
    expect(foundIn(scan)).toEqual(expect.arrayContaining(FOUND));
    expect(said(scan)).toEqual(said(complete(await plain.scanner.scan({ subject, ...PULLED_BY_TRIVY }))));
  });

  test('is inflated by it when it comes from an engine that keeps layers compressed', async () => {
    await using engine = await startCurrentEngine();
    await engine.docker(['pull', '--quiet', reference()]);
    const imageExport = createDockerEngine({ host: engine.dockerHost, tls: null, origin: 'flag' });
    const { path: gunzip, calls } = await countedIgzip();
    const bench = await countedBench({ gunzip, imageExport, dockerEnvironment: { DOCKER_HOST: engine.dockerHost } });
    const { images } = await imageExport.list();
    const scans = [];
    for await (const { id } of bench.scanner.plan(images, {}))
      scans.push(complete(await bench.scanner.scan({ subject: { source: 'docker', id } })));
    expect(await calls()).toBe(1);
    expect((await bench.started()).toSorted()).toEqual(['image', 'server']);
    expect(scans.map(foundIn)).toEqual([expect.arrayContaining(FOUND)]);
  });

  test('is inflated by zlib where the program does not work', async () => {
    const bench = await countedBench({ gunzip: await script('igzip', 'exit 1') });
    const scan = complete(await bench.scanner.scan({ subject: { source: 'remote', reference: reference() } }));
    expect(foundIn(scan)).toEqual(expect.arrayContaining(FOUND));
    expect((await bench.started()).toSorted()).toEqual(['image', 'server']);
  });
});
