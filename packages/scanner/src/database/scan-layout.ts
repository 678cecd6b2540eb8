import { link, mkdir, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { ScanDatabase } from '../trivy/open-trivy-scanner.ts';
import { type DatabaseGeneration, generationFiles } from './generation.ts';

export interface DatabasesInUse {
  readonly vulnerabilities: DatabaseGeneration;
  readonly stale: boolean;
  /** Null where there is none. */
  readonly java: DatabaseGeneration | null;
}

/**
 * Lays databases out in Trivy's layout below a directory of the caller's, which holds none yet. The files are hard links
 * where the disk allows it, so that whoever scans with them keeps them when the generation is removed.
 *
 * @returns what a scanner is opened with
 */
export const openForScanning = async (databases: DatabasesInUse, directory: string): Promise<ScanDatabase> => {
  const { vulnerabilities, java, stale } = databases;
  const generations = java === null ? [vulnerabilities] : [vulnerabilities, java];
  for (const generation of generations) await layOut(generation, directory);
  return {
    directory,
    generation: generations.map(({ kind, id }) => `${kind.directory}@${id}`).join('+'),
    updatedAt: vulnerabilities.updatedAt.toISOString(),
    stale,
    hasJava: java !== null,
  };
};

const layOut = async ({ kind, directory }: DatabaseGeneration, target: string): Promise<void> => {
  await mkdir(join(target, kind.directory), { recursive: true });
  for (const name of generationFiles(kind)) {
    const [from, to] = [await realpath(join(directory, name)), join(target, kind.directory, name)];
    await link(from, to).catch(() => symlink(from, to));
  }
};
