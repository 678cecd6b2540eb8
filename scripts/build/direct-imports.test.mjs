import { join } from 'node:path';
import { expect, it } from 'vitest';

import { root } from '../setup/places.mjs';
import { directImports } from './direct-imports.mjs';

/** @param {string} path */
const core = (path) => join(root, 'packages/core/src', path);

it('has each name imported from the file that makes it, and types from nowhere', async () => {
  expect(await directImports("import { type Log, ScannerError, compareFindings as by } from '@scanner/core';")).toBe(
    `import { ScannerError } from '${core('errors.ts')}'; import { compareFindings as by } from '${core('model/finding.ts')}';`,
  );
});

it('follows an index within an index, and one that gives everything of a file', async () => {
  const direct = await directImports("import { installTrivy } from '@scanner/scanner';");
  expect(direct).toContain('/packages/scanner/src/trivy-binary/install-trivy.ts');
  expect(await directImports("import { aCompleteScan } from '@scanner/core/testing';")).toContain(
    core('testing/builders.ts'),
  );
});

it('keeps every line where it was', async () => {
  const source = "import {\n  ScannerError,\n  silentLog,\n} from '@scanner/core';\nconst a = 1;\n";
  expect((await directImports(source)).split('\n')[4]).toBe('const a = 1;');
});

it('leaves alone what is no import of ours', async () => {
  const source = "import { join } from 'node:path';\nimport type { Log } from '@scanner/core';\n";
  expect(await directImports(source)).toBe(source);
});
