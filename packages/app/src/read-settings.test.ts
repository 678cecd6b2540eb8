import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';

import { beforeEach, expect, it, onTestFinished } from 'vitest';

import { Console } from './console/console.ts';
import { readSettings } from './read-settings.ts';

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'gts-settings-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
});

/** What a command for this host finds and what it says of it. */
const readHere = (): { severities: readonly string[]; said: string } => {
  let said = '';
  const stderr = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      said += chunk.toString();
      done();
    },
  });
  const options = {
    json: false,
    quiet: false,
    verbose: false,
    logFormat: 'pretty',
    color: false,
    unicode: true,
  } as const;
  const { signal } = new AbortController();
  const context = {
    console: new Console(stderr, stderr, options),
    cwd,
    env: {},
    home: cwd,
    signal,
    commandLine: 'gts',
  };
  return { severities: readSettings(context, {}, { layout: 'directory' }).settings.TRIVY_SEVERITY, said };
};

it('says nothing of settings files that are not there', () => {
  expect(readHere()).toEqual({ severities: ['CRITICAL', 'HIGH'], said: '' });
});

it('says of settings files that cannot be read that they set nothing, once for all secrets', async () => {
  await mkdir(join(cwd, 'security', '.env'), { recursive: true });
  for (const name of ['TRIVY_SEVERITY', 'SCAN_CONCURRENCY'])
    await mkdir(join(cwd, 'security', 'secrets', name), { recursive: true });

  const { severities, said } = readHere();

  expect(severities).toEqual(['CRITICAL', 'HIGH']);
  expect(said.match(/cannot be read and sets nothing \(EISDIR\)/g)).toHaveLength(2);
  expect(said).toContain(join(cwd, 'security', '.env'));
});

it('takes what can be read', async () => {
  await mkdir(join(cwd, 'security'));
  await writeFile(join(cwd, 'security', '.env'), 'TRIVY_SEVERITY=low\n');
  expect(readHere()).toEqual({ severities: ['LOW'], said: '' });
});
