import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory that exists until it is disposed. */
export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes an empty directory of its own under the system's temporary directory. Its path is short, so that a unix socket
 * fits in it. Disposing removes it with all its contents, also what was made read-only.
 */
export async function temporaryDirectory(): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'gts-'));
  return {
    path,
    [Symbol.asyncDispose]: () => removeTree(path),
  };
}

async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  } catch {
    await makeWritable(path);
    await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

async function makeWritable(path: string): Promise<void> {
  await chmod(path, 0o700);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(path, entry.name));
  }
}
