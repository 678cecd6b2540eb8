import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addAbortSignal, Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { pack } from 'tar-stream';
import { sha256, tarOf } from '@scanner/testing';
import type { Header } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { unpackExport } from './unpack-export.ts';
import type { ExportedImage, UnpackOptions } from './unpack-export.ts';

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const legacy = (digit: string): string => `${digit.repeat(64)}/layer.tar`;

type Entry = readonly [headers: Partial<Header> & Pick<Header, 'name'>, content?: string | Buffer];

const json = (name: string, value: unknown): Entry => [{ name }, JSON.stringify(value)];

const archiveOf = (entries: readonly Entry[]): Readable => {
  const archive = pack();
  for (const [headers, content] of entries) archive.entry(headers, content ?? '');
  archive.finalize();
  return Readable.from(archive);
};

const imageOf = (name: string, layers: readonly string[], diffIds: readonly string[], history?: unknown): Entry[] => [
  json(name, { rootfs: { diff_ids: diffIds }, history }),
  json('manifest.json', [{ Config: name, RepoTags: null, Layers: layers }]),
];

describe('unpackExport', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gts-export-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const unpackAll = async (archive: Readable, more: Partial<UnpackOptions> = {}): Promise<ExportedImage[]> =>
    unpackExport(archive, {
      directory: await mkdtemp(join(directory, 'one-')),
      maxBytes: 1_000_000,
      passOver: () => undefined,
      gunzip: null,
      signal: new AbortController().signal,
      ...more,
    });
  const unpack = (entries: readonly Entry[], more: Partial<UnpackOptions> = {}): Promise<ExportedImage[]> =>
    unpackAll(archiveOf(entries), more);
  const contents = (images: readonly ExportedImage[]): Promise<string[][]> =>
    Promise.all(
      images.map((image) =>
        Promise.all(image.map(async ({ file }) => (file === null ? '' : readFile(file.path, 'utf8')))),
      ),
    );

  test.each([
    ['as it is', Buffer.from('a layer')],
    ['gzip', gzipSync('a layer')],
    ['zstd', zstdCompressSync('a layer')],
    ['zstd in parts', Buffer.concat([zstdCompressSync('a '), zstdCompressSync('layer')])],
    ['a layer that looks like JSON', Buffer.from('a layer')],
  ])('gives each layer inflated: %s', async (_, layer) => {
    const images = await unpack([
      [{ name: 'blobs/sha256/' + '1'.repeat(64) }, layer],
      ...imageOf(
        'blobs/sha256/' + 'c'.repeat(64),
        ['blobs/sha256/' + '1'.repeat(64)],
        [digest('a')],
        [{ created_by: 'COPY a' }, { created_by: 'ENV b', empty_layer: true }],
      ),
    ]);
    expect(images).toMatchObject([[{ diffId: digest('a'), createdBy: 'COPY a', file: { bytes: 7 } }]]);
    expect(await contents(images)).toEqual([['a layer']]);
  });

  test('follows the links of a classic engine', async () => {
    const images = await unpack([
      [{ name: legacy('1') }, 'shared'],
      [{ name: legacy('2'), type: 'symlink', linkname: `../${legacy('1')}` }],
      ...imageOf('c.json', [legacy('2')], [digest('a')]),
    ]);
    expect(await contents(images)).toEqual([['shared']]);
  });

  test.each([
    ['as it is', Buffer.from('a layer')],
    ['gzip', gzipSync('a layer')],
    ['zstd', zstdCompressSync('a layer')],
    ['zstd in parts', Buffer.concat([zstdCompressSync('a '), zstdCompressSync('layer')])],
  ])('says what a layer is by its bytes, whatever its image states: %s', async (_, layer) => {
    const images = await unpack([[{ name: legacy('1') }, layer], ...imageOf('c.json', [legacy('1')], [digest('a')])]);
    expect(images).toMatchObject([[{ diffId: digest('a'), contentId: sha256('a layer') }]]);
  });

  const stored = gzipSync('known');
  const underItsDigest = `blobs/sha256/${sha256(stored).slice('sha256:'.length)}`;

  test.each([
    ['the layer by the name of an engine', legacy('1'), 'known'],
    ['what is kept under its digest', underItsDigest, stored],
  ])('passes over what is known: %s', async (_, name, content) => {
    const passOver = (): string => sha256('known');
    const entries: Entry[] = [[{ name }, content], ...imageOf('c.json', [name], [sha256('known')])];
    const onlyThat = (asked: string): string | undefined => (asked === name ? passOver() : undefined);
    expect(await unpack(entries, { passOver: onlyThat })).toMatchObject([
      [{ diffId: sha256('known'), contentId: sha256('known'), file: null }],
    ]);
  });

  test.each([
    ['an engine', legacy('1'), 'something else'],
    ['a digest', underItsDigest, gzipSync('something else')],
    ['an engine, with nothing in it', legacy('1'), ''],
  ])('takes nothing for what is known by a mere name: that of %s', async (_, name, content) => {
    const entries: Entry[] = [[{ name }, content], ...imageOf('c.json', [name], [sha256('known')])];
    const passOver = (asked: string): string | undefined => (asked === name ? sha256('known') : undefined);
    expect(await unpack(entries, { passOver })).toMatchObject([[{ contentId: null, file: null }]]);
  });

  test.each([
    ['as it is', Buffer.from('a layer')],
    ['compressed', gzipSync('a layer')],
  ])('does not say what lies under the digest of something else: %s', async (_, layer) => {
    const name = `blobs/sha256/${'1'.repeat(64)}`;
    const images = await unpack([[{ name }, layer], ...imageOf('c.json', [name], [sha256('a layer')])]);
    expect(images).toMatchObject([[{ contentId: null, file: { bytes: 7 } }]]);
  });

  test('tells which layers hold Java archives', async () => {
    const names = [legacy('1'), legacy('2')];
    const withJava = await tarOf({ 'opt/app.jar': 'x' });
    const without = await tarOf({ 'opt/jars/app.txt': 'x' });
    const images = await unpack([
      [{ name: legacy('1') }, withJava],
      [{ name: legacy('2') }, gzipSync(without)],
      ...imageOf('c.json', names, [digest('a'), digest('b')]),
    ]);
    expect(images.flat().map(({ holdsJava }) => holdsJava)).toEqual([true, false]);
  });

  test('leaves out the image of which the engine has not everything, and not the others', async () => {
    const blob = (digit: string) => `blobs/sha256/${digit.repeat(64)}`;
    const entries: Entry[] = [
      [{ name: blob('1') }, 'a layer'],
      json(blob('c'), { rootfs: { diff_ids: [digest('a')] } }),
      json(blob('d'), { rootfs: { diff_ids: [digest('b')] } }),
      json('manifest.json', [
        { Config: blob('e'), Layers: [blob('1')] },
        { Config: blob('d'), Layers: [blob('2')] },
        { Config: blob('c'), Layers: [blob('1')] },
      ]),
    ];
    expect(await unpack(entries)).toMatchObject([[{ diffId: digest('a'), file: { bytes: 7 } }]]);
  });

  test.each<readonly [string, readonly Entry[], string]>([
    ['no manifest', [[{ name: legacy('1') }, 'x']], 'no description'],
    [
      'links that lead out',
      [
        [{ name: legacy('1'), type: 'symlink', linkname: '../../../../etc/passwd' }],
        ...imageOf('c.json', [legacy('1')], [digest('a')]),
      ],
      'without one of its layers',
    ],
    ['layers that are not there', imageOf('c.json', [legacy('1')], [digest('a')]), 'without one of its layers'],
  ])('refuses an archive with %s as incomplete', async (_, entries, said) => {
    await expect(unpack(entries)).rejects.toMatchObject({ kind: 'incomplete', message: expect.stringContaining(said) });
  });

  test.each<readonly [string, readonly Entry[], string]>([
    [
      'links in a circle',
      [
        [{ name: 'manifest.json', type: 'symlink', linkname: 'other' }],
        [{ name: 'other', type: 'symlink', linkname: 'manifest.json' }],
      ],
      'lead nowhere',
    ],
    ['a hard link', [[{ name: legacy('1'), type: 'link', linkname: '/etc/passwd' }]], 'type link'],
    ['a device', [[{ name: 'dev', type: 'character-device' }]], 'type character-device'],
    [
      'one name twice',
      [
        [{ name: 'a' }, 'x'],
        [{ name: './a' }, 'y'],
      ],
      'two entries',
    ],
    ['a name without end', [[{ name: `${'a/'.repeat(600)}b` }, 'x']], 'too long'],
    ['other layers than it states', imageOf('c.json', [], [digest('a')]), 'other layers'],
    ['a layer without a digest', imageOf('c.json', [legacy('1')], ['../../etc']), 'in no way that is known'],
    ['a manifest that is none', [json('manifest.json', { Config: 1 })], 'in no way that is known'],
  ])('refuses an archive with %s', async (_, entries, said) => {
    await expect(unpack(entries)).rejects.toMatchObject({ kind: 'malformed', message: expect.stringContaining(said) });
  });

  test.each([
    ['gzip', gzipSync(Buffer.alloc(5_000_000))],
    ['gzip in many parts', Buffer.concat(Array<Buffer>(50).fill(gzipSync(Buffer.alloc(100_000))))],
    ['zstd', zstdCompressSync(Buffer.alloc(5_000_000))],
  ])('refuses a layer that inflates to more than it may: %s', async (_, bomb) => {
    for (const name of [legacy('1'), underItsDigest, 'manifest.json', 'c.json'])
      await expect(unpack([[{ name }, bomb]])).rejects.toMatchObject({ kind: 'over_budget' });
  });

  test('refuses a description that inflates to more than any is long', async () => {
    const spaces = gzipSync(Buffer.alloc(17 * 1024 ** 2, ' '));
    const entries: Entry[] = [[{ name: 'manifest.json' }, spaces]];
    await expect(unpack(entries, { maxBytes: 100_000_000 })).rejects.toThrow('a description that is too long');
  });

  test('refuses an archive that is larger than it may be in all', async () => {
    const half = Buffer.alloc(600_000);
    await expect(
      unpack([
        [{ name: 'a' }, half],
        [{ name: 'b' }, half],
      ]),
    ).rejects.toMatchObject({ kind: 'over_budget' });
  });

  test('refuses a layer that is damaged, and an archive that breaks off', async () => {
    const damaged = gzipSync('a layer').fill(7, 12);
    await expect(unpack([[{ name: 'a' }, damaged]])).rejects.toMatchObject({ kind: 'malformed' });
    const whole = Buffer.concat(await archiveOf([[{ name: 'a' }, 'x'.repeat(9000)]]).toArray());
    await expect(unpackAll(Readable.from([whole.subarray(0, 4000)]))).rejects.toThrow('broke off');
  });

  test('stops when it is told to', async () => {
    const abort = new AbortController();
    const endless = new Readable({ read() {} });
    const archive = addAbortSignal(abort.signal, endless);
    const unpacking = unpackAll(archive, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(unpacking).rejects.toThrow('enough');
  });
});
