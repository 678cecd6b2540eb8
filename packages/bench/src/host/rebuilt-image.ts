import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { npmPackage } from '@scanner/testing';
import type { Engine } from '@scanner/testing';

/** Stands on the larger base and has no other name. */
const REFERENCE = 'registry.example/bench/ci:21';

/**
 * Builds one image anew, as teams do all day: what it was, below one layer more with a vulnerable package. Each number
 * makes another. Disposing gives the reference back to the image that it stood for.
 */
export async function rebuildImage(engine: Engine, number: number, workDirectory: string): Promise<AsyncDisposable> {
  const files = join(workDirectory, 'rebuilt');
  await writeFiles(files, { ...npmPackage('minimist', '1.2.5'), 'app/build': `${number}\n` });
  const before = await engine.docker(['image', 'inspect', '--format', '{{.Id}}', REFERENCE]);
  const container = await engine.docker(['create', '--network', 'none', REFERENCE, '/bin/true']);
  await engine.docker(['cp', `${files}/.`, `${container}:/`]);
  const rebuilt = await engine.docker(['commit', container, REFERENCE]);
  await engine.docker(['rm', container]);
  await rm(files, { recursive: true });
  return {
    async [Symbol.asyncDispose]() {
      await engine.docker(['tag', before, REFERENCE]);
      await engine.docker(['rmi', rebuilt]);
    },
  };
}

async function writeFiles(directory: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, contents] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
}
