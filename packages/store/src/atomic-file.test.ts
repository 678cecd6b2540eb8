import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { removeLeftovers, writeFileAtomically } from './atomic-file.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-file-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const at = (name: string): string => join(directory, name);

test('writes a file that was not there, and nothing else', async () => {
  await writeFileAtomically(at('a'), 'new');

  expect(readFileSync(at('a'), 'utf8')).toBe('new');
  expect(readdirSync(directory)).toEqual(['a']);
});

test('replaces a file as a whole, keeping who may read it', async () => {
  writeFileSync(at('a'), 'old and longer');
  chmodSync(at('a'), 0o600);
  await writeFileAtomically(at('a'), Buffer.from('new'));

  expect(readFileSync(at('a'), 'utf8')).toBe('new');
  expect(statSync(at('a')).mode & 0o777).toBe(0o600);
});

test('a reader that has the old file open goes on reading the old', async () => {
  writeFileSync(at('a'), 'old');
  await using reader = await open(at('a'));
  await writeFileAtomically(at('a'), 'new');

  expect(await reader.readFile('utf8')).toBe('old');
});

test('a symbolic link stays one', async () => {
  writeFileSync(at('target'), 'old');
  symlinkSync('target', at('link'));
  await writeFileAtomically(at('link'), 'new');

  expect(readlinkSync(at('link'))).toBe('target');
  expect(readFileSync(at('target'), 'utf8')).toBe('new');
});

test('a pipe is written to, not replaced', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  await using reader = await open(at('pipe'), 'r+');
  await writeFileAtomically(at('pipe'), 'new');
  const { bytesRead, buffer } = await reader.read({ buffer: Buffer.alloc(10) });

  expect(buffer.toString('utf8', 0, bytesRead)).toBe('new');
  expect(statSync(at('pipe')).isFIFO()).toBe(true);
});

test('a pipe takes more than it holds, in pieces, as fast as it is read', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  const pieces = Array.from({ length: 40 }, (_, index) => String(index % 10).repeat(10_000));
  const reading = readFile(at('pipe'), 'utf8');
  await writeFileAtomically(at('pipe'), pieces);

  expect(await reading).toBe(pieces.join(''));
});

test('a pipe that nobody reads is named when the time for it is over, or at once when it is stopped', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  const stop = new AbortController();
  const stopped = writeFileAtomically(at('pipe'), 'new', { signal: stop.signal });
  stop.abort(new Error('stopped by SIGTERM'));

  await expect(stopped).rejects.toThrow('stopped by SIGTERM');
  await expect(writeFileAtomically(at('pipe'), 'new', { pipeSeconds: 0.1 })).rejects.toMatchObject({
    code: 'directory_unusable',
    message: `no process has opened the pipe ${at('pipe')} for reading for 0.1 s`,
  });
});

test('a pipe that is open and takes no more is named too', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  await using _reader = await open(at('pipe'), 'r+');

  await expect(writeFileAtomically(at('pipe'), 'x'.repeat(1_000_000), { pipeSeconds: 0.1 })).rejects.toMatchObject({
    code: 'directory_unusable',
    message: `no process reads from the pipe ${at('pipe')} for 0.1 s`,
  });
});

test('a directory that is not there, or a directory in the place of the file, is an error that leaves nothing', async () => {
  mkdirSync(at('taken'));

  await expect(writeFileAtomically(at('missing/a'), 'new')).rejects.toMatchObject({ code: 'directory_unusable' });
  await expect(writeFileAtomically(at('taken'), 'new')).rejects.toMatchObject({ code: 'directory_unusable' });
  expect(readdirSync(directory)).toEqual(['taken']);
});

test('a full disk is told as such', async () => {
  await expect(writeFileAtomically('/dev/full', 'new')).rejects.toMatchObject({ code: 'disk_full' });
});

test('takes content piece by piece, and a last word on whether it may replace the old file', async () => {
  writeFileSync(at('a'), 'old');
  const write = (mayReplace: boolean) =>
    writeFileAtomically(
      at('a'),
      async (file) => {
        await file.writeFile('one ');
        await file.writeFile('two');
      },
      { mayReplace: async (file) => (await file.stat()).size === 7 && mayReplace },
    );

  expect(await write(false)).toBe(false);
  expect([readFileSync(at('a'), 'utf8'), readdirSync(directory)]).toEqual(['old', ['a']]);
  expect(await write(true)).toBe(true);
  expect([readFileSync(at('a'), 'utf8'), readdirSync(directory)]).toEqual(['one two', ['a']]);
});

test('what killed writers of a file left beside it is removed, and nothing else', async () => {
  const others = ['.a.tmp', '.a.0123456789abcdeF.tmp', '.b.0123456789abcdef.tmp', 'a'];
  for (const name of [...others, '.a.0123456789abcdef.tmp']) writeFileSync(at(name), '');
  await removeLeftovers(at('a'));

  expect(readdirSync(directory)).toEqual(others.toSorted());
});
