import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { demonstrationFiles } from './demonstration.ts';

const demo = fileURLToPath(new URL('../demo/', import.meta.url));
await rm(demo, { recursive: true, force: true });
for (const [path, bytes] of await demonstrationFiles()) {
  await mkdir(dirname(join(demo, path)), { recursive: true });
  await writeFile(join(demo, path), bytes);
}
