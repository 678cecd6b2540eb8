import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { packRelease, temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { unpackTrivy } from './release-unpacking.ts';

const unpack = async (directory: string, archive: Buffer): Promise<void> => {
  await writeFile(join(directory, 'archive'), archive);
  await unpackTrivy(join(directory, 'archive'), join(directory, 'unpacked'));
};

describe('unpackTrivy', () => {
  it('takes out the program alone, executable, whatever else lies in the archive', async () => {
    await using directory = await temporaryDirectory();
    await unpack(
      directory.path,
      await packRelease([
        ['../trivy', 'outside'],
        ['/etc/trivy', 'absolute'],
        ['contrib/trivy', 'inside'],
        ['./trivy', 'the program'],
        ['README.md', 'text'],
      ]),
    );
    expect((await readdir(directory.path)).toSorted()).toEqual(['archive', 'unpacked']);
    expect(await readFile(join(directory.path, 'unpacked'), 'utf8')).toBe('the program');
    expect((await stat(join(directory.path, 'unpacked'))).mode & 0o777).toBe(0o755);
  });

  it.each([
    ['has no program', () => packRelease([['README.md', 'text']]), /holds no program/v],
    [
      'has two',
      () =>
        packRelease([
          ['trivy', 'one'],
          ['./trivy', 'two'],
        ]),
      /more than one program/v,
    ],
    [
      'has too many files',
      () => packRelease(Array.from({ length: 1001 }, (_, index) => [`${index}`, ''] as const)),
      /more than 1000 files/v,
    ],
    ['was cut short', async () => (await packRelease([['trivy', 'x'.repeat(10_000)]])).subarray(0, 60), /damaged/v],
    ['is no archive', () => Promise.resolve(Buffer.from('<html>')), /damaged/v],
  ])('refuses an archive that %s', async (_title, archive, message) => {
    await using directory = await temporaryDirectory();
    await expect(unpack(directory.path, await archive())).rejects.toMatchObject({
      code: 'trivy_unverified',
      message: expect.stringMatching(message),
    });
  });
});
