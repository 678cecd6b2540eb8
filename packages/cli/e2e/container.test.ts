import { chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { NoticesDocument } from '@scanner/core';
import {
  type BaseImages,
  type Engine,
  loadBaseImages,
  loadStandardImages,
  placeDatabase,
  type SmtpServer,
  startClassicEngine,
  startSmtpServer,
  temporaryDirectory,
  waitUntil,
} from '@scanner/testing';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  containedHost,
  type ContainedHost,
  type ContainedProcess,
  holdTrivy,
  IMAGE,
  type ServiceOverride,
} from './support/contained-host.ts';
import { serviceLines } from './support/documentation.ts';
import type { Ended, Environment } from './support/gts.ts';
import { readMail } from './support/noticed-host.ts';
import { readDocument } from './support/schemas.ts';
import { socketRules } from './support/socket-rules.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const ALPINE = 'registry.example/base/alpine:3.23';
const DEBIAN = 'registry.example/base/debian:12';
const WORKER = 'registry.example/shop/worker:1.0';
const PASSWORD = 'correct-horse-battery';

let engine: Engine;
let bases: BaseImages;
let smtp: SmtpServer;
let built: Ended;

const hostWith = (environment: Environment = {}, override: ServiceOverride = {}): Promise<ContainedHost> =>
  containedHost({
    engine,
    bases,
    override,
    environment: {
      SCAN_IMAGES: [ALPINE, DEBIAN, WORKER].join(','),
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtp.port),
      SMTP_FROM: 'scanner@example.org',
      SMTP_TO: 'ops@example.org',
      ...environment,
    },
  });

const mailsArrived = (count: number): Promise<true> =>
  waitUntil(() => smtp.mails.length >= count || undefined, { what: `mail ${count}`, timeoutMs: 60_000 });

const passEnded = (host: ContainedHost) =>
  host.statusWhere(({ last_pass: pass }) => pass?.outcome === 'complete', 'the end of a pass');

beforeAll(async () => {
  engine = await startClassicEngine();
  bases = await loadBaseImages(engine);
  await loadStandardImages(engine);
  smtp = await startSmtpServer();
  await using host = await hostWith();
  built = await host.host(['up']);
  await smtp[Symbol.asyncDispose]();
}, 600_000);
afterAll(() => engine.stop());
beforeEach(async () => {
  smtp = await startSmtpServer();
});
afterEach(() => smtp[Symbol.asyncDispose]());

it('builds the image and starts it', () => {
  expect(built.exitCode, built.stderr).toBe(0);
  expect(built.stdout).toMatch(/^service +running/);
});

