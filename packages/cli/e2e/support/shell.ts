import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Environment, GtsUser } from './gts.ts';

const DIST = new URL('../../dist/', import.meta.url);

/** What the shell knows: `gts` on the command line, and what `npm start` runs in the end. */
const PROGRAMS = { gts: 'main.js', 'npm-start': 'start.js' };

/** How a line ended, and all it has written. */
export interface LineEnded {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A shell of a user, in which `gts` and `npm-start` are the built ones. */
export type Shell = (line: string, environment?: Environment) => Promise<LineEnded>;

/** Opens a shell for a user; its lines see this environment and the programs of the system. */
export const shellOf = async (user: GtsUser, environment: Environment = {}): Promise<Shell> => {
  const programs = join(user.home, 'programs');
  await mkdir(programs, { recursive: true });
  for (const [name, file] of Object.entries(PROGRAMS)) {
    const script = `#!/bin/sh\nexec '${process.execPath}' '${fileURLToPath(new URL(file, DIST))}' "$@"\n`;
    await writeFile(join(programs, name), script, { mode: 0o755 });
  }
  const own = {
    PATH: `${programs}:/usr/bin:/bin`,
    HOME: user.home,
    XDG_CACHE_HOME: user.cache,
    TMPDIR: user.temporary,
    LC_ALL: 'C.UTF-8',
    ...environment,
  };
  return (line, more = {}) =>
    new Promise((resolve) => {
      const child = execFile(
        '/bin/sh',
        ['-c', line],
        { cwd: user.workingDirectory, env: { ...own, ...more }, maxBuffer: Infinity },
        (_error, stdout, stderr) => resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
      );
    });
};
