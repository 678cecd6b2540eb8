import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

import { demonstrationFiles } from './demonstration-files.ts';

const files = Object.fromEntries(
  [...(await demonstrationFiles())].map(([path, bytes]) => [path, bytes.toString('base64')]),
);
const packed = brotliCompressSync(JSON.stringify(files)).toString('base64');
await writeFile(
  fileURLToPath(new URL('../src/trivy-measurement/bundled-data.ts', import.meta.url)),
  `/** The files of the demonstration: JSON of their contents in base64 by path, compressed. Written by tools/write-bundled-images.ts. */
export const BUNDLED_DATA =
  '${packed}';
`,
);
