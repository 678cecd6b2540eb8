import { execFile } from 'node:child_process';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A program that takes note of each call and becomes Trivy: the loop and gts both run it, so it costs both the same. */
export interface TrivyCounter {
  readonly path: string;
  readonly version: string;
  /** How often it was called since the last time this was asked. */
  take(): Promise<number>;
}

export async function makeTrivyCounter(trivy: string, directory: string): Promise<TrivyCounter> {
  const path = join(directory, 'trivy');
  const calls = join(directory, 'trivy-calls');
  await writeFile(path, `#!/bin/sh\necho call >> ${quoted(calls)}\nexec ${quoted(trivy)} "$@"\n`);
  await chmod(path, 0o755);
  return {
    path,
    version: await versionOf(trivy),
    take: async () => {
      const lines = await readFile(calls, 'utf8').catch(() => '');
      await rm(calls, { force: true });
      return lines.split('\n').length - 1;
    },
  };
}

async function versionOf(trivy: string): Promise<string> {
  const { stdout } = await promisify(execFile)(trivy, ['--version']);
  return /^Version: (\S+)/m.exec(stdout)?.[1] ?? 'unknown';
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
