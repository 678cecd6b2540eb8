import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  databaseFile,
  databaseMetadata,
  endOfLifeImage,
  nodeImage,
  pythonImage,
  scratchImage,
  temporaryDirectory,
  writeDockerArchive,
} from '@scanner/testing';

/** The day that the demonstration's advisories stand for. */
const BUILT_AT = new Date('2026-11-01T00:00:00Z');

const IMAGES = {
  'shop-web': nodeImage,
  'shop-worker': pythonImage,
  'legacy-proxy': endOfLifeImage,
  'static-files': scratchImage,
};

/** Every file of the demonstration, by its path below `demo/`. The same on every machine. */
export const demonstrationFiles = async (): Promise<Map<string, Buffer>> => {
  const files = new Map<string, Buffer>([
    ['db/trivy.db', await databaseFile(1)],
    ['db/metadata.json', Buffer.from(`${JSON.stringify(databaseMetadata({ updatedAt: BUILT_AT }), null, 2)}\n`)],
  ]);
  await using scratch = await temporaryDirectory();
  for (const [name, build] of Object.entries(IMAGES)) {
    const path = join(scratch.path, `${name}.tar`);
    await writeDockerArchive(path, [
      { image: (await build()).image, references: [`demo.example/${name.replace('-', '/')}:1`] },
    ]);
    files.set(`images/${name}.tar`, await readFile(path));
  }
  return files;
};
