import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  CONTAINER_SETTINGS,
  COMPOSE_VARIABLES,
  parseDotEnv,
  PASSED_VARIABLES,
  SETTING_NAMES,
} from '@scanner/core/config';
import { PINNED_TRIVY_VERSION } from '@scanner/scanner';
import { hadolint, temporaryDirectory } from '@scanner/testing';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

import { dockerConfiguration } from './support/contained-host.ts';

const DOCKER = new URL('../../../docker/', import.meta.url);
const fileOf = (name: string): string => fileURLToPath(new URL(name, DOCKER));
const textOf = (name: string): Promise<string> => readFile(new URL(name, DOCKER), 'utf8');

const ComposeFile = z.object({
  services: z.record(z.string(), z.object({ environment: z.array(z.string()), volumes: z.array(z.string()) })),
});

const COMPOSES = ['Compose 1', 'Compose 2'] as const;
type Compose = (typeof COMPOSES)[number];

const runCompose = async (which: Compose, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const [program, ...first] = which === 'Compose 1' ? (['docker-compose'] as const) : (['docker', 'compose'] as const);
  const { stdout } = await execa(program, [...first, ...args], {
    extendEnv: false,
    env: { PATH: process.env['PATH'] ?? '', DOCKER_CONFIG: await dockerConfiguration(), ...env },
  });
  return stdout;
};

const compose = (files: readonly string[], env: Readonly<Record<string, string>> = {}, which: Compose = 'Compose 1') =>
  runCompose(which, [...files.flatMap((name) => ['--file', fileOf(name)]), 'config'], env);

describe('the Dockerfile', () => {
  it('passes the linter', async () => {
    const { stdout, exitCode } = await execa(await hadolint(), [fileOf('Dockerfile')], { reject: false });
    expect(stdout).toBe('');
    expect(exitCode).toBe(0);
  });

  it('names every image that it is made of by its digest, and lets all be replaced', async () => {
    const bases = [...(await textOf('Dockerfile')).matchAll(/^FROM (.*?) AS \w/gm)].map(([, base]) => base ?? '');
    const published = bases.filter((base) => base.includes('@') || base.includes(':-'));
    expect(published).toEqual([
      expect.stringMatching(/^\$\{NODE_IMAGE:-[\w./:-]+@sha256:[0-9a-f]{64}\}$/),
      '${TRIVY_IMAGE:-trivy-release}',
      expect.stringMatching(/^\$\{RUNTIME_IMAGE:-[\w./:-]+@sha256:[0-9a-f]{64}\}$/),
    ]);
  });

  it('says which Trivy is the pinned one', async () => {
    expect(await textOf('Dockerfile')).toContain(`without it the pinned one, ${PINNED_TRIVY_VERSION}.`);
  });
});

