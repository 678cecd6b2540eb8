import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { pack } from 'tar-stream';
import type { Header } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { unpackOciArchive } from './oci-archive.ts';

type Entry = readonly [headers: Partial<Header> & Pick<Header, 'name'>, content?: string | Buffer];

const BLOB = `blobs/sha256/${'1'.repeat(64)}`;
const LAYOUT: readonly Entry[] = [
  [{ name: BLOB }, gzipSync('a layer')],
  [{ name: './index.json' }, '{}'],
  [{ name: 'oci-layout' }, '{"imageLayoutVersion":"1.0.0"}'],
];

const tarOf = async (entries: readonly Entry[]): Promise<Buffer> => {
  const archive = pack();
  for (const [headers, content] of entries) archive.entry(headers, content ?? '');
  archive.finalize();
  return Buffer.concat(await Readable.from(archive).toArray());
};

/** The header of a file that states another size. */
const withSize = (header: Buffer, octal: string): Buffer => {
  const stated = Buffer.from(header);
  stated.write(octal, 124, 11);
  const sum = stated.fill(0x20, 148, 156).reduce((total, byte) => total + byte, 0);
  stated.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return stated;
};

describe('unpackOciArchive', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'gts-oci-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const unpack = async (
    bytes: Buffer,
    maxBytes = 1_000_000,
    signal = new AbortController().signal,
  ): Promise<boolean> => {
    const file = join(root, 'archive');
    await writeFile(file, bytes);
    return unpackOciArchive(file, { directory: join(root, 'layout'), maxBytes: async () => maxBytes, signal });
  };
  const written = async (): Promise<string[]> => (await readdir(root, { recursive: true })).toSorted();

  test.each([
    ['as it is', (tar: Buffer) => tar],
    ['compressed', (tar: Buffer) => gzipSync(tar)],
  ])('writes the layout of an archive: %s', async (_, made) => {
    expect(await unpack(made(await tarOf(LAYOUT)))).toBe(true);
    expect(await readFile(join(root, 'layout', BLOB))).toEqual(gzipSync('a layer'));
    expect(await readFile(join(root, 'layout', 'index.json'), 'utf8')).toBe('{}');
  });

  test.each<readonly [string, Buffer | Promise<Buffer>]>([
    ['is a Docker archive', tarOf([...LAYOUT, [{ name: 'manifest.json' }, '[]']])],
    ['has no index', tarOf(LAYOUT.slice(0, 1))],
    ['is empty', Buffer.alloc(0)],
    ['is no tar', Buffer.from('x'.repeat(5000))],
    ['is no tar, compressed', gzipSync('x'.repeat(5000))],
    ['only looks compressed', Buffer.from('1f8b', 'hex')],
  ])('leaves alone what %s', async (_, bytes) => {
    expect(await unpack(await bytes).catch((error: unknown) => error)).toSatisfy(
      (answer) => answer === false || (answer instanceof Error && answer.name === 'ExportProblem'),
    );
    expect(await written()).toEqual(['archive']);
  });

  test('writes nothing but what a layout consists of, and nothing outside of it', async () => {
    const names = [
      '../../evil',
      '/etc/evil',
      'blobs/sha256/../../../evil',
      `blobs/sha256/${'1'.repeat(64)}/x`,
      'blobs/x/1',
    ];
    const links: Entry[] = [
      [{ name: 'blobs', type: 'symlink', linkname: '/tmp' }],
      [{ name: `blobs/sha256/${'2'.repeat(64)}`, type: 'symlink', linkname: '/etc/passwd' }],
      [{ name: `blobs/sha256/${'3'.repeat(64)}`, type: 'link', linkname: '/etc/passwd' }],
    ];
    await unpack(await tarOf([...links, ...names.map((name) => [{ name }, 'x'] as const), ...LAYOUT]));
    expect(await written()).toEqual([
      'archive',
      'layout',
      'layout/blobs',
      'layout/blobs/sha256',
      `layout/${BLOB}`,
      'layout/index.json',
      'layout/oci-layout',
    ]);
  });

  test('refuses an archive that was cut short', async () => {
    const tar = await tarOf(LAYOUT);
    await expect(unpack(tar.subarray(0, 1024))).rejects.toMatchObject({ kind: 'malformed' });
  });

  test('refuses what is damaged, larger than it may be, or holds a blob twice', async () => {
    const tar = await tarOf([[{ name: BLOB }, 'x'.repeat(9000)], ...LAYOUT.slice(1)]);
    await expect(unpack(gzipSync(tar).subarray(0, -20))).rejects.toMatchObject({ kind: 'malformed' });
    await rm(join(root, 'layout'), { recursive: true, force: true });
    await expect(unpack(tar, 5000)).rejects.toMatchObject({ kind: 'over_budget' });
    await rm(join(root, 'layout'), { recursive: true, force: true });
    for (const twice of LAYOUT) {
      await expect(unpack(await tarOf([...LAYOUT, twice]))).rejects.toMatchObject({ kind: 'malformed' });
      await rm(join(root, 'layout'), { recursive: true, force: true });
    }
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('cuts short what %s makes a thousand times as large', async (_, compress) => {
    const bomb = compress(await tarOf([[{ name: BLOB }, Buffer.alloc(20_000_000)], ...LAYOUT.slice(1)]));
    expect(bomb.length).toBeLessThan(100_000);
    await expect(unpack(bomb)).rejects.toMatchObject({ kind: 'over_budget' });
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('stops in the middle of what %s inflates without end', async (_, compress) => {
    const header = (await tarOf([[{ name: 'x' }, Buffer.alloc(1024)]])).subarray(0, 512);
    const endless = withSize(header, '77777777777');
    const bomb = Buffer.concat([compress(endless), ...Array<Buffer>(200).fill(compress(Buffer.alloc(50_000_000)))]);
    const deadline = AbortSignal.timeout(200);
    await expect(unpack(bomb, 1_000_000, deadline)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('stops when it is told to', async () => {
    await expect(unpack(await tarOf(LAYOUT), 1000, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
