import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DEMONSTRATION = fileURLToPath(new URL('../../cli/demo/', import.meta.url));

/** What `gts demo` shows, by path. */
export const demonstrationFiles = async (): Promise<Map<string, Buffer>> => {
  const entries = await readdir(DEMONSTRATION, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const files = new Map<string, Buffer>();
  for (const path of paths.toSorted()) files.set(path.slice(DEMONSTRATION.length), await readFile(path));
  return files;
};
