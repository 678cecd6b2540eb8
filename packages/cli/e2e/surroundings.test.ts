import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { ErrorDocument } from '@scanner/core';
import { temporaryDirectory } from '@scanner/testing';
import { expect, it } from 'vitest';

import { readDocument } from './support/schemas.ts';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** Node and the checkout may lie where only root looks. */
const SEES_ALL_FILES = '--inh-caps +dac_override --ambient-caps +dac_override';

/** Runs a shell line in which `$NODE $GTS` is the built command, in a directory of its own. */
const inShell = async (line: string): Promise<{ code: number; stdout: string; stderr: string }> => {
  await using directory = await temporaryDirectory();
  const env = { NODE: process.execPath, GTS: MAIN };
  return await run('/bin/sh', ['-c', line], { cwd: directory.path, env }).then(
    (ended) => ({ code: 0, ...ended }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
};

it('a user without a name or a home gets an answer like all others', async () => {
  const { code, stdout, stderr } = await inShell(
    `/usr/bin/setpriv --reuid 54321 --clear-groups ${SEES_ALL_FILES} "$NODE" "$GTS" trivy version --json`,
  );
  expect(stderr).not.toContain('    at ');
  expect(await readDocument(ErrorDocument, stdout)).toMatchObject({ error: { code: 'trivy_missing' } });
  expect(code).toBe(4);
});

it('a working directory that is gone is named as what is wrong', async () => {
  const { code, stdout } = await inShell(
    '/bin/mkdir gone; cd gone; /bin/rmdir ../gone; exec "$NODE" "$GTS" doctor --json',
  );
  expect(await readDocument(ErrorDocument, stdout)).toMatchObject({ error: { code: 'directory_unusable' } });
  expect(code).toBe(4);
});
