import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { ErrorDocument } from '@scanner/core';
import { temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { gtsUser } from './support/gts.ts';
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

describe('the files of somebody else', () => {
  const COMMANDS = [
    ['doctor'],
    ['host', 'scan'],
    ['host', 'up'],
    ['host', 'status'],
    ['baseline', 'list'],
    ['image', 'alpine:3'],
    ['scan'],
    ['trivy', 'version'],
  ];

  it.each([
    ['TRIVY_PATH=%', 'TRIVY_PATH'],
    ['TRIVY_PATH_FILE=security/named', 'TRIVY_PATH_FILE'],
    ['SMTP_PASS_FILE=/etc/hostname', 'SMTP_PASS_FILE'],
    ['DOCKER_HOST=ssh://root@127.0.0.1', 'DOCKER_HOST'],
    ['STATE_DIR=/tmp', 'STATE_DIR'],
  ])('run nothing and lead nowhere, in whichever command: %s', async (line, setting) => {
    await using user = await gtsUser();
    const program = join(user.workingDirectory, 'security', 'trivy');
    const ran = join(user.workingDirectory, 'ran');
    await mkdir(user.directory);
    await writeFile(program, `#!/bin/sh\n: > ${ran}\necho '{"Version":"0.74.0"}'\n`, { mode: 0o755 });
    await writeFile(join(user.directory, 'named'), program);
    await writeFile(join(user.directory, '.env'), `${line.replace('%', program)}\n`);
    for (const command of COMMANDS) {
      const { exitCode, stdout } = await user.gts([...command, '--json']);
      expect(existsSync(ran)).toBe(false);
      if (!READS_ALL.has(command.join(' '))) continue;
      expect([command, exitCode]).toEqual([command, 2]);
      const { error } = await readDocument(ErrorDocument, stdout);
      expect(error).toMatchObject({ code: 'setting_invalid', message: expect.stringContaining(setting) });
      expect(error.message).toContain('--dir or SCANNER_DIR');
    }
  });

  it('are not written through links of theirs', async () => {
    await using user = await gtsUser();
    await mkdir(user.directory);
    await symlink(user.home, join(user.directory, 'logs'));
    for (const command of [['host', 'scan'], ['baseline', 'list'], ['doctor']]) {
      const { exitCode, stdout } = await user.gts([...command, '--json']);
      const { error } = await readDocument(ErrorDocument, stdout);
      expect([exitCode, error.message]).toEqual([2, expect.stringMatching(/^LOG_DIR.*leads elsewhere/)]);
    }
    expect(await readdir(user.home)).toEqual([]);
  });

  it('are somebody’s own where he names the directory, by flag or environment', async () => {
    await using user = await gtsUser();
    const program = join(user.workingDirectory, 'security', 'trivy');
    await mkdir(user.directory);
    await writeFile(program, `#!/bin/sh\necho '{"Version":"0.74.0"}'\n`, { mode: 0o755 });
    await writeFile(join(user.directory, '.env'), `TRIVY_PATH=${program}\n`);
    for (const [args, environment] of [
      [['--dir', 'security'], {}],
      [[], { SCANNER_DIR: './security' }],
    ] as const) {
      const { stdout } = await user.gts(['doctor', '--json', ...args], environment);
      expect(stdout).toContain(program);
    }
  });

  it('are not looked in for programs, whatever PATH says of the working directory', async () => {
    await using user = await gtsUser();
    const ran = join(user.workingDirectory, 'ran');
    for (const name of ['trivy', 'docker', 'docker-compose', 'igzip', 'go', 'ssh'])
      await writeFile(join(user.workingDirectory, name), `#!/bin/sh\n: > ${ran}\n`, { mode: 0o755 });
    for (const command of [...COMMANDS, ['trivy', 'install', '--method', 'build']])
      await user.gts([...command, '--json'], { PATH: `:.:./:${user.workingDirectory}/nothing:` });
    expect(existsSync(ran)).toBe(false);
  });
});

/** Commands that take every setting from the directory of the host. */
const READS_ALL: ReadonlySet<string> = new Set(['doctor', 'host scan', 'host up', 'baseline list']);
