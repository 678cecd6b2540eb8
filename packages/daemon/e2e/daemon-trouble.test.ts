import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type Engine, loadStandardImages, startClassicEngine, tinyFileSystem } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { doorTo } from './support/engine-door.ts';
import { slowTrivy } from './support/slow-trivy.ts';
import { watchedHost } from './support/watched-host.ts';

const ALPINE = 'registry.example/base/alpine:3.23';
const ONE_IMAGE = { SCAN_IMAGES: ALPINE };

let engine: Engine;

beforeAll(async () => {
  engine = await startClassicEngine();
  await loadStandardImages(engine);
});
afterAll(() => engine.stop());

describe('a start', () => {
  it('with every setting wrong ends with 2 and one line for each, secrets masked', async () => {
    await using host = await watchedHost(engine, {
      SCAN_INTERVAL_SECONDS: 'daily',
      SCAN_JITTER_SECONDS: '-1',
      SCAN_ONCE: 'maybe',
      TRIVY_SEVERITY: 'SEVERE',
      SCAN_IMAGES: '://',
      SCAN_CONCURRENCY: '0',
      SCAN_TIMEOUT_SECONDS: 'long',
      TRIVY_EXTRA_ARGS: '--format table',
      LOG_KEEP_DAYS: '0',
      SMTP_HOST: 'smtp.example.org:25',
      SMTP_PORT: '70000',
      SMTP_PASS: 'geheim',
      SMTP_TLS: 'true',
      SMTP_STARTTLS: 'true',
      NOTIFY_REPEAT: 'sometimes',
      HTTP_LISTEN: 'everywhere',
      HEALTHCHECK_PING_URL: 'ftp://geheim.example.org',
      TRIVY_DB_MAX_AGE: 'old',
      DOCKER_HOST: 'nowhere',
    });
    const { exitCode, stderr } = await host.daemon(['--log-format', 'pretty']).ended;
    expect(exitCode).toBe(2);
    for (const name of [
      'SCAN_INTERVAL_SECONDS',
      'SCAN_JITTER_SECONDS',
      'SCAN_ONCE',
      'TRIVY_SEVERITY',
      'SCAN_IMAGES',
      'SCAN_CONCURRENCY',
      'SCAN_TIMEOUT_SECONDS',
      'TRIVY_EXTRA_ARGS',
      'LOG_KEEP_DAYS',
      'SMTP_HOST',
      'SMTP_PORT',
      'SMTP_USER',
      'SMTP_TLS',
      'NOTIFY_REPEAT',
      'HTTP_LISTEN',
      'HEALTHCHECK_PING_URL',
      'TRIVY_DB_MAX_AGE',
      'DOCKER_HOST',
    ])
      expect(stderr).toMatch(new RegExp(`^ *(error\\[setting_invalid\\]: )?.*\\b${name}\\b`, 'm'));
    expect(stderr).not.toContain('geheim');
  });

  it('with a setting by value and by file at once ends with 2', async () => {
    await using host = await watchedHost(engine, { SMTP_PASS: 'a', SMTP_PASS_FILE: '/run/secrets/SMTP_PASS' });
    const { exitCode, stderr } = await host.daemon().ended;
    expect(exitCode).toBe(2);
    expect(stderr).toContain('SMTP_PASS_FILE');
  });

  it('reads an .env file with quotes, comments and CRLF as it is meant', async () => {
    await using host = await watchedHost(engine);
    await mkdir(host.directory, { recursive: true });
    const lines = [
      '# comment',
      `SCAN_IMAGES="${ALPINE}" # only this`,
      "SMTP_SUBJECT_PREFIX='[web # 1]'",
      'SCAN_ONCE=1',
    ];
    await writeFile(join(host.directory, '.env'), lines.join('\r\n'));
    const { exitCode, stdout } = await host.daemon(['--json']).ended;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ totals: { images: 1, scanned: 1 } });
  });

  it('in directories that cannot be written ends with 4, and names them all with whose they are', async () => {
    await using host = await watchedHost(engine, {}, { bound: true });
    for (const name of ['state', 'logs']) {
      await mkdir(join(host.directory, name), { recursive: true });
      await chmod(join(host.directory, name), 0o555);
    }
    const { exitCode, stderr } = await host.daemon(['--log-format', 'pretty']).ended;
    expect(exitCode).toBe(4);
    expect(stderr).toContain(join(host.directory, 'state'));
    expect(stderr).toContain(join(host.directory, 'logs'));
    expect(stderr).toMatch(/belongs to \d+:\d+ with mode 0555, this process runs as \d+:\d+/);
  });

  it('with an ignore list that is no file at the usual place goes on; one that was named and is not there ends it', async () => {
    await using host = await watchedHost(engine, ONE_IMAGE);
    await mkdir(join(host.directory, 'ignore-images.txt'), { recursive: true });
    expect((await host.daemon(['--once']).ended).exitCode).toBe(0);
    const named = await host.daemon([], { IGNORE_FILE: '/nowhere/ignore.txt' }).ended;
    expect(named.exitCode).toBe(2);
    expect(named.stderr).toContain('ignore_file_unreadable');
  });

  it('where something listens already ends with 2', async () => {
    await using host = await watchedHost(engine, ONE_IMAGE);
    const first = host.daemon(['--http-listen', '127.0.0.1:0']);
    const { http } = await first.said('image-scanner started');
    const port = new URL(String(http)).port;
    await using other = await watchedHost(engine, ONE_IMAGE);
    const second = await other.daemon(['--http-listen', `127.0.0.1:${port}`]).ended;
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toContain('HTTP_LISTEN');
    first.kill('SIGTERM');
    await first.ended;
  });

  it('after a pass from the future, as after a clock that was set back, makes a pass', async () => {
    await using host = await watchedHost(engine, ONE_IMAGE);
    const first = host.daemon();
    await first.said('next pass');
    first.kill('SIGTERM');
    await first.ended;
    const file = join(host.directory, 'state', 'last-pass.json');
    const record: unknown = JSON.parse(await readFile(file, 'utf8'));
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    await writeFile(file, JSON.stringify({ ...Object(record), started_at: tomorrow }));
    const second = host.daemon();
    expect(await second.said('pass ended')).toMatchObject({ outcome: 'complete', reused: 1 });
    second.kill('SIGTERM');
    await second.ended;
  });
});

