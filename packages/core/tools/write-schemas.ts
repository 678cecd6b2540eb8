import { writeFile } from 'node:fs/promises';

import { documentSchemas } from '../src/index.ts';

const directory = new URL('../schemas/', import.meta.url);
for (const [name, schema] of documentSchemas())
  await writeFile(new URL(`${name}.schema.json`, directory), `${JSON.stringify(schema, null, 2)}\n`);
