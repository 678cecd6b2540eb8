import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { HostScanDocument, ImageDocument } from '@scanner/core';
import {
  type Engine,
  loadStandardImages,
  realTrivy,
  startClassicEngine,
  startRegistry,
  temporaryDirectory,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { demonstrationFiles } from '../tools/demonstration.ts';
import { type Environment, type GtsUser, gtsUser } from './support/gts.ts';
import { prepareDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';
import { type Shell, shellOf } from './support/shell.ts';

const DEMO = fileURLToPath(new URL('../demo/', import.meta.url));
const LABEL = 'Demonstration: bundled images and database, not those of this host';
const NO_ENGINE = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };

let user: GtsUser;
let shell: Shell;

beforeAll(async () => {
  const environment = { TRIVY_PATH: await realTrivy() };
  user = await gtsUser(environment);
  shell = await shellOf(user, environment);
});
afterAll(() => user[Symbol.asyncDispose]());

describe('the bundled files', () => {
  it('are what the generator makes, byte for byte', async () => {
    const made = await demonstrationFiles();
    const entries = await readdir(DEMO, { recursive: true, withFileTypes: true });
    const bundled = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(bundled.map((path) => path.slice(DEMO.length)).toSorted(inOrder)).toEqual(
      [...made.keys()].toSorted(inOrder),
    );
    for (const [path, bytes] of made) expect((await readFile(join(DEMO, path))).equals(bytes), path).toBe(true);
  });
});

describe('gts demo', () => {
  it('is labelled as what it is, and finds something', async () => {
    const { exitCode, stdout } = await user.gts(['demo'], NO_ENGINE);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')[0]).toContain(LABEL);
    expect(stdout).toContain('demonstration/shop-web');
    expect(stdout).toContain('CVE-2019-10744');
  });

  it('is labelled for machines too', async () => {
    const { exitCode, stdout } = await user.gts(['demo', '--json'], NO_ENGINE);
    const { demonstration, totals } = await readDocument(ImageDocument, stdout);
    expect(exitCode).toBe(0);
    expect(demonstration).toBe(true);
    expect(totals).toMatchObject({ images: 4, scanned: 4, failed: 0 });
  });

  it('keeps nothing', async () => {
    expect(await readdir(user.temporary)).toEqual([]);
    expect(await readdir(user.workingDirectory)).toEqual([]);
  });
});

describe('npm start', () => {
  const start = async (environment: Environment, ...args: readonly string[]) => {
    await using directory = await temporaryDirectory();
    return shell(['npm-start', '--dir', directory.path, ...args].join(' '), environment);
  };
  let engine: Engine;

  beforeAll(async () => {
    engine = await startClassicEngine();
    await loadStandardImages(engine);
  });
  afterAll(() => engine.stop());

  it('shows the demonstration where no engine is within reach, and says so', async () => {
    const { exitCode, stdout, stderr } = await start(NO_ENGINE);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^no Docker engine can be reached: /m);
    expect(stderr).toMatch(/^ {2}what to do: /m);
    expect(stdout).toContain(LABEL);
  });

  it('shows the demonstration where no database is within reach, and says so', async () => {
    await using empty = await startRegistry();
    const { exitCode, stdout, stderr } = await start({
      DOCKER_HOST: engine.dockerHost,
      TRIVY_DB_REPOSITORY: `${empty.host}/trivy-db:2`,
    });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^no vulnerability database is available: /m);
    expect(stdout).toContain(LABEL);
  });

  it('scans this host where both are', async () => {
    await using database = await prepareDatabase();
    const environment = { ...database.environment, DOCKER_HOST: engine.dockerHost };
    const people = await start(environment);
    expect(people.exitCode).toBe(0);
    expect(people.stdout).toContain('registry.example/shop/web:1.4.2');
    expect(people.stdout).not.toContain(LABEL);

    const machines = await start(environment, '--json');
    const { demonstration, images } = await readDocument(HostScanDocument, machines.stdout);
    expect(demonstration).toBeUndefined();
    expect(images.length).toBeGreaterThan(5);
  });

  it('does not fall back for anything else', async () => {
    const { exitCode, stdout, stderr } = await start(
      { ...NO_ENGINE, TRIVY_PATH: '/nonexistent/trivy' },
      '--severity',
      'GRAVE',
    );
    expect(exitCode).toBe(2);
    expect(`${stdout}${stderr}`).not.toContain(LABEL);
  });
});

const inOrder = (one: string, other: string): number => (one < other ? -1 : 1);
