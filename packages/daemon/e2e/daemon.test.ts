import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { type Engine, loadStandardImages, placeDatabase, startClassicEngine, startSmtpServer } from '@scanner/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { slowTrivy } from './support/slow-trivy.ts';
import { type RunningDaemon, watchedHost, type WatchedHost } from './support/watched-host.ts';

const ALPINE = 'registry.example/base/alpine:3.23';
const DEBIAN = 'registry.example/base/debian:12';

let engine: Engine;
let host: WatchedHost;

beforeAll(async () => {
  engine = await startClassicEngine();
  await loadStandardImages(engine);
});
afterAll(() => engine.stop());
beforeEach(async () => {
  host = await watchedHost(engine, { SCAN_IMAGES: [ALPINE, DEBIAN].join(',') });
});
afterEach(() => host[Symbol.asyncDispose]());

/** Ends a daemon as Docker does, and says how long that took. */
const stop = async (daemon: RunningDaemon): Promise<{ exitCode: number | null; seconds: number }> => {
  const from = performance.now();
  daemon.kill('SIGTERM');
  const { exitCode } = await daemon.ended;
  return { exitCode, seconds: (performance.now() - from) / 1000 };
};

const passesOf = (daemon: RunningDaemon): number =>
  daemon.messages().filter(({ message }) => message === 'pass started').length;

describe('the schedule', () => {
  it('begins with a pass, which leaves its logs, and names the next one', async () => {
    const daemon = host.daemon(['--interval', '3600', '--jitter', '60']);
    expect(await daemon.said('pass ended')).toMatchObject({ outcome: 'complete', scanned: 2, failed: 0 });
    const dueInSeconds = (Date.parse(String((await daemon.said('next pass'))['at'])) - Date.now()) / 1000;
    expect(dueInSeconds).toBeGreaterThan(3500);
    expect(dueInSeconds).toBeLessThan(3661);
    expect(await host.summary()).toContain('=== 2');
    expect((await stop(daemon)).exitCode).toBe(0);
  });

  it('goes on after a restart, and makes one pass for all that were missed', async () => {
    const first = host.daemon();
    await first.said('next pass');
    await stop(first);

    const restarted = host.daemon();
    await restarted.said('image-scanner started');
    await restarted.said('next pass');
    expect(passesOf(restarted)).toBe(0);
    await stop(restarted);

    const file = join(host.directory, 'state', 'last-pass.json');
    const record: unknown = JSON.parse(await readFile(file, 'utf8'));
    const tenDaysAgo = new Date(Date.now() - 10 * 86_400_000).toISOString();
    await writeFile(file, JSON.stringify({ ...Object(record), started_at: tenDaysAgo }));
    const late = host.daemon();
    await late.said('next pass');
    expect(passesOf(late)).toBe(1);
    await stop(late);
  });

  it('begins at once where the settings ask for something else than the last pass did', async () => {
    const first = host.daemon();
    await first.said('next pass');
    await stop(first);

    const second = host.daemon(['--severity', 'CRITICAL']);
    expect(await second.said('pass ended')).toMatchObject({ reused: 2 });
    await stop(second);
  });

  it('takes a pass up that was stopped in its middle, within the time that Docker gives', async () => {
    await using trivy = await slowTrivy(30);
    const first = host.daemon([], { TRIVY_PATH: trivy.path });
    await first.said('images listed');
    const { exitCode, seconds } = await stop(first);
    expect(exitCode).toBe(0);
    expect(seconds).toBeLessThan(8);

    const second = host.daemon();
    expect(await second.said('pass ended')).toMatchObject({ outcome: 'complete', images: 2 });
    await stop(second);
  });

  it('takes a pass up that was killed', async () => {
    await using trivy = await slowTrivy(30);
    const first = host.daemon([], { TRIVY_PATH: trivy.path });
    await first.said('images listed');
    first.kill('SIGKILL');
    await first.ended;

    const second = host.daemon();
    expect(await second.said('pass ended')).toMatchObject({ outcome: 'complete', images: 2 });
    await stop(second);
  });
});

describe('a second daemon on a state directory', () => {
  it('ends with 4 and names the first, and gets its place when that is killed', async () => {
    const first = host.daemon();
    await first.said('image-scanner started');

    const second = await host.daemon().ended;
    expect(second.exitCode).toBe(4);
    expect(second.stderr).toContain('directory_busy');
    expect(second.stderr).toContain(`pid ${first.pid}`);

    first.kill('SIGKILL');
    await first.ended;
    const third = host.daemon();
    await third.said('image-scanner started');
    await stop(third);
  });
});