describe('the image that the Dockerfile makes', () => {
  let paths: ReadonlySet<string>;

  beforeAll(async () => {
    const script = 'c=$(docker create "$0") && docker export "$c" | tar -t && docker rm "$c" >/dev/null';
    const { stdout } = await execa('sh', ['-c', script, IMAGE], { env: { DOCKER_HOST: engine.dockerHost } });
    paths = new Set(stdout.split('\n').map((path) => path.replace(/\/$/, '')));
  });

  it('holds what the daemon needs', () => {
    for (const path of [
      'usr/local/bin/node',
      'usr/local/bin/trivy',
      'app/dist/main.js',
      'etc/ssl/certs/ca-certificates.crt',
      'usr/share/zoneinfo/Europe/Berlin',
    ])
      expect(paths).toContain(path);
  });

  it('holds no shell, compiler or package manager, and nothing of how it was built', () => {
    const programs = 'sh bash dash gcc cc as ld make apt apt-get dpkg npm npx pnpm yarn corepack curl wget'.split(' ');
    const found = [...paths].filter(
      (path) =>
        (/^(usr\/)?(local\/)?s?bin\//.test(path) && programs.includes(path.replace(/.*\//, ''))) ||
        /^(src|toolchain|image|trivy)(\/|$)/.test(path) ||
        /(^|\/)(\.npm|_cacache|\.cache|\.pnpm-store)(\/|$)|share\/pnpm|var\/(lib\/apt\/lists|cache\/apt)\/./.test(
          path,
        ) ||
        /\.pnpm\/(typescript|tsup|vitest|esbuild|turbo|@types\+dockerode)@/.test(path),
    );
    expect(found).toEqual([]);
  });

  it('holds no secret', () => {
    expect([...paths].filter((path) => /(^|\/)(\.env|\.npmrc|\.git|\.docker|id_rsa|secrets\/.+)$/.test(path))).toEqual(
      [],
    );
  });

  it('says what it is, and how it is to be run', async () => {
    const inspected: unknown = JSON.parse(await engine.docker(['inspect', '--format', '{{json .Config}}', IMAGE]));
    expect(inspected).toMatchObject({
      Entrypoint: ['node', '/app/dist/main.js'],
      StopSignal: 'SIGTERM',
      Healthcheck: { Test: ['CMD', 'node', '/app/dist/main.js', 'healthcheck'] },
      Labels: { 'org.opencontainers.image.title': 'image-scanner', 'org.opencontainers.image.licenses': 'Apache-2.0' },
    });
  });

  it('takes a release of Trivy with or without v, and no other than was asked for', async () => {
    expect((await build({ TRIVY_VERSION: 'v0.74.0' })).failed).toBe(false);
    const { failed, all } = await build({ TRIVY_VERSION: '0.73.0' });
    expect(failed).toBe(true);
    expect(all).toContain('is Trivy 0.74.0, not 0.73.0');
  });

  /** All but its last steps is there from the build before. */
  const build = (args: Readonly<Record<string, string>>) =>
    execa(
      'docker',
      [
        'build',
        '--network=host',
        '--file=docker/Dockerfile',
        ...Object.entries({ ...bases, ...args }).map(([name, value]) => `--build-arg=${name}=${value}`),
        REPOSITORY,
      ],
      { cwd: REPOSITORY, env: { DOCKER_HOST: engine.dockerHost, DOCKER_BUILDKIT: '0' }, reject: false, all: true },
    );
});

describe('gts host up', () => {
  it('starts passes that leave logs and tell people, with the settings of an .env as gts itself reads it', async () => {
    await using host = await hostWith();
    await writeFile(
      join(host.directory, '.env'),
      '# of this host\r\nSMTP_SUBJECT_PREFIX="[web #1]" # told apart\r\nSCAN_JITTER_SECONDS=5\r\n',
    );
    const { exitCode, stdout, stderr } = await host.host(['up', '--no-build', '--interval', '7200']);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^service +running/);
    await mailsArrived(1);
    const { subject, text } = await readMail(smtp);
    expect(subject).toMatch(/^\[web #1\] .*first seen/);
    for (const reference of [ALPINE, DEBIAN, WORKER]) expect(text).toContain(reference);

    const { last_pass, service, problems } = await host.statusWhere(
      ({ next_pass_at: next }) => next !== null && Date.parse(next) - Date.now() > 7_000_000,
      'the time of the next pass',
    );
    expect(last_pass).toMatchObject({ outcome: 'complete', totals: { scanned: 3, failed: 0 } });
    expect(service).toMatchObject({ state: 'running', restarts: 0 });
    expect(problems).toEqual([]);
    expect(await readdir(join(host.directory, 'logs'))).toHaveLength(4);
    expect((await host.host(['up', '--no-build', '--interval', '7200'])).exitCode).toBe(0);
    expect((await host.host(['logs', '--tail', '10'])).stdout).toContain('"message":"next pass"');
  });

  it('keeps a password that lies in a file out of the description of the container, the logs and Trivy', async () => {
    await using guarded = await startSmtpServer({ account: { user: 'scanner', pass: PASSWORD } });
    await using host = await hostWith({ SMTP_PORT: String(guarded.port) });
    await mkdir(join(host.directory, 'secrets'));
    await writeFile(join(host.directory, 'secrets', 'SMTP_PASS'), `${PASSWORD}\n`);
    await host.host(['up', '--no-build', '--smtp-user', 'scanner']);
    const seen = await trivyProcesses(host);
    await waitUntil(() => guarded.mails.length > 0 || undefined, { what: 'the mail', timeoutMs: 60_000 });
    expect(guarded.mails[0]?.user).toBe('scanner');

    expect(seen.length).toBeGreaterThan(0);
    for (const { environment } of seen) {
      expect(environment).not.toContain(PASSWORD);
      expect(environment).not.toContain('SMTP_');
    }
    const written = await execa('grep', ['-rl', PASSWORD, 'logs', 'state', 'snapshots', 'cache'], {
      cwd: host.directory,
      reject: false,
    });
    expect(written.stdout).toBe('');
    expect(await host.inspect('{{json .}}')).not.toContain(PASSWORD);
    expect((await host.host(['logs'])).stdout).not.toContain(PASSWORD);
  });

  it('does what the documentation says, line by line', async () => {
    await using host = await hostWith();
    const lines = await serviceLines();
    for (const command of ['up', 'up --once', 'status', 'logs', 'down'])
      expect(lines.filter((line) => line.startsWith(`gts host ${command}`))).not.toEqual([]);
    for (const line of lines) {
      const words = line.split(' ').slice(2);
      const { exitCode, stderr } = await host.host(words[0] === 'up' ? [...words, '--no-build'] : words);
      expect(exitCode, `${line}\n${stderr}`).toBe(0);
    }
    expect((await host.status()).service.state).toBe('absent');
  });

  it('accepts with --once --save-snapshot, and tells of a change of the database after that', async () => {
    await using host = await hostWith();
    const accepted = await host.host(['up', '--no-build', '--once', '--save-snapshot', '--json']);
    expect(accepted.exitCode, accepted.stderr).toBe(0);
    expect(JSON.parse(accepted.stdout)).toMatchObject({ schema: 'gts.host-scan/1', totals: { scanned: 3 } });
    expect(await readdir(join(host.directory, 'snapshots'))).toHaveLength(3);
    expect(smtp.mails).toHaveLength(0);

    await placeDatabase(join(host.directory, 'cache'), 2);
    await host.host(['up', '--no-build']);
    await mailsArrived(1);
    expect((await readMail(smtp)).text).toContain('CVE-2099-1011');
  });

  it('ends --once with the exit code of the pass', async () => {
    await using host = await hostWith();
    const missing = await host.host(['up', '--no-build', '--once', '--image', 'not/there:1', '--json']);
    expect(missing.exitCode, missing.stderr).toBe(3);
    expect(JSON.parse(missing.stdout)).toMatchObject({ images: [{ reason: { code: 'not_found' } }] });
  });

  it('calls the host by the name of its engine where the container has another, and never by the ID of a container', async () => {
    await using host = await hostWith({ SMTP_HOST: '192.0.2.1' }, { network_mode: 'none' });
    await host.host(['up', '--no-build', '--once']);
    const listed = await host.user.gts(['notices', 'list', '--json']);
    const { deliveries } = await readDocument(NoticesDocument, listed.stdout);
    expect(deliveries.map(({ subject }) => subject)).toEqual([
      expect.stringMatching(new RegExp(`^\\[image-scanner\\] ${hostname()}: .*first seen`)),
    ]);
    const record = await readFile(join(host.directory, 'state', 'host.json'), 'utf8');
    expect(JSON.parse(record)).toMatchObject({ name: hostname() });
  });

  it('lets one instance at a time work on a directory, and names it to the other', async () => {
    await using host = await hostWith();
    await host.host(['up', '--no-build']);
    const elsewhere = { COMPOSE_PROJECT_NAME: 'gts-test-second' };
    const second = await host.host(['up', '--no-build', '--once'], elsewhere);
    expect(second.exitCode).toBe(4);
    expect(second.stderr).toMatch(/error\[directory_busy\]: \/state is in use by image-scanner .*pid \d+ on /);
    expect(second.stderr).not.toMatch(/ on [\da-f]{12}\b/);

    const third = await host.host(['up', '--no-build'], elsewhere);
    await host.host(['down'], elsewhere);
    expect(third.exitCode).toBe(4);
    expect(third.stderr).toContain('error[compose_failed]: the service ends as soon as it is started');
  });

  it('keeps what was finished when it is killed in the middle of a pass, and takes the pass up', async () => {
    await using host = await holding(1);
    await waitUntil(async () => (await host.trivy.begun()) > 1 || undefined, {
      what: 'the second scan',
      timeoutMs: 60_000,
    });
    const daemon = (await host.processes()).find(({ commandLine }) => commandLine.startsWith('node /app/dist/main.js'));
    process.kill(daemon?.pid ?? 0, 'SIGKILL');
    await host.trivy.release();
    const { last_pass, service } = await passEnded(host);
    expect(service.restarts).toBe(1);
    expect(last_pass?.totals).toMatchObject({ failed: 0, images: 3 });
    expect(last_pass?.totals?.reused).toBeGreaterThan(0);
    await mailsArrived(1);
    const { text } = await readMail(smtp);
    for (const reference of [ALPINE, DEBIAN, WORKER]) expect(text).toContain(reference);
    expect(smtp.mails).toHaveLength(1);
  });

  it('ends within the time that Docker gives, in the middle of a pass as well', async () => {
    await using host = await holding(0);
    await waitUntil(async () => (await host.trivy.begun()) > 0 || undefined, { what: 'a scan', timeoutMs: 60_000 });
    const container = await host.container();
    const from = performance.now();
    await engine.docker(['stop', '--time', '10', container]);
    expect((performance.now() - from) / 1000).toBeLessThan(8);
    expect(await host.inspect('{{.State.ExitCode}}')).toBe('0');
    expect((await host.status()).problems).toEqual([expect.stringContaining('exited (exit code 0)')]);
  });

  it('runs without a capability, and writes nowhere but in its directories', async () => {
    await using host = await hostWith();
    await host.host(['up', '--no-build']);
    await passEnded(host);
    expect(
      await host.inspect('{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}'),
    ).toBe('true [ALL] [no-new-privileges:true]');
    const trying = "try { require('fs').writeFileSync('/app/x', '') } catch (error) { console.log(error.code) }";
    expect(await host.evaluate(trying)).toBe('EROFS');
    const held = "console.log(/CapEff:\\s*(\\w+)/.exec(require('fs').readFileSync('/proc/1/status', 'utf8'))[1])";
    expect(Number.parseInt(await host.evaluate(held), 16)).toBe(0);
    expect(await engine.docker(['diff', await host.container()])).not.toMatch(/ \/(app|usr|etc|root|home)/);
  });

  it('runs as the owner of the directory, with the group of the socket', async () => {
    await using host = await hostWith();
    for (const path of ['', 'cache', 'cache/db', 'cache/db/trivy.db', 'cache/db/metadata.json'])
      await chown(join(host.directory, path), 12_345, 12_346);
    const { exitCode, stderr } = await host.host(['up', '--no-build']);
    expect(exitCode, stderr).toBe(0);
    const { last_pass } = await passEnded(host);
    expect(last_pass?.totals).toMatchObject({ scanned: 3, failed: 0 });
    expect(await host.evaluate('console.log(process.getuid(), process.getgid())')).toBe('12345 12346');
  });

  const holding = async (freeScans: number) => {
    const directory = await temporaryDirectory();
    const trivy = await holdTrivy(directory.path, freeScans);
    const host = await hostWith({}, trivy.override);
    await host.host(['up', '--no-build']);
    return {
      ...host,
      trivy,
      [Symbol.asyncDispose]: async () => {
        await host[Symbol.asyncDispose]();
        await directory[Symbol.asyncDispose]();
      },
    };
  };

  /** Those that run until a pass has ended. */
  const trivyProcesses = async (host: ContainedHost): Promise<ContainedProcess[]> => {
    const seen = new Map<number, ContainedProcess>();
    await waitUntil(
      async () => {
        for (const found of await host.processes())
          if (found.commandLine.startsWith('/usr/local/bin/trivy')) seen.set(found.pid, found);
        const last = await readFile(join(host.directory, 'state', 'last-pass.json'), 'utf8').catch(() => '');
        return last.includes('"complete"') || undefined;
      },
      { what: 'the end of a pass', timeoutMs: 60_000, everyMs: 20 },
    );
    return [...seen.values()];
  };
});

describe('behind a proxy that only hands out images', () => {
  it('makes its passes, and says what it cannot know', async () => {
    await using rules = await socketRules(engine);
    await using host = await hostWith(
      {},
      { environment: [`DOCKER_HOST=${rules.dockerHost}`], volumes: ['/dev/null:/var/run/docker.sock'] },
    );
    const { exitCode, stdout, stderr } = await host.host(['up', '--no-build', '--once', '--json']);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ totals: { scanned: 3, failed: 0 } });
    expect(stderr).toContain('does not tell which containers use the images (it answered 403)');
    expect(rules.refused.filter((request) => !/^GET \/v[\d.]+\/containers\/json/.test(request))).toEqual([]);
    await mailsArrived(1);
  });
});
