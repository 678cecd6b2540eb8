import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { silentLog } from '@scanner/core';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

import { dockerConfigCredentials } from './docker-config-credentials.ts';
import { dockerConfigFor } from './registry-credentials.ts';
import type { RegistryCredentials } from './registry-credentials.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gts-docker-config-'));
  onTestFinished(() => rm(directory, { recursive: true }));
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const credentialsOf = async (config: unknown): Promise<RegistryCredentials> => {
  const configFile = join(directory, 'config.json');
  await writeFile(configFile, typeof config === 'string' ? config : JSON.stringify(config));
  return dockerConfigCredentials({ configFile, environment: { PATH: `${directory}:/usr/bin:/bin` }, log: silentLog });
};

/** A credential helper that notes what it is asked. */
const helper = async (name: string, script: string): Promise<void> => {
  const path = join(directory, `docker-credential-${name}`);
  await writeFile(path, `#!/bin/sh\ncat > "${directory}/asked-$1"\n${script}\n`);
  await chmod(path, 0o755);
};

describe('dockerConfigCredentials', () => {
  test('reads what `docker login` left', async () => {
    const credentials = await credentialsOf({
      auths: {
        'https://index.docker.io/v1/': { auth: base64('me:hub:secret') },
        'ghcr.io': { username: 'me', password: 'github' },
        'https://registry.example/v2/': { identitytoken: 'token' },
      },
    });
    expect(await credentials.find('docker.io')).toEqual({ username: 'me', password: 'hub:secret' });
    expect(await credentials.find('ghcr.io')).toEqual({ username: 'me', password: 'github' });
    expect(await credentials.find('registry.example')).toEqual({ identityToken: 'token' });
    expect(await credentials.find('quay.io')).toBeNull();
    expect(await credentials.find('__proto__')).toBeNull();
  });

  test.each(['', ' \n', '{}', '\u{feff}{"auths":{}}'])('knows no login where %j is written', async (content) => {
    expect(await (await credentialsOf(content)).find('ghcr.io')).toBeNull();
  });

  test.each(['{', '[]', '"x"', '['.repeat(200_000)])('refuses what makes no sense: %#', async (content) => {
    await expect((await credentialsOf(content)).find('ghcr.io')).rejects.toMatchObject({ code: 'setting_invalid' });
  });

  test('asks the helper of a registry before the one for all', async () => {
    await helper('one', `echo '{"ServerURL":"r","Username":"me","Secret":"from one"}'`);
    await helper('all', `echo '{"ServerURL":"r","Username":"<token>","Secret":"from all"}'`);
    const credentials = await credentialsOf({ credHelpers: { 'ghcr.io': 'one' }, credsStore: 'all' });
    expect(await credentials.find('ghcr.io')).toEqual({ username: 'me', password: 'from one' });
    expect(await credentials.find('docker.io')).toEqual({ identityToken: 'from all' });
    expect(await readFile(join(directory, 'asked-get'), 'utf8')).toBe('https://index.docker.io/v1/');
  });

  test.each([
    ['knows nothing', `echo 'credentials not found in native keychain'; exit 1`],
    ['fails', 'exit 3'],
    ['answers with something else', 'echo hello'],
  ])('asks anonymously when the helper %s', async (_, script) => {
    await helper('odd', script);
    expect(await (await credentialsOf({ credsStore: 'odd' })).find('ghcr.io')).toBeNull();
  });

  test('runs no helper whose name leads elsewhere, and misses none that is not there', async () => {
    expect(await (await credentialsOf({ credsStore: '../../bin/sh' })).find('ghcr.io')).toBeNull();
    expect(await (await credentialsOf({ credsStore: 'missing' })).find('ghcr.io')).toBeNull();
  });

  test('does without a configuration, and tells one that cannot be read', async () => {
    const none = dockerConfigCredentials({ configFile: join(directory, 'none'), environment: {}, log: silentLog });
    expect(await none.find('ghcr.io')).toBeNull();
    await expect((await credentialsOf('{')).find('ghcr.io')).rejects.toMatchObject({ code: 'setting_invalid' });
  });
});

test('the configuration for a run names its registries by the keys Docker uses', () => {
  const logins = new Map([
    ['docker.io', { username: 'me', password: 'a:b' }],
    ['localhost:5000', { identityToken: 'token' }],
  ]);
  expect(JSON.parse(dockerConfigFor(logins))).toEqual({
    auths: {
      'https://index.docker.io/v1/': { auth: base64('me:a:b') },
      'localhost:5000': { identitytoken: 'token' },
    },
  });
});