describe('the compose files', () => {
  it.each(COMPOSES)('are understood by %s, with and without the proxy', async (which) => {
    for (const files of [['compose.yaml'], ['compose.yaml', 'compose.socket-proxy.yaml']])
      expect(await compose(files, {}, which)).toContain('image-scanner:local');
  });

  it('are the project that gts host up starts, where Compose 2 starts them by hand', async () => {
    expect(await compose(['compose.yaml'], {}, 'Compose 2')).toMatch(/^name: image-scanner$/m);
  });

  it('mount directories only, beside the socket: a file that is missing would be made one', async () => {
    const { services } = ComposeFile.parse(parse(await textOf('compose.yaml')));
    const sources = services['image-scanner']?.volumes.map((volume) => volume.replace(/:\/[\w./-]+(:ro)?$/, ''));
    expect(sources?.filter((source) => /\.\w+\}?$/.test(source) && !source.includes('DOCKER_SOCKET'))).toEqual([]);
  });

  it('name the settings that the container is given, without values', async () => {
    const { services } = ComposeFile.parse(parse(await textOf('compose.yaml')));
    expect(services['image-scanner']?.environment).toEqual([
      ...CONTAINER_SETTINGS,
      'HOST_DIR=${SCANNER_DIR:-}',
      ...PASSED_VARIABLES,
    ]);
    const given = new Set<string>(CONTAINER_SETTINGS);
    expect(SETTING_NAMES.filter((name) => !given.has(name))).toEqual([
      'IGNORE_FILE',
      'USE_IGZIP',
      'DOCKER_HOST',
      'SCANNER_DIR',
      'LOG_DIR',
      'STATE_DIR',
      'TRIVY_CACHE_DIR',
      'TRIVY_PATH',
      'TRIVY_RELEASES_URL',
      'SNAPSHOT_DIR',
      'HOST_DIR',
      'GTS_DATA_DIR',
      'POPULAR_NAMESPACES',
      'DOCKERHUB_URL',
      'DOCKERHUB_USERNAME',
      'DOCKERHUB_TOKEN',
      'REGISTRY_MIRRORS',
    ]);
  });

  it('tell the container where its data lies on the host, where that was said', async () => {
    const configured = async (env: Readonly<Record<string, string>>): Promise<unknown> => {
      const stdout = await compose(['compose.yaml'], env);
      const services = z.record(z.string(), z.object({ environment: z.record(z.string(), z.unknown()) }));
      return z.object({ services }).parse(parse(stdout)).services['image-scanner']?.environment['HOST_DIR'];
    };
    expect(await configured({ SCANNER_DIR: '/srv/security' })).toBe('/srv/security');
    expect(await configured({})).toBe('');
  });

  it('are filled in with the variables that the example of an .env file explains, and no others', async () => {
    const texts = await Promise.all(['compose.yaml', 'compose.socket-proxy.yaml'].map(textOf));
    const filledIn = texts.flatMap((text) => [...text.matchAll(/\$\{(\w+):-/g)].map(([, name]) => name ?? ''));
    const args = /args:\n((?: +- \w+\n)+)/.exec(texts[0] ?? '')?.[1]?.match(/\w+/g) ?? [];
    const known = new Set([...COMPOSE_VARIABLES.map(({ name }) => name), 'TRIVY_RELEASES_URL']);
    expect(new Set([...filledIn, ...args, 'COMPOSE_PROJECT_NAME'])).toEqual(known);
  });

  it('hold a container that can do no more than it has to', async () => {
    const stdout = await compose(['compose.yaml'], { SCANNER_UID: '1000', SCANNER_GID: '1001', DOCKER_GID: '999' });
    expect(
      z.object({ services: z.object({ 'image-scanner': z.unknown() }) }).parse(parse(stdout)).services['image-scanner'],
    ).toMatchObject({
      user: '1000:1001',
      group_add: ['999'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      read_only: true,
      init: true,
      restart: 'unless-stopped',
      stop_grace_period: '10s',
    });
  });

  it('take the socket away where the proxy stands', async () => {
    const stdout = await compose(['compose.yaml', 'compose.socket-proxy.yaml']);
    expect(stdout.match(/\/var\/run\/docker\.sock/g)).toHaveLength(2);
    expect(stdout).toContain('/dev/null:/var/run/docker.sock');
    expect(stdout).toContain('/var/run/docker.sock:/docker.sock');
    expect(stdout).toContain('DOCKER_HOST: tcp://socket-proxy:2375');
  });
});

describe('an .env file', () => {
  /** No dollar sign, which Compose fills in and we do not. */
  const LINES = [
    'A=ab#cd',
    'B=#abc',
    'C=ab #cd',
    'D="ab #cd"  # of the relay',
    "E='ab #cd'",
    "F=it's",
    'G=abc"',
    String.raw`H="a\\b\"c\n\x"`,
    String.raw`I='a\nb\'c'`,
    String.raw`J=a\nb`,
    'export K=abc',
    'L = spaced  out  ',
    'M=a=b',
    '# N=no',
    '  O=indented',
    'P="größer ✓"',
    'Q=https://user:pass@example.org/#part',
  ];

  it.each(COMPOSES)('says to us what it says to %s', async (which) => {
    await using directory = await temporaryDirectory();
    const text = LINES.join('\r\n');
    const expected = parseDotEnv(text);
    await writeFile(join(directory.path, 'some.env'), text);
    const file = join(directory.path, 'compose.json');
    const service = { image: 'a', environment: Object.keys(expected) };
    await writeFile(file, JSON.stringify({ services: { a: service } }));
    const written = await runCompose(which, ['--env-file', join(directory.path, 'some.env'), '--file', file, 'config']);
    const Written = z.object({ services: z.object({ a: z.object({ environment: z.unknown() }) }) });
    expect(Object.keys(expected)).toHaveLength(LINES.length - 1);
    expect(Written.parse(parse(written)).services.a.environment).toEqual(expected);
  });
});
