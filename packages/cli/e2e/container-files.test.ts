import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { CONTAINER_SETTINGS, COMPOSE_VARIABLES, PASSED_VARIABLES, SETTING_NAMES } from '@scanner/core/config';
import { PINNED_TRIVY_VERSION } from '@scanner/scanner';
import { hadolint } from '@scanner/testing';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const DOCKER = new URL('../../../docker/', import.meta.url);
const fileOf = (name: string): string => fileURLToPath(new URL(name, DOCKER));
const textOf = (name: string): Promise<string> => readFile(new URL(name, DOCKER), 'utf8');

const ComposeFile = z.object({
  services: z.record(z.string(), z.object({ environment: z.array(z.string()), volumes: z.array(z.string()) })),
});

const compose = (files: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  execa('docker-compose', [...files.flatMap((name) => ['--file', fileOf(name)]), 'config'], {
    extendEnv: false,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });

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
  it('are understood by Compose 1, with and without the proxy', async () => {
    for (const files of [['compose.yaml'], ['compose.yaml', 'compose.socket-proxy.yaml']])
      expect((await compose(files)).exitCode).toBe(0);
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
      const { stdout } = await compose(['compose.yaml'], env);
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
    const { stdout } = await compose(['compose.yaml'], { SCANNER_UID: '1000', SCANNER_GID: '1001', DOCKER_GID: '999' });
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
    const { stdout } = await compose(['compose.yaml', 'compose.socket-proxy.yaml']);
    expect(stdout.match(/\/var\/run\/docker\.sock/g)).toHaveLength(2);
    expect(stdout).toContain('/dev/null:/var/run/docker.sock');
    expect(stdout).toContain('/var/run/docker.sock:/docker.sock');
    expect(stdout).toContain('DOCKER_HOST: tcp://socket-proxy:2375');
  });
});
