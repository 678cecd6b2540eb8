import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { pack } from 'tar-stream';

/** Packs files as a release's archive is: a gzipped tar. */
export const packRelease = async (
  files: readonly (readonly [name: string, content: Buffer | string])[],
): Promise<Buffer> => {
  const archive = pack();
  for (const [name, content] of files) archive.entry({ name, mode: 0o755 }, content);
  archive.finalize();
  return gzipSync(await buffer(archive), { level: 1 });
};
