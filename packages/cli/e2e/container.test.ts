import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { NoticesDocument } from '@scanner/core';
import {
  type BaseImages,
  loadBaseImages,
  loadStandardImages,
  placeDatabase,
  type RestartableEngine,
  selfSignedCertificate,
  type SmtpServer,
  startRestartableEngine,
  startSmtpServer,
  temporaryDirectory,
  waitUntil,
} from '@scanner/testing';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  containedHost,
  type ContainedHost,
  type ContainedHostOptions,
  type ContainedProcess,
  dockerConfiguration,
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

const AUTHORITY = '/run/secrets/authority.pem';
const HOOK_PORT = 9443;
/** A server in the container, which leaves what it hears in the state directory. */
const HOOK = `
const { readFileSync, writeFileSync } = require('node:fs');
const tls = { key: readFileSync('/run/secrets/key.pem'), cert: readFileSync('${AUTHORITY}') };
require('node:https').createServer(tls, (asked, answer) => {
  let heard = '';
  asked.on('data', (piece) => (heard += piece));
  asked.on('end', () => { writeFileSync('/state/heard.json', heard); answer.end(); });
}).listen(${HOOK_PORT}, '127.0.0.1');`;

let engine: RestartableEngine;
let bases: BaseImages;
let guarded: SmtpServer;
let smtp: SmtpServer;
/** Built and started with Compose 1; what it does is looked at by one test after another. */
let host: ContainedHost;
let built: Ended;
let trivys: readonly ContainedProcess[];

const hostWith = (
  environment: Environment = {},
  override: ServiceOverride = {},
  options: Partial<ContainedHostOptions> = {},
): Promise<ContainedHost> =>
  containedHost({
    engine,
    bases,
    override,
    ...options,
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

beforeAll(async () => {
  engine = await startRestartableEngine();
  bases = await loadBaseImages(engine);
  await loadStandardImages(engine);
  guarded = await startSmtpServer({ account: { user: 'scan#ner', pass: PASSWORD } });
  smtp = await startSmtpServer();
  host = await hostWith({ SMTP_PORT: String(guarded.port) }, {}, { compose: 1 });
  await writeFile(
    join(host.directory, '.env'),
    '\u{feff}# of this host\r\nSMTP_SUBJECT_PREFIX="[web #1]" # told apart\r\nSCAN_JITTER_SECONDS=5 # seconds\r\nSMTP_USER=scan#ner\r\n',
  );
  await mkdir(join(host.directory, 'secrets'));
  await writeFile(join(host.directory, 'secrets', 'SMTP_PASS'), `\u{feff}${PASSWORD}\r\n`);
  await execa('chown', ['-R', '12345:12346', host.directory]);
  built = await host.host(['up', '--interval', '7200']);
  trivys = await trivyProcesses(host);
  await smtp[Symbol.asyncDispose]();
}, 600_000);
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await guarded[Symbol.asyncDispose]();
  await engine.stop();
});
beforeEach(async () => {
  smtp = await startSmtpServer();
});
afterEach(() => smtp[Symbol.asyncDispose]());

