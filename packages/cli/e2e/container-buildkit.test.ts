import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Engine, loadBaseImages, loadStandardImages, startCurrentEngine } from '@scanner/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { containedHost, type ContainedHost, IMAGE } from './support/contained-host.ts';
import { serviceLines } from './support/documentation.ts';
import type { Ended } from './support/gts.ts';

const ALPINE = 'registry.example/base/alpine:3.23';

let engine: Engine;
let host: ContainedHost;
let built: Ended;

beforeAll(async () => {
  engine = await startCurrentEngine();
  const bases = await loadBaseImages(engine);
  await loadStandardImages(engine);
  host = await containedHost({ engine, bases, environment: { DOCKER_BUILDKIT: '1', SCAN_IMAGES: ALPINE } });
  built = await host.host(['up']);
}, 600_000);
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await engine.stop();
});

it('builds the image with BuildKit and starts it with Compose 2, on a current engine', async () => {
  expect(built.exitCode, built.stderr).toBe(0);
  const { last_pass } = await host.statusWhere(({ last_pass: pass }) => pass?.outcome === 'complete', 'a pass');
  expect(last_pass?.totals).toMatchObject({ scanned: 1, failed: 0 });
  expect((await host.host(['logs', '--json'])).stdout).toContain('pass ended');
});

it('is removed with its images and data, and what people wrote stays', async () => {
  await mkdir(join(host.directory, 'settings'), { recursive: true });
  await writeFile(join(host.directory, 'settings', 'ignore-images.txt'), 'debian\n');
  const line = (await serviceLines()).find((line) => line.includes('--purge')) ?? '';
  const purged = await host.host([...line.split(' ').slice(2), '--data']);
  expect(purged.exitCode, purged.stderr).toBe(0);
  expect(purged.stderr).toContain(`removed the image ${IMAGE}`);
  expect(await engine.docker(['images', '--quiet', IMAGE])).toBe('');
  expect(await engine.docker(['ps', '--all', '--quiet'])).toBe('');
  expect((await readdir(host.directory)).toSorted()).toEqual(['secrets', 'settings']);
  expect(existsSync(join(host.directory, 'settings', 'ignore-images.txt'))).toBe(true);
  expect((await host.host(['down', '--data'])).exitCode).toBe(2);
});