describe('an engine', () => {
  it('that is not there yet is waited for, pass after pass, until it is', async () => {
    await using door = await doorTo(engine);
    await using host = await watchedHost(door, ONE_IMAGE);
    const daemon = host.daemon(['--interval', '1']);
    expect(await daemon.said('pass failed')).toMatchObject({ code: 'engine_unreachable' });
    await door.open();
    expect(await daemon.said('pass ended')).toMatchObject({ outcome: 'complete' });
    daemon.kill('SIGTERM');
    expect((await daemon.ended).exitCode).toBe(0);
  });

  it('that is restarted in the middle of a pass costs that pass what it lacked, and the next one has it', async () => {
    await using door = await doorTo(engine);
    await using trivy = await slowTrivy(2);
    await using host = await watchedHost(door, { TRIVY_PATH: trivy.path });
    await door.open();
    const daemon = host.daemon(['--interval', '3']);
    await daemon.said('images listed');
    await door.close();
    await expect.poll(() => daemon.stderrSoFar(), { timeout: 60_000 }).toMatch(/pass failed|"outcome":"partial"/);
    await door.open();
    await expect.poll(() => daemon.stderrSoFar(), { timeout: 60_000 }).toMatch(/"outcome":"complete"/);
    daemon.kill('SIGTERM');
    expect((await daemon.ended).exitCode).toBe(0);
  });

  it('that makes a new socket, which a mount does not show, ends it with 4, so that its container starts again', async () => {
    await using door = await doorTo(engine);
    await door.open();
    await using mounted = await tinyFileSystem(1);
    const socket = join(mounted.path, 'docker.sock');
    await writeFile(socket, '');
    await promisify(execFile)('mount', ['--bind', door.dockerHost.replace('unix://', ''), socket]);
    try {
      await using host = await watchedHost({ dockerHost: `unix://${socket}` }, ONE_IMAGE);
      const daemon = host.daemon(['--interval', '1']);
      await daemon.said('pass ended');
      await door.close();
      await door.open();
      const { exitCode, stderr } = await daemon.ended;
      expect(exitCode).toBe(4);
      expect(stderr).toContain('start this container again');
    } finally {
      await promisify(execFile)('umount', [socket]);
    }
  });

  it('whose socket this user may not use is named with what to do', async () => {
    await using door = await doorTo(engine);
    await door.open();
    await chmod(door.dockerHost.replace('unix://', ''), 0o000);
    await using host = await watchedHost(door, ONE_IMAGE, { bound: true });
    const daemon = host.daemon();
    expect(await daemon.said('pass failed')).toMatchObject({ code: 'engine_forbidden', hint: expect.any(String) });
    daemon.kill('SIGTERM');
    await daemon.ended;
  });
});

describe('a directory', () => {
  const remount = (path: string, mode: 'ro' | 'rw'): Promise<unknown> =>
    promisify(execFile)('mount', ['-o', `remount,${mode}`, path]);

  it.each([
    {
      what: 'for state that is full',
      setting: 'STATE_DIR',
      begin: (path: string) => appendFile(join(path, 'ballast'), Buffer.alloc(8 * 1024 * 1024)).catch(() => undefined),
      complaint: 'how the pass went could not be recorded',
      end: (path: string) => writeFile(join(path, 'ballast'), ''),
    },
    {
      what: 'for logs that becomes read-only',
      setting: 'LOG_DIR',
      begin: (path: string) => remount(path, 'ro'),
      complaint: 'pass failed',
      end: (path: string) => remount(path, 'rw'),
    },
  ])('$what costs passes, not the daemon, and is used again when it is mended', async (trouble) => {
    await using disk = await tinyFileSystem(4);
    await using host = await watchedHost(engine, { ...ONE_IMAGE, [trouble.setting]: join(disk.path, 'own') });
    const daemon = host.daemon(['--interval', '1']);
    await daemon.said('pass ended');
    const said = async (): Promise<string> => {
      // Again and again, since what the daemon replaces leaves some space behind.
      await trouble.begin(disk.path);
      return daemon.stderrSoFar();
    };
    await expect.poll(said, { timeout: 30_000 }).toContain(trouble.complaint);
    await trouble.end(disk.path);
    const complaints = daemon.messages().length;
    await expect
      .poll(() => daemon.messages().slice(complaints), { timeout: 30_000 })
      .toContainEqual(expect.objectContaining({ message: 'pass ended', outcome: 'complete' }));
    daemon.kill('SIGTERM');
    expect((await daemon.ended).exitCode).toBe(0);
  });
});
