import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A release that nothing here is tested with: its images are pulled and reported by a process each. */
const VERSION = JSON.stringify({ Version: '0.999.0' });

/**
 * Makes a program that says it is such a release and is `trivy` in all else.
 *
 * @returns its path
 */
export async function makeUntestedTrivy(trivy: string, directory: string): Promise<string> {
  const path = join(directory, 'untested-trivy');
  const answer = `case "$1" in --version) echo '${VERSION}'; exit ;; esac`;
  await writeFile(path, `#!/bin/sh\n${answer}\nexec '${trivy}' "$@"\n`);
  await chmod(path, 0o755);
  return path;
}