describe('gts host up', () => {
  it('builds the image and starts it', () => {
    expect(built.exitCode, built.stderr).toBe(0);
    expect(built.stdout).toMatch(/^service +running/);
  });

  it('starts passes that leave logs and tell people, with the settings of an .env as gts itself reads it', async () => {
    await waitUntil(() => guarded.mails.length > 0 || undefined, { what: 'the mail', timeoutMs: 60_000 });
    const { subject, text } = await readMail(guarded);
    expect(guarded.mails[0]?.user).toBe('scan#ner');
    expect(subject).toMatch(/^\[web #1\] .*first seen/);
    for (const reference of [ALPINE, DEBIAN, WORKER]) expect(text).toContain(reference);

    const { last_pass, service, problems } = await host.statusWhere(
      ({ next_pass_at: next }) => next !== null && Date.parse(next) - Date.now() > 7_000_000,
      'the time of the next pass',
    );
    expect(last_pass).toMatchObject({ outcome: 'complete', totals: { scanned: 3, failed: 0 }, by: null });
    expect(service).toMatchObject({ state: 'running', restarts: 0 });
    expect(problems).toEqual([]);
    expect(await readdir(join(host.directory, 'logs'))).toHaveLength(4);
    expect((await host.host(['logs', '--tail', '10'])).stdout).toContain('"message":"next pass"');
  });

  it('keeps a password that lies in a file out of the description of the container, the logs and Trivy', async () => {
    expect(trivys.length).toBeGreaterThan(0);
    for (const { environment } of trivys) {
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

  it('runs without a capability, and writes nowhere but in its directories', async () => {
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
    expect(await host.evaluate('console.log(process.getuid(), process.getgid())')).toBe('12345 12346');
  });

  it('lets an editor put a new list of images to skip in the place of the old one, wherever it lies', async () => {
    for (const [written, seen] of [
      ['settings/ignore-images.txt', '/settings/ignore-images.txt'],
      ['ignore-images.txt', '/ignore-images.txt'],
    ] as const) {
      const file = join(host.directory, written);
      await writeFile(file, 'alpine\n');
      await writeFile(`${file}.new`, 'debian');
      await rename(`${file}.new`, file);
      expect(await host.evaluate(`process.stdout.write(require('fs').readFileSync('${seen}', 'utf8'))`)).toBe('debian');
      await rm(file);
    }
    await waitUntil(
      async () => (await host.host(['logs'])).stdout.includes('the ignore list are read again') || undefined,
      { what: 'the word that it was read', timeoutMs: 30_000 },
    );
  });

  it('takes the place of a container that was started under another name, as status, logs and down know it too', async () => {
    const byHand = { COMPOSE_PROJECT_NAME: 'by-hand', DOCKER_CONFIG: await dockerConfiguration() };
    const running = () => engine.docker(['ps', '--all', '--format', '{{.Names}}']);
    const other = await host.host(['up', '--no-build'], byHand);
    expect(other.stderr).toContain('which used the same directory');
    expect(await running()).toBe('by-hand-image-scanner-1');
    expect((await host.status()).service).toMatchObject({ state: 'running', container: 'by-hand-image-scanner-1' });
    expect((await host.host(['logs'])).stdout).toContain('image-scanner started');

    const own = await host.host(['up', '--no-build', '--interval', '2']);
    expect(own.stderr).toContain('removed the container by-hand-image-scanner-1, of the project by-hand');
    expect(await running()).toBe(await host.container());
    await host.host(['down'], byHand);
    expect(await running()).toBe('');
  });

  it('is started again by its policy when the engine was restarted and it lived on', async () => {
    await host.host(['up', '--no-build', '--interval', '1']);
    await passEnded(host);
    await engine.restart();
    await host.statusWhere(({ service: { restarts } }) => restarts > 0, 'the restart');
    await host.statusWhere(
      ({ service: { state, started_at: started }, last_pass: pass }) =>
        state === 'running' && pass?.outcome === 'complete' && pass.started_at > (started ?? ''),
      'a pass after it',
    );
    expect((await host.host(['logs'])).stdout).toContain('it was mounted before the engine started');
  });

  it('does what the documentation says, line by line', async () => {
    await using host = await hostWith();
    const lines = (await serviceLines()).filter((line) => !line.includes('--purge'));
    for (const command of ['up', 'up --once', 'status', 'logs'])
      expect(lines.filter((line) => line.startsWith(`gts host ${command}`))).not.toEqual([]);
    for (const line of lines) {
      const words = line.split(' ').slice(2);
      const { exitCode, stderr } = await host.host(words[0] === 'up' ? [...words, '--no-build'] : words);
      expect(exitCode, `${line}\n${stderr}`).toBe(0);
    }
    await host.host(['down']);
    expect((await host.status()).service.state).toBe('absent');
  });

  it('accepts with --once --save-snapshot, tells of a change of the database after that, and ends with the code of the pass', async () => {
    await using host = await hostWith();
    const accepted = await host.host(['up', '--no-build', '--once', '--save-snapshot', '--json']);
    expect(accepted.exitCode, accepted.stderr).toBe(0);
    expect(JSON.parse(accepted.stdout)).toMatchObject({ schema: 'gts.host-scan/1', totals: { scanned: 3 } });
    expect(await readdir(join(host.directory, 'snapshots'))).toHaveLength(3);
    expect(smtp.mails).toHaveLength(0);
    expect((await host.status()).last_pass).toMatchObject({
      outcome: 'complete',
      by: expect.stringMatching(/^image-scanner --once .*\(/),
    });

    const missing = await host.host(['up', '--no-build', '--once', '--image', 'not/there:1', '--json']);
    expect(missing.exitCode, missing.stderr).toBe(3);
    expect(JSON.parse(missing.stdout)).toMatchObject({ images: [{ reason: { code: 'not_found' } }] });

    await placeDatabase(join(host.directory, 'cache'), 2);
    await host.host(['up', '--no-build']);
    await mailsArrived(1);
    expect((await readMail(smtp)).text).toContain('CVE-2099-1011');
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
});

describe('a container with a network of its own, SCAN_ONCE=1 and authorities', () => {
  let alone: ContainedHost;

  beforeAll(async () => {
    const { key, certificate } = await selfSignedCertificate();
    const environment = ['SCAN_ONCE=1', 'HTTP_LISTEN=127.0.0.1:9090', `WEBHOOK_URL=https://127.0.0.1:${HOOK_PORT}/`];
    alone = await hostWith(
      { NODE_EXTRA_CA_CERTS: AUTHORITY, SMTP_CA_FILE: AUTHORITY },
      { network_mode: 'none', environment },
    );
    await mkdir(join(alone.directory, 'secrets'));
    await writeFile(join(alone.directory, 'secrets', 'authority.pem'), certificate);
    await writeFile(join(alone.directory, 'secrets', 'key.pem'), key);
    await alone.host(['up', '--no-build']);
    await passEnded(alone);
  });
  afterAll(() => alone[Symbol.asyncDispose]());

  it('makes its pass, and is idle and well after that', async () => {
    const { service, next_pass_at, problems } = await alone.statusWhere(
      ({ last_pass: pass }) => pass?.outcome === 'complete',
      'the end of its pass',
    );
    expect({ state: service.state, restarts: service.restarts, next_pass_at }).toEqual({
      state: 'running',
      restarts: 0,
      next_pass_at: null,
    });
    expect(problems.filter((problem) => !problem.includes('held'))).toEqual([]);
    expect((await alone.host(['logs'])).stdout).toContain('the one pass is made: idle until stopped');
  });

  it('calls the host by the name of its engine in mails and metrics, and never by the ID of a container', async () => {
    const listed = await alone.user.gts(['notices', 'list', '--json']);
    const { deliveries } = await readDocument(NoticesDocument, listed.stdout);
    const named = new RegExp(`^\\[image-scanner\\] ${hostname()}: .*first seen`);
    expect(deliveries.flatMap(({ subject }) => subject ?? [])).toContainEqual(expect.stringMatching(named));
    const record = await readFile(join(alone.directory, 'state', 'host.json'), 'utf8');
    expect(JSON.parse(record)).toMatchObject({ name: hostname() });
    const metrics = "fetch('http://127.0.0.1:9090/metrics').then(async (answer) => console.log(await answer.text()))";
    expect(await alone.evaluate(metrics)).toContain(`image_scanner_host_info{host="${hostname()}"} 1`);
  });

  it('lets one pass at a time work on a directory, and names the holder to the other', async () => {
    await engine.docker(['restart', await alone.container()]);
    await alone.statusWhere(({ service }) => service.state === 'running', 'the restart');
    await passEnded(alone);
    const second = await alone.host(['up', '--no-build', '--once']);
    expect(second.exitCode).toBe(4);
    const holder = new RegExp(`directory_busy\\]: /state is in use by image-scanner \\(pid \\d+ on ${hostname()}\\)`);
    expect(second.stderr).toMatch(holder);
  });

  it('trusts the authorities that NODE_EXTRA_CA_CERTS names, and is told the host in a webhook', async () => {
    await engine.docker(['exec', '--detach', await alone.container(), 'node', '-e', HOOK]);
    await waitUntil(
      () =>
        alone
          .evaluate(
            `require('net').connect(${HOOK_PORT}, '127.0.0.1').on('connect', () => process.exit()).on('error', () => process.exit(1))`,
          )
          .then(() => true),
      {
        what: 'the server of the hook',
        timeoutMs: 30_000,
      },
    );
    await engine.docker(['kill', '--signal', 'HUP', await alone.container()]);
    const heard = await waitUntil(
      async () => JSON.parse(await readFile(join(alone.directory, 'state', 'heard.json'), 'utf8')) as unknown,
      {
        what: 'the hook',
        timeoutMs: 30_000,
      },
    );
    expect(heard).toMatchObject({ host: hostname() });
    expect(await alone.evaluate('console.log(process.env.SMTP_CA_FILE)')).toBe(AUTHORITY);
  });
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
