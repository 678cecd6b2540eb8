import { buffer } from 'node:stream/consumers';

import { pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';

import { JavaArchives } from './java-archives.ts';

const tarWith = async (...names: string[]): Promise<Buffer> => {
  const archive = pack();
  archive.entry({ name: 'etc/', type: 'directory' });
  archive.entry({ name: 'etc/large' }, Buffer.alloc(70_000, 'x'));
  for (const name of names) archive.entry({ name }, 'content');
  archive.finalize();
  return buffer(archive);
};

const foundIn = (tar: Buffer, pieceBytes: number): boolean => {
  const archives = new JavaArchives();
  for (let at = 0; at < tar.length; at += pieceBytes) archives.read(tar.subarray(at, at + pieceBytes));
  return archives.found;
};

describe('Java archives in a layer', () => {
  test.each([
    ['app.jar'],
    ['opt/APP.WAR'],
    ['opt/a.ear'],
    ['opt/a.par'],
    [`${'directory/'.repeat(15)}app.jar`],
    [`${'n'.repeat(300)}.jar`],
    [`opt/ä${'ö'.repeat(120)}.jar`],
  ])('are seen by their names, however the layer is cut into pieces: %s', async (name) => {
    const tar = await tarWith('etc/hosts', name, 'var/other');
    for (const bytes of [1, 100, 512, 1000, 65_536, tar.length]) expect(foundIn(tar, bytes)).toBe(true);
  });

  test.each([['opt/app.jar.txt'], ['opt/jar'], ['opt/app.tar'], [`${'app.jar/'.repeat(40)}file`]])(
    'are not seen in other names: %s',
    async (name) => {
      const tar = await tarWith(name);
      for (const bytes of [1, 512, tar.length]) expect(foundIn(tar, bytes)).toBe(false);
    },
  );

  test('are not looked for where a layer makes no sense', () => {
    for (const content of [Buffer.alloc(0), Buffer.alloc(4096), Buffer.alloc(4096, 'x'), Buffer.from('short')])
      expect(foundIn(content, 1000)).toBe(false);
  });
});
