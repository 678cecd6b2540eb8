import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import {
  aRepository,
  loadStandardImages,
  pythonImage,
  realTrivy,
  startClassicEngine,
  startDockerHub,
  startSmtpServer,
  temporaryDirectory,
  type TemporaryDirectory,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Environment, type GtsUser, gtsUser } from './support/gts.ts';
import { publish } from './support/image-files.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readTrace, type TracedProcess, tracer } from './support/traced-processes.ts';

/** Values that no child process may be given, by the variables that hold them. */
const SECRETS: Environment = {
  SMTP_USER: 'canary-user',
  SMTP_PASS: 'canary-password',
  WEBHOOK_SECRET: 'canary-webhook',
  DOCKERHUB_USERNAME: 'canary-hub-user',
  DOCKERHUB_TOKEN: 'canary-hub-token',
  AWS_SECRET_ACCESS_KEY: 'canary-aws',
  AZURE_CLIENT_SECRET: 'canary-azure',
  GOOGLE_APPLICATION_CREDENTIALS: '/canary/google.json',
  GITHUB_TOKEN: 'canary-github',
  TRIVY_USERNAME: 'canary-trivy-user',
  TRIVY_PASSWORD: 'canary-trivy-password',
};

/** Every variable that Trivy and igzip may be given. */
const VARIABLES_OF_TRIVY: ReadonlySet<string> = new Set([
  ...['PATH', 'HOME', 'TMPDIR', 'XDG_DATA_HOME', 'DOCKER_CONFIG', 'DOCKER_HOST', 'GOGC'],
  ...['TRIVY_CACHE_BACKEND', 'TRIVY_TOKEN', 'TRIVY_SKIP_VERSION_CHECK', 'TRIVY_DISABLE_TELEMETRY'],
]);
/** What a program of the system reads by itself. */
const FILES_OF_THE_SYSTEM =
  /^\/(?:proc|sys|lib|lib64|usr\/lib|usr\/share\/zoneinfo)\/|^\/dev\/(?:null|urandom)$|^\/etc\/(?:passwd|hosts|resolv\.conf|nsswitch\.conf|host\.conf|gai\.conf|ld\.so\.cache|localtime|ssl\/.*)$/v;
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|\[::1\]):\d+$/v;
const HELPER_LOGIN = { Username: 'somebody', Secret: 'canary-of-the-helper' };

let database: PreparedDatabase;
let files: TemporaryDirectory;
let user: GtsUser;
let trivy: string;
let trace: string;

beforeAll(async () => {
  [database, files, trivy] = await Promise.all([prepareDatabase(), temporaryDirectory(), realTrivy()]);
  trace = join(files.path, 'trace');
  await publish(database.registry, [(await pythonImage()).image], files.path, 'shop/worker');
  user = await gtsUser(
    { ...database.environment, ...SECRETS, TRIVY_PATH: trivy, DOCKER_HOST: 'unix:///nowhere/docker.sock' },
    { launcher: tracer(trace) },
  );
});
afterAll(async () => {
  for (const part of [user, files, database]) await part[Symbol.asyncDispose]();
});

/** The programs that a command started, without itself. */
const childrenOf = async (
  args: readonly string[],
  environment: Environment = {},
): Promise<readonly TracedProcess[]> => {
  const { exitCode, stderr } = await user.gts(args, environment);
  expect(exitCode, stderr).toBe(0);
  const [, ...children] = await readTrace(trace);
  expect(children).not.toEqual([]);
  return children;
};

/** That each child is Trivy or igzip, was given nothing but what it needs, and touched nothing but what it is for. */
const expectConfined = (children: readonly TracedProcess[], places: readonly string[]): void => {
  for (const { program, args, environment, files: opened, connections } of children) {
    expect([trivy, '/usr/bin/igzip']).toContain(program);
    expect(Object.keys(environment).filter((name) => !VARIABLES_OF_TRIVY.has(name))).toEqual([]);
    expect(JSON.stringify([args, environment])).not.toContain('canary');
    const allowed = [trivy, user.temporary, ...places];
    const isAllowed = (path: string): boolean =>
      FILES_OF_THE_SYSTEM.test(path) || allowed.some((place) => path === place || path.startsWith(`${place}/`));
    expect([...opened].filter((path) => !isAllowed(path))).toEqual([]);
    expect([...connections].filter((address) => !LOOPBACK.test(address))).toEqual([]);
  }
};

