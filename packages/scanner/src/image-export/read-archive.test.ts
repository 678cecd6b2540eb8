import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';

import { pack } from 'tar-stream';
import type { Header } from 'tar-stream';
import { expect, test } from 'vitest';

import { readArchive } from './read-archive.ts';

const archiveOf = async (
  ...members: readonly (readonly [Partial<Header> & Pick<Header, 'name'>, string?])[]
): Promise<Buffer> => {
  const archive = pack();
  for (const [headers, content] of members) archive.entry(headers, content ?? '');
  archive.finalize();
  return Buffer.concat(await Readable.from(archive).toArray());
};

const cut = function* (archive: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < archive.length; at += size) yield archive.subarray(at, at + size);
};

const membersOf = async (archive: Buffer, pieceSize = archive.length): Promise<unknown[]> => {
  const members: unknown[] = [];
  for await (const { pieces, ...header } of readArchive(Readable.from(cut(archive, pieceSize))))
    members.push({ ...header, content: await text(Readable.from(pieces())) });
  return members;
};

/** One member whose header is written by hand. */
const handMade = (change: (header: Buffer) => void): Buffer => {
  const header = Buffer.alloc(512);
  header.write('a', 0);
  header.write('00000000003', 124);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  change(header);
  const sum = header.fill(0x20, 148, 156).reduce((total, byte) => total + byte, 0);
  header.write(sum.toString(8).padStart(6, '0'), 148);
  return Buffer.concat([header, Buffer.from('abc'.padEnd(512, '\0')), Buffer.alloc(1024)]);
};

test.each([1, 7, 511, 512, 513, 100_000])('reads what tar writes, in pieces of %i bytes', async (size) => {
  const long = `${'d/'.repeat(200)}é`;
  const archive = await archiveOf(
    [{ name: 'a' }, 'x'.repeat(1000)],
    [{ name: 'dir/', type: 'directory' }],
    [{ name: `${'p/'.repeat(80)}b` }, ''],
    [{ name: long }, 'y'.repeat(512)],
    [{ name: 'l', type: 'symlink', linkname: `../${long}` }],
  );
  expect(await membersOf(archive, size)).toEqual([
    { name: 'a', type: 'file', linkname: '', size: 1000, content: 'x'.repeat(1000) },
    { name: 'dir/', type: 'directory', linkname: '', size: 0, content: '' },
    { name: `${'p/'.repeat(80)}b`, type: 'file', linkname: '', size: 0, content: '' },
    { name: long, type: 'file', linkname: '', size: 512, content: 'y'.repeat(512) },
    { name: 'l', type: 'symlink', linkname: `../${long}`, size: 0, content: '' },
  ]);
});

test('passes over what is not read of a member', async () => {
  const archive = await archiveOf([{ name: 'a' }, 'x'.repeat(3000)], [{ name: 'b' }, 'y']);
  const names: string[] = [];
  for await (const { name, pieces } of readArchive(Readable.from(cut(archive, 1000)))) {
    names.push(name);
    for await (const _ of pieces()) break;
  }
  expect(names).toEqual(['a', 'b']);
});

test("reads GNU's long names and sizes, and a pax size", async () => {
  const named = handMade((header) => {
    header.write('L', 156);
    header.write('ustar  \0', 257);
  });
  const plain = handMade((header) => header.write('ustar  \0', 257));
  expect(await membersOf(Buffer.concat([named.subarray(0, 1024), plain]))).toMatchObject([{ name: 'abc' }]);
  const binary = handMade((header) => header.fill(0, 124, 136).writeUInt8(0x80, 124) && header.writeUInt8(3, 135));
  expect(await membersOf(binary)).toMatchObject([{ size: 3, content: 'abc' }]);
  const sized = await archiveOf([{ name: 'a', pax: { size: '3' } }, 'abc']);
  expect(await membersOf(sized)).toMatchObject([{ size: 3, content: 'abc' }]);
});

test.each<readonly [string, Buffer, string]>([
  ['breaks off in a header', handMade(() => {}).subarray(0, 300), 'broke off'],
  ['breaks off in a member', handMade(() => {}).subarray(0, 514), 'broke off'],
  ['ends without its mark', handMade(() => {}).subarray(0, 1024), 'broke off'],
  ['is none', Buffer.alloc(2048, 'x'), 'makes no sense'],
  ['has a header that was changed', handMade(() => {}).fill('b', 0, 1), 'checksum'],
  ['states a size that is none', handMade((header) => header.write('9xyz', 124)), 'makes no sense'],
  ['states a size beyond all numbers', handMade((header) => header.fill(0xff, 125, 136).writeUInt8(0x80, 124)), 'size'],
  ['states records that are none', handMade((header) => header.write('x', 156)), 'records'],
])('refuses an archive that %s', async (_, archive, said) => {
  await expect(membersOf(archive)).rejects.toMatchObject({
    kind: 'malformed',
    message: expect.stringContaining(said),
  });
});

test('names no type by a character that would do something to a terminal', async () => {
  const types = ['S', '\u{1B}', '\n', '\u{7F}'];
  const archives = types.map((type) => handMade((header) => header.write(type, 156)));
  const members = await Promise.all(archives.map((archive) => membersOf(archive)));
  expect(members.flat()).toMatchObject([
    { type: "'S'" },
    { type: 'unknown' },
    { type: 'unknown' },
    { type: 'unknown' },
  ]);
});