describe('notices', () => {
  const smtpSettings = (port: number) => ({
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(port),
    SMTP_TO: 'ops@example.org',
  });

  it('are mailed when the database brings something new, and not while nothing changes', async () => {
    await using smtp = await startSmtpServer();
    const accepting = await host.daemon(['--once', '--save-snapshot'], smtpSettings(smtp.port)).ended;
    expect(accepting.exitCode).toBe(0);
    const daemon = host.daemon(['--interval', '1'], smtpSettings(smtp.port));
    await daemon.said('pass ended', 1);
    expect(smtp.mails).toHaveLength(0);

    await placeDatabase(join(host.directory, 'cache'), 2);
    await expect.poll(() => smtp.mails.length, { timeout: 30_000 }).toBe(1);
    expect(smtp.mails[0]?.raw.toString()).toContain('CVE-2099-1011');
    await stop(daemon);
  });

  it('wait for a password that is wrong, and go as soon as its file is mended', async () => {
    await using smtp = await startSmtpServer({ account: { user: 'scanner', pass: 'right' }, encryption: 'none' });
    const secret = join(host.directory, 'secrets', 'SMTP_PASS');
    await mkdir(join(host.directory, 'secrets'), { recursive: true });
    await writeFile(secret, 'wrong\n');
    const daemon = host.daemon([], {
      ...smtpSettings(smtp.port),
      SMTP_USER: 'scanner',
      SMTP_TLS: 'off',
      SMTP_STARTTLS: 'off',
    });
    await daemon.said('next pass');
    expect(smtp.mails).toHaveLength(0);

    await writeFile(secret, 'right\n');
    await expect.poll(() => smtp.mails.length, { timeout: 30_000 }).toBe(1);
    expect(daemon.stderrSoFar()).not.toMatch(/wrong|"right/);
    expect(passesOf(daemon)).toBe(1);
    await stop(daemon);
  });
});

describe('what is read again', () => {
  it('is the ignore list, on SIGHUP or when it changes, and not what the environment says', async () => {
    const daemon = host.daemon(['--interval', '2']);
    expect(await daemon.said('pass ended')).toMatchObject({ skipped: 0 });
    const list = join(host.directory, 'settings', 'ignore-images.txt');
    await mkdir(dirname(list));
    await writeFile(list, 'registry.example/base/debian\n');
    await daemon.said('secrets and the ignore list are read again');
    await writeFile(`${list}.new`, 'registry.example/base/alpine\n');
    await rename(`${list}.new`, list);
    await daemon.said('secrets and the ignore list are read again', 1);
    const after = daemon.messages().filter(({ message }) => message === 'pass ended').length;
    expect(await daemon.said('pass ended', after)).toMatchObject({ reused: 1, skipped: 1 });

    daemon.kill('SIGHUP');
    await daemon.said('secrets and the ignore list are read again', 2);
    await stop(daemon);
  });
});

describe('one pass', () => {
  it.each([
    ['the flag', ['--once'], {}],
    ['the setting', [], { SCAN_ONCE: '1' }],
  ] as const)('is all there is with %s', async (_, args, environment) => {
    const { exitCode, stdout } = await host.daemon(args, environment).ended;
    expect(exitCode).toBe(0);
    expect(stdout).toContain(ALPINE);
  });

  it('ends with 3 when an image could not be scanned', async () => {
    const { exitCode, stderr } = await host.daemon(['--once', '--image', 'registry.example/not/there:1']).ended;
    expect(exitCode, stderr).toBe(3);
  });

  it('ends with 4 when there is no engine, and says what to do', async () => {
    const { exitCode, stderr } = await host.daemon(['--once', '--docker-host', 'unix:///nowhere/docker.sock']).ended;
    expect(exitCode).toBe(4);
    expect(stderr).toContain('engine_unreachable');
  });

  it('ends with 143 when it is stopped', async () => {
    await using trivy = await slowTrivy(30);
    const daemon = host.daemon(['--once', '--log-format', 'pretty'], { TRIVY_PATH: trivy.path });
    await expect.poll(() => daemon.stderrSoFar(), { timeout: 30_000 }).toContain('images on this host');
    expect((await stop(daemon)).exitCode).toBe(143);
  });

  it('with everything accepted each time is warned of where passes go on', async () => {
    const daemon = host.daemon(['--save-snapshot']);
    expect(await daemon.said('SNAPSHOT_WRITE is on without SCAN_ONCE')).toMatchObject({ level: 'warn' });
    await stop(daemon);
  });
});

it('leaves a record of the last pass and a sign of life for others to read', async () => {
  const daemon = host.daemon();
  await daemon.said('next pass');
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(host.directory, 'state', name), 'utf8'));
  expect(await read('last-pass.json')).toMatchObject({ schema: 'gts.last-pass/1', outcome: 'complete' });
  expect(await read('health.json')).toMatchObject({ schema: 'gts.health/1', problems: [] });
  const healthcheck = await host.daemon(['healthcheck', '--log-format', 'pretty']).ended;
  expect(healthcheck).toMatchObject({ exitCode: 0, stderr: 'well\n' });
  await stop(daemon);
});
