import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesBelow, fingerprint, isStamped, leaveStamp } from './stamp.mjs';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gts-stamp-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** @param {string} name @param {string} content */
async function write(name, content) {
  const file = join(directory, name);
  await writeFile(file, content);
  return file;
}

describe('fingerprint', () => {
  it('stays when files are only touched or named in another order', async () => {
    const files = [await write('a', 'one'), await write('b', 'two')];
    const before = await fingerprint(directory, files);
    await utimes(join(directory, 'a'), new Date(0), new Date(0));
    expect(await fingerprint(directory, files.toReversed())).toBe(before);
  });

  it('changes when a file is edited, renamed or gone', async () => {
    const a = await write('a', 'one');
    const before = await fingerprint(directory, [a]);
    const renamed = await fingerprint(directory, [await write('b', 'one')]);
    await write('a', 'two');
    const edited = await fingerprint(directory, [a]);
    await rm(a);
    const gone = await fingerprint(directory, [a]);
    expect(new Set([before, renamed, edited, gone]).size).toBe(4);
  });

  it('keeps apart what is split differently between two files', async () => {
    const first = await fingerprint(directory, [await write('a', 'xy'), await write('b', 'z')]);
    const second = await fingerprint(directory, [await write('a', 'x'), await write('b', 'yz')]);
    expect(first).not.toBe(second);
  });

  it('changes with the facts that the result depends on', async () => {
    const files = [await write('a', 'one')];
    expect(await fingerprint(directory, files, ['x64'])).not.toBe(await fingerprint(directory, files, ['arm64']));
  });
});

describe('filesBelow', () => {
  it('lists wanted files at every depth', async () => {
    await mkdir(join(directory, 'inner'));
    await write('a.ts', '');
    await write('a.test.ts', '');
    await write('inner/b.ts', '');
    const found = await filesBelow(directory, (name) => !name.endsWith('.test.ts'));
    expect(found.toSorted()).toEqual([join(directory, 'a.ts'), join(directory, 'inner', 'b.ts')]);
  });

  it('lists nothing below a directory that does not exist', async () => {
    expect(await filesBelow(join(directory, 'none'))).toEqual([]);
  });
});

describe('a stamp', () => {
  it('holds for the fingerprint it was left for and for no other', async () => {
    const stamp = join(directory, 'made', 'stamp');
    expect(await isStamped(stamp, 'abc')).toBe(false);
    await leaveStamp(stamp, 'abc');
    expect(await isStamped(stamp, 'abc')).toBe(true);
    expect(await isStamped(stamp, 'abd')).toBe(false);
  });
});
