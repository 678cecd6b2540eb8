import { readdir, readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { documentSchemas } from './index.ts';

const shipped = new URL('../../schemas/', import.meta.url);

describe('the published JSON Schemas', () => {
  it.each([...documentSchemas()])('%s agrees with the shipped file', async (name, schema) => {
    const file: unknown = JSON.parse(await readFile(new URL(`${name}.schema.json`, shipped), 'utf8'));
    expect(file).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it('ship no file that no document stands behind', async () => {
    const files = await readdir(shipped);
    expect(files.toSorted()).toEqual([...documentSchemas().keys()].map((name) => `${name}.schema.json`).toSorted());
  });
});
