import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { makeDirectories } from '@scanner/core';

import { z } from 'zod';

import type { ExecutableFile } from './executable-file.ts';
import { isGone } from './gone-process.ts';

const FILE_NAME = 'trivy-versions.json';
const MAX_FILE_BYTES = 64 * 1024;
const MAX_PROGRAMS = 16;
/** With the process ID of who writes it. */
const PARTIAL = /^trivy-versions\.json\.(?<writer>\d{1,10})-[0-9a-f-]{36}$/;

const Measured = z.object({
  /** Which measurement it was: another one is to be made anew. */
  revision: z.number(),
  outcome: z.enum(['equal', 'different', 'unknown']),
  at: z.iso.datetime(),
});

/** What scans by layers came to with a program. */
export type Measured = z.infer<typeof Measured>;

const Known = z.object({ version: z.string(), measured: Measured.optional().catch(undefined) });

/** What is known of a program: the version that it said, and how it was measured. */
export type Known = z.infer<typeof Known>;

const Remembered = Known.extend({
  path: z.string(),
  inode: z.number(),
  sizeBytes: z.number(),
  modified: z.number(),
  changed: z.number(),
});
type Remembered = z.infer<typeof Remembered>;

const ProgramsFile = z.object({ programs: z.array(Remembered).max(MAX_PROGRAMS) });

/**
 * Remembers what is known of a program for as long as its file stays as it is: asking its version takes a tenth of a
 * second, measuring it some seconds. Losing it costs that time, so neither an unreadable file nor one that cannot be
 * written is an error.
 */
export class ProgramMemory {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async recall(program: ExecutableFile): Promise<Known | null> {
    const programs = await this.#read();
    return programs.find((entry) => isSameFile(entry, program)) ?? null;
  }

  async remember(program: ExecutableFile, known: Known): Promise<void> {
    const others = (await this.#read()).filter(({ path }) => path !== program.path);
    const programs = [{ ...identify(program), ...known }, ...others].slice(0, MAX_PROGRAMS);
    const partial = join(this.#directory, `${FILE_NAME}.${process.pid}-${randomUUID()}`);
    try {
      await makeDirectories(this.#directory);
      await writeFile(partial, `${JSON.stringify({ programs })}\n`, { mode: 0o600 });
      await rename(partial, join(this.#directory, FILE_NAME));
      await this.#removePartial();
    } catch {
      await rm(partial, { force: true }).catch(() => {});
    }
  }

  /** A killed process leaves its own, and has remembered nothing: the next one comes by here. */
  async #removePartial(): Promise<void> {
    for (const name of await readdir(this.#directory)) {
      const writer = PARTIAL.exec(name)?.groups?.['writer'];
      if (isGone(Number(writer))) await rm(join(this.#directory, name), { force: true });
    }
  }

  async #read(): Promise<readonly Remembered[]> {
    try {
      await using file = await open(join(this.#directory, FILE_NAME));
      if ((await file.stat()).size > MAX_FILE_BYTES) return [];
      return ProgramsFile.parse(JSON.parse(await file.readFile('utf8'))).programs;
    } catch {
      return [];
    }
  }
}

const identify = ({
  path,
  stats,
}: {
  readonly path: string;
  readonly stats: Stats;
}): Omit<Remembered, keyof Known> => ({
  path,
  inode: stats.ino,
  sizeBytes: stats.size,
  modified: stats.mtimeMs,
  changed: stats.ctimeMs,
});

const isSameFile = (entry: Remembered, program: ExecutableFile): boolean => {
  const now = identify(program);
  return (
    entry.path === now.path &&
    entry.inode === now.inode &&
    entry.sizeBytes === now.sizeBytes &&
    entry.modified === now.modified &&
    entry.changed === now.changed
  );
};
