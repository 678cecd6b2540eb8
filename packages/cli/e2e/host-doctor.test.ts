import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Check, DoctorDocument } from '@scanner/core';
import {
  databaseMetadata,
  databasePath,
  type Engine,
  fakeTrivy,
  loadStandardImages,
  realTrivy,
  startClassicEngine,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Environment, type GtsUser, gtsUser } from './support/gts.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';

let database: PreparedDatabase;
let engine: Engine;
let whole: Environment;

beforeAll(async () => {
  [database, engine] = await Promise.all([prepareDatabase(), startClassicEngine()]);
  await loadStandardImages(engine);
  whole = { ...database.environment, TRIVY_PATH: await realTrivy(), DOCKER_HOST: engine.dockerHost };
});
afterAll(async () => {
  await engine.stop();
  await database[Symbol.asyncDispose]();
});

interface Examination {
  readonly exitCode: number | null;
  readonly checks: readonly Check[];
}

const examine = async (user: GtsUser, environment: Environment = {}): Promise<Examination> => {
  const { exitCode, stdout } = await user.gts(['doctor', '--json'], environment);
  return { exitCode, checks: (await readDocument(DoctorDocument, stdout)).checks };
};

const putDatabase = async (user: GtsUser, updatedAt: Date, from = databasePath(1)): Promise<void> => {
  const directory = join(user.directory, 'cache', 'db');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'metadata.json'), JSON.stringify(databaseMetadata({ updatedAt })));
  await copyFile(from, join(directory, 'trivy.db'));
};

describe('gts doctor', () => {
  it('finds everything in order where a pass has been made', async () => {
    await using user = await gtsUser(whole);
    await user.gts(['host', 'scan', '--image', 'registry.example/base/alpine']);
    const { exitCode, checks } = await examine(user);
    expect(exitCode).toBe(0);
    const names = ['docker', 'trivy', 'database', 'logs', 'state', 'cache', 'disk', 'baselines', 'mail'];
    expect(checks.map(({ name }) => name)).toEqual(names);
    const withoutDisk = checks.filter(({ name }) => name !== 'disk');
    expect(withoutDisk.filter(({ state }) => state !== 'ok')).toEqual([]);
    const { stdout } = await user.gts(['doctor']);
    for (const { message } of withoutDisk) expect(stdout).toContain(message.split(',', 1)[0]);
  });

  it('says that the first scan gets the database where there is none', async () => {
    await using user = await gtsUser(whole);
    const { exitCode, checks } = await examine(user);
    expect(exitCode).toBe(0);
    expect(checks.find(({ name }) => name === 'database')).toMatchObject({
      state: 'warning',
      hint: expect.stringContaining(database.registry.host),
    });
  });

  it('warns of an old database', async () => {
    await using user = await gtsUser(whole);
    await putDatabase(user, new Date('2024-01-01T00:00:00Z'));
    const { exitCode, checks } = await examine(user);
    expect(exitCode).toBe(0);
    expect(checks.find(({ name }) => name === 'database')).toMatchObject({
      state: 'warning',
      message: expect.stringContaining('2024-01-01'),
      hint: expect.stringContaining('TRIVY_DB_MAX_AGE'),
    });
  });

  it.each([
    {
      name: 'docker',
      what: 'an engine that does not answer',
      environment: { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
      message: '/nowhere/docker.sock',
      hint: '--docker-host',
    },
    {
      name: 'trivy',
      what: 'a Trivy that is missing',
      environment: { TRIVY_PATH: '/nowhere/trivy' },
      message: '/nowhere/trivy',
      hint: '',
    },
    {
      name: 'database',
      what: 'a missing database that is not to be fetched',
      environment: { TRIVY_SKIP_DB_UPDATE: '1' },
      message: 'updates are switched off',
      hint: 'TRIVY_SKIP_DB_UPDATE',
    },
    {
      name: 'logs',
      what: 'a directory of logs that cannot be made',
      environment: { LOG_DIR: '/dev/null/logs' },
      message: '/dev/null/logs',
      hint: 'another directory',
    },
    {
      name: 'state',
      what: 'a directory of state that cannot be made',
      environment: { STATE_DIR: '/dev/null/state' },
      message: '/dev/null/state',
      hint: 'another directory',
    },
    {
      name: 'cache',
      what: 'a cache directory that cannot be made',
      environment: { TRIVY_CACHE_DIR: '/dev/null/cache' },
      message: '/dev/null/cache',
      hint: 'another directory',
    },
  ])('ends with 4 for $what and says what to do', async ({ name, environment, message, hint }) => {
    await using user = await gtsUser(whole);
    const { exitCode, checks } = await examine(user, environment);
    expect(exitCode).toBe(4);
    expect(checks.find((check) => check.name === name)).toEqual({
      name,
      state: 'failed',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
    const told = await user.gts(['doctor'], environment);
    expect(told.exitCode).toBe(4);
    expect(told.stdout).toMatch(new RegExp(`^FAILED +${name} `, 'm'));
  });

  it('ends with 4 for a refused Trivy and says why', async () => {
    await using trivy = await fakeTrivy({ behaviour: { kind: 'crash' }, version: '0.69.6' });
    await using user = await gtsUser({ ...whole, TRIVY_PATH: trivy.path });
    const { exitCode, checks } = await examine(user);
    expect(exitCode).toBe(4);
    expect(checks.find(({ name }) => name === 'trivy')).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('0.69.6'),
      hint: expect.stringContaining('gts trivy install'),
    });
  });

  it('ends with 4 for a damaged database', async () => {
    await using user = await gtsUser(whole);
    const garbage = join(user.workingDirectory, 'garbage');
    await writeFile(garbage, 'this is no database');
    await putDatabase(user, new Date(), garbage);
    const { exitCode, checks } = await examine(user);
    expect(exitCode).toBe(4);
    expect(checks.find(({ name }) => name === 'database')).toMatchObject({ state: 'failed' });
  });
});

describe('--help', () => {
  it.each([
    { command: [] },
    { command: ['host', 'scan'] },
    { command: ['baseline', 'save'] },
    { command: ['baseline', 'show'] },
    { command: ['baseline', 'diff'] },
    { command: ['baseline', 'list'] },
    { command: ['baseline', 'remove'] },
    { command: ['image'] },
    { command: ['compare'] },
    { command: ['doctor'] },
    { command: ['trivy', 'install'] },
    { command: ['trivy', 'version'] },
    { command: ['demo'] },
  ])('of gts $command.0 $command.1 shows how it is used, with an example', async ({ command }) => {
    await using user = await gtsUser();
    const { exitCode, stdout, stderr } = await user.gts([...command, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(['Usage: gts', ...command].join(' '));
    expect(stdout).toMatch(new RegExp(`Examples?:\\n +\\$ ${['gts', ...command].join(' ')}`));
  });
});
