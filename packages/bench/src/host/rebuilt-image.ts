import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { npmPackage } from '@scanner/testing';

import type { HostSetting } from './host-setting.ts';

/**
 * Builds one image anew, as teams do all day: what it was, below one layer more with a vulnerable package. Each number
 * makes another. Disposing gives the reference back to the image that it stood for.
 */
export async function rebuildImage(
  { engine, set }: Pick<HostSetting, 'engine' | 'set'>,
  number: number,
  workDirectory: string,
): Promise<AsyncDisposable> {
  const reference = set.toRebuild;
  const files = join(workDirectory, 'rebuilt');
  await writeFiles(files, { ...npmPackage('minimist', '1.2.5'), 'app/build': `${number}\n` });
  const before = await engine.docker(['image', 'inspect', '--format', '{{.Id}}', reference]);
  const container = await engine.docker(['create', '--network', 'none', reference, '/bin/true']);
  await engine.docker(['cp', `${files}/.`, `${container}:/`]);
  const rebuilt = await engine.docker(['commit', container, reference]);
  await engine.docker(['rm', container]);
  await rm(files, { recursive: true });
  return {
    async [Symbol.asyncDispose]() {
      await engine.docker(['tag', before, reference]);
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
