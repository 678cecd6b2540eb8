import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';

import { ErrorDocument, HostStatusDocument } from '@scanner/core';
import { type Engine, startClassicEngine } from '@scanner/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type GtsUser, gtsUser } from './support/gts.ts';
import { readDocument } from './support/schemas.ts';

let engine: Engine;
let user: GtsUser;

beforeAll(async () => {
  engine = await startClassicEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  user = await gtsUser({ DOCKER_HOST: engine.dockerHost, COMPOSE_PROJECT_NAME: 'gts-test-none' });
});
afterEach(() => user[Symbol.asyncDispose]());

const failing = async (args: readonly string[], environment = {}) => {
  const { exitCode, stdout } = await user.gts(['host', ...args, '--json'], environment);
  return { exitCode, error: (await readDocument(ErrorDocument, stdout)).error };
};

describe('gts host up', () => {
  it('starts nothing with settings that cannot be used, and names all of them', async () => {
    await mkdir(user.directory);
    await writeFile(join(user.directory, '.env'), 'SMTP_PORT=99999\r\nNOTIFY_REPEAT=often\r\n');
    const { exitCode, error } = await failing(['up', '--severity', 'WORST', '--interval', '0', '--smtp-host', 'a b']);
    expect(exitCode).toBe(2);
    expect(error.code).toBe('setting_invalid');
    for (const name of ['SMTP_PORT', 'NOTIFY_REPEAT', 'TRIVY_SEVERITY', 'SCAN_INTERVAL_SECONDS', 'SMTP_HOST'])
      expect(error.message).toContain(name);
  });

  it('refuses an engine of another machine, whose socket it could not mount', async () => {
    const { exitCode, error } = await failing(['up'], { DOCKER_HOST: 'tcp://127.0.0.1:1' });
    expect(exitCode).toBe(2);
    expect(error.message).toContain('DOCKER_HOST: got "tcp://127.0.0.1:1"');
  });

  it('refuses a password out of a file that the container has not got, and says where to put it', async () => {
    const file = join(user.workingDirectory, 'password');
    await writeFile(file, 'hunter2-secret');
    const { exitCode, error } = await failing(
      ['up', '--smtp-host', 'smtp.example.org', '--smtp-to', 'ops@example.org'],
      {
        SMTP_USER: 'scanner',
        SMTP_PASS_FILE: file,
      },
    );
    expect(exitCode).toBe(2);
    expect(error.message).toContain(`its content in ${join(user.directory, 'secrets', 'SMTP_PASS')}`);
    expect(error.message).not.toContain('hunter2-secret');
  });

  it('names a compose file that is not there', async () => {
    const { exitCode, error } = await failing(['up', '--file', 'ports.yaml']);
    expect(exitCode).toBe(2);
    expect(error.message).toContain(join(user.workingDirectory, 'ports.yaml'));
  });

  it('says that no engine answers, before anything is made', async () => {
    const { exitCode, error } = await failing(['up'], { DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    expect(exitCode).toBe(4);
    expect(error.code).toBe('engine_unreachable');
  });

  it('says that there is no Compose, and where to get it', async () => {
    const { exitCode, error } = await failing(['up']);
    expect(exitCode).toBe(4);
    expect(error).toMatchObject({ code: 'compose_missing', hint: expect.stringContaining('install Docker Compose') });
  });
});

describe('gts host status', () => {
  it('says that there is no service, without Compose', async () => {
    const { exitCode, stdout } = await user.gts(['host', 'status', '--json']);
    expect(exitCode).toBe(1);
    expect(await readDocument(HostStatusDocument, stdout)).toEqual({
      schema: 'gts.host-status/1',
      directory: user.directory,
      service: {
        state: 'absent',
        health: null,
        container: null,
        image: null,
        started_at: null,
        exit_code: null,
        restarts: 0,
      },
      problems: ['there is no container of the service: gts host up starts it'],
      last_pass: null,
      next_pass_at: null,
      deliveries: null,
    });
  });

  it('knows of a pass that somebody made by hand, and by what command', async () => {
    await user.gts(['host', 'scan']);
    const { last_pass: pass } = await readDocument(
      HostStatusDocument,
      (await user.gts(['host', 'status', '--json'])).stdout,
    );
    expect(pass?.by).toBe(`gts host scan (${userInfo().username})`);
    expect(Math.abs(Date.parse(pass?.ended_at ?? '') - Date.now())).toBeLessThan(600_000);
    expect((await user.gts(['host', 'status'])).stdout).toMatch(/^last pass +.*; by hand: gts host scan \(/m);
  });

  it('does not hang on settings that only the start is about', async () => {
    await mkdir(join(user.directory, 'secrets'), { recursive: true });
    await writeFile(join(user.directory, 'secrets', 'SMTP_PASS'), 'hunter2-secret');
    await writeFile(join(user.directory, '.env'), 'NOTIFY_REPEAT=often\n');
    expect((await user.gts(['host', 'status'], { SMTP_HOST: 'smtp.example.org' })).exitCode).toBe(1);
  });

  it('is shown for people as well', async () => {
    const { stdout } = await user.gts(['host', 'status']);
    expect(stdout).toMatch(/^service +absent\nlast pass +none yet\n/);
    expect(stdout).toContain('PROBLEM     there is no container of the service');
  });
});

describe('gts host logs', () => {
  it('does not follow into one document', async () => {
    const { exitCode, error } = await failing(['logs', '--follow']);
    expect(exitCode).toBe(2);
    expect(error.code).toBe('usage');
  });
});