const kindsOf = (children: readonly TracedProcess[]): ReadonlySet<string | undefined> =>
  new Set(children.filter(({ program }) => program === trivy).map(({ args }) => args[1]));

describe('the processes that a command starts get no secret, no foreign file and no other network', () => {
  it('in a pass over a host that mails', async () => {
    await using engine = await startClassicEngine();
    await using smtp = await startSmtpServer({ account: { user: 'canary-user', pass: 'canary-password' } });
    await loadStandardImages(engine);
    const children = await childrenOf(['host', 'scan'], {
      DOCKER_HOST: engine.dockerHost,
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(smtp.port),
      SMTP_TO: 'ops@example.org',
    });
    expect(smtp.mails).toHaveLength(1);
    expect([...kindsOf(children)]).toEqual(expect.arrayContaining(['image', 'server', 'sbom']));
    const cache = join(user.directory, 'cache');
    expectConfined(children, [join(cache, 'generations'), join(cache, 'work')]);
  });

  it('in a scan of an image whose registry wants a login, and of its packages', async () => {
    const login = (name: string) => ({ auth: Buffer.from(`${name}:canary-of-${name}`).toString('base64') });
    const configuration = { auths: { [database.registry.host]: login('ours'), 'other.example': login('other') } };
    await mkdir(join(user.home, '.docker'), { recursive: true });
    await writeFile(join(user.home, '.docker', 'config.json'), JSON.stringify(configuration));
    const image = `${database.registry.host}/shop/worker:1`;
    const children = await childrenOf(['image', image, '--format', 'cyclonedx']);
    expect([...kindsOf(children)]).toEqual(expect.arrayContaining(['image', 'convert']));
    const cache = join(user.cache, 'gts');
    expectConfined(children, [join(cache, 'generations'), join(cache, 'work')]);
  });

  it('in a scan of a catalogue', async () => {
    const worker = aRepository({ namespace: 'shop', name: 'worker', tags: ['1'] });
    await using hub = await startDockerHub({ repositories: [worker], limit: false });
    const environment = {
      DOCKERHUB_URL: hub.url,
      DOCKERHUB_USERNAME: undefined,
      DOCKERHUB_TOKEN: undefined,
      REGISTRY_MIRRORS: `docker.io=${database.registry.host}`,
    };
    expect((await user.gts(['scrape', '--namespaces', 'shop'], environment)).exitCode).toBe(0);
    const children = await childrenOf(['scan'], environment);
    expect([...kindsOf(children)]).toEqual(expect.arrayContaining(['server']));
    const cache = join(user.cache, 'gts');
    expectConfined(children, [join(cache, 'generations'), join(cache, 'work')]);
  });
});

it('a credential helper gets the environment of its user, but for the secrets that are ours', async () => {
  const programs = join(files.path, 'programs');
  await mkdir(programs);
  const script = `#!/bin/sh\necho '${JSON.stringify(HELPER_LOGIN)}'\n`;
  await writeFile(join(programs, 'docker-credential-ours'), script, { mode: 0o755 });
  await mkdir(join(user.home, '.docker'), { recursive: true });
  const configuration = { credHelpers: { [database.registry.host]: 'ours' } };
  await writeFile(join(user.home, '.docker', 'config.json'), JSON.stringify(configuration));
  const children = await childrenOf(['image', `${database.registry.host}/shop/worker:1`], { PATH: programs });
  const helper = children.find(({ args }) => args.some((word) => basename(word) === 'docker-credential-ours'));
  expect(helper?.environment).toMatchObject({ HOME: user.home, AWS_SECRET_ACCESS_KEY: 'canary-aws' });
  const ours = ['SMTP_PASS', 'WEBHOOK_SECRET', 'DOCKERHUB_TOKEN'];
  expect(ours.filter((name) => name in (helper?.environment ?? {}))).toEqual([]);
  expect(JSON.stringify(children.filter(({ program }) => program === trivy))).not.toContain(HELPER_LOGIN.Secret);
});
