import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { PINNED_VERSION } from './trivy-version.ts';

const textOf = (path: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), 'utf8');

it.each([
  ['docker/Dockerfile', /pinned one, (\d+\.\d+\.\d+)\./gv],
  ['docker/.env.example', /^#TRIVY_VERSION=v(\d+\.\d+\.\d+)$/gmv],
  ['docker/.env.example', /^#TRIVY_IMAGE=.*:(\d+\.\d+\.\d+)$/gmv],
  ['packages/scanner/trivy-build/go.mod', /aquasecurity\/trivy v(\d+\.\d+\.\d+)/gv],
  ['packages/testing/src/real-programs.ts', /^const TRIVY_VERSION = '(\d+\.\d+\.\d+)';$/gmv],
  ['scripts/trivys.mjs', /^const versions = \[.*'(\d+\.\d+\.\d+)'\];$/gmv],
  ['docs/trivy-versions.md', /The pinned release is (\d+\.\d+\.\d+)\./gv],
])('%s says which Trivy is the pinned one', async (path, saying) => {
  const said = [...(await textOf(path)).matchAll(saying)].map(([, version]) => version);
  expect(said).toEqual([PINNED_VERSION]);
});
