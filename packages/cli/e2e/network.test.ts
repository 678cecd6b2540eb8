import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ErrorDocument, ImageDocument, ScrapeDocument } from '@scanner/core';
import {
  aRepository,
  type DockerHub,
  pythonImage,
  realTrivy,
  startDockerHub,
  startForwardProxy,
  startTlsFront,
  temporaryDirectory,
  type TlsFront,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Environment, type GtsUser, gtsUser } from './support/gts.ts';
import { publish } from './support/image-files.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';

const SCRAPE = ['scrape', '--json', '--namespaces', 'acme', '--refresh'];

let hub: DockerHub;
let front: TlsFront;
let user: GtsUser;
let authority: string;
let authorities: string;
beforeAll(async () => {
  hub = await startDockerHub({ repositories: [aRepository({ namespace: 'acme', name: 'api' })], limit: false });
  front = await startTlsFront(hub.url, ['registry.example']);
  user = await gtsUser();
  authorities = join(user.home, 'authorities');
  authority = join(authorities, 'ours.pem');
  await mkdir(authorities);
  await writeFile(authority, front.certificate);
});
afterAll(async () => {
  await Promise.all([hub, front, user].map((part) => part[Symbol.asyncDispose]()));
});

const refused = async (environment: Environment) => {
  const { exitCode, stdout } = await user.gts(SCRAPE, environment);
  return { exitCode, ...(await readDocument(ErrorDocument, stdout)).error };
};

const scraped = async (environment: Environment): Promise<readonly [exitCode: number | null, tools: number]> => {
  const { exitCode, stdout } = await user.gts(SCRAPE, environment);
  const { namespaces } = await readDocument(ScrapeDocument, stdout);
  return [exitCode, namespaces[0]?.tools ?? 0];
};

describe('a certificate of an authority of one’s own', () => {
  const onTls = (): Environment => ({ DOCKERHUB_URL: `https://localhost:${front.port}` });

  it('is not trusted, which is said at once, once, and with what helps', async () => {
    const before = front.failed;
    const { exitCode, code, message, hint } = await refused(onTls());
    expect([exitCode, code]).toEqual([4, 'docker_hub_unreachable']);
    expect(message).toContain(`the certificate of localhost:${front.port} is not trusted`);
    expect(hint).toMatch(/SSL_CERT_FILE.*NODE_EXTRA_CA_CERTS/);
    expect(front.failed - before).toBe(1);
  });

  it.each([
    ['SSL_CERT_FILE', () => authority],
    ['SSL_CERT_DIR', () => `/none:${authorities}`],
    ['NODE_EXTRA_CA_CERTS', () => authority],
  ] as const)('is trusted where %s names it', async (name, path) => {
    expect(await scraped({ ...onTls(), [name]: path() })).toEqual([0, 1]);
  });

  it('is trusted beside others that are broken or not there, which is a warning', async () => {
    await writeFile(join(authorities, 'broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const { exitCode, stderr } = await user.gts(SCRAPE, {
      ...onTls(),
      SSL_CERT_DIR: authorities,
      SSL_CERT_FILE: '/none.pem',
    });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('SSL_CERT_FILE names /none.pem, which cannot be read (ENOENT)');
  });
});

describe('images behind a proxy and an authority of one’s own', () => {
  let database: PreparedDatabase;
  let registry: TlsFront;
  beforeAll(async () => {
    database = await prepareDatabase();
    await using files = await temporaryDirectory();
    await publish(database.registry, [(await pythonImage()).image], files.path, 'shop/worker');
    registry = await startTlsFront(database.registry.url, ['registry.example']);
  });
  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  it.each([
    ['SSL_CERT_FILE', (file: string) => file],
    ['SSL_CERT_DIR', (file: string) => join(file, '..')],
    ['NODE_EXTRA_CA_CERTS', (file: string) => file],
  ] as const)('are had by us and by Trivy alike where %s names it', async (name, pathOf) => {
    const login = 'me:p@ss#w%ZZ/d';
    await using proxy = await startForwardProxy({ login, ports: { 'registry.example': registry.port } });
    await using directory = await temporaryDirectory();
    await using one = await gtsUser({ ...database.environment, TRIVY_PATH: await realTrivy() });
    const file = join(directory.path, 'registry.pem');
    await writeFile(file, registry.certificate);
    const environment = { HTTPS_PROXY: `${login}@${proxy.host}`, [name]: pathOf(file) };
    const reference = 'registry.example/shop/worker:1';

    const { stdout, exitCode } = await one.gts(['image', reference, '--source', 'remote', '--json'], environment);
    const { images } = await readDocument(ImageDocument, stdout);
    expect([exitCode, images[0]?.status]).toEqual([0, 'complete']);
    expect(images[0]?.findings.length).toBeGreaterThan(0);

    const byTrivy = await one.gts(
      ['image', reference, '--source', 'remote', '--format', 'cyclonedx', '--output', join(directory.path, 'bom.json')],
      environment,
    );
    expect([byTrivy.exitCode, byTrivy.stderr]).toEqual([0, expect.not.stringContaining('ss#w')]);
    expect(await readdir(directory.path)).toContain('bom.json');
    expect(new Set(proxy.requests)).toEqual(new Set(['CONNECT registry.example:443']));
  });

  it('name the proxy where it lets nobody through', async () => {
    await using proxy = await startForwardProxy({ login: 'me:secret' });
    await using one = await gtsUser({ ...database.environment, TRIVY_PATH: await realTrivy() });
    const { stdout } = await one.gts(['image', 'registry.example/shop/worker:1', '--source', 'remote', '--json'], {
      HTTPS_PROXY: `http://me:wrong@${proxy.host}`,
    });
    const { images } = await readDocument(ImageDocument, stdout);
    expect(images[0]?.reason).toMatchObject({ code: 'network', message: expect.stringContaining('407') });
    expect(stdout).not.toContain('wrong');
  });
});

describe('a proxy', () => {
  const named = (): Environment => ({ DOCKERHUB_URL: `http://hub.example:${new URL(hub.url).port}` });

  it.each([
    ['host:port', (host: string) => host, undefined],
    ['an address', (host: string) => `http://${host}/`, undefined],
    ['a name and an odd password', (host: string) => `http://us er:p@ss%w:rd#?@${host}`, 'us er:p@ss%w:rd#?'],
    ['a name and an escaped password', (host: string) => `http://us%20er:p%40ss@${host}`, 'us er:p@ss'],
  ])('may be written as %s', async (_how, written, login) => {
    await using proxy = await startForwardProxy(login === undefined ? {} : { login });
    expect(await scraped({ ...named(), http_proxy: written(proxy.host) })).toEqual([0, 1]);
    expect(proxy.requests.length).toBeGreaterThan(0);
  });

  it.each([
    ['http_proxy', 'http://me:secret@ho st:1'],
    ['HTTP_PROXY', 'ftp://me:secret@proxy.example'],
    ['https_proxy', 'http://me:secret@'],
    ['HTTPS_PROXY', 'socks5://me:secret@proxy.example:1080'],
  ])('that cannot be one ends the command by the name of its variable: %s', async (name, written) => {
    const { exitCode, code, message } = await refused({ ...named(), [name]: written });
    expect([exitCode, code]).toEqual([2, 'setting_invalid']);
    expect(message).toContain(`${name} from the environment`);
    expect(message).not.toContain('secret');
  });

  it.each(['http', 'https'])('that wants another login says so, once and by its name, for %s', async (scheme) => {
    await using proxy = await startForwardProxy({ login: 'me:secret' });
    const { exitCode, message, hint } = await refused({
      DOCKERHUB_URL: `${scheme}://hub.example:${new URL(hub.url).port}`,
      [`${scheme}_proxy`]: `http://me:wrong@${proxy.host}`,
    });
    expect([exitCode, message]).toEqual([
      4,
      `Docker Hub cannot be asked: the proxy http://${proxy.host} wants a login (407)`,
    ]);
    expect(hint).toContain('name:password');
    expect(proxy.requests).toHaveLength(1);
  });

  it('that is not there, or cannot connect, is named', async () => {
    const { message } = await refused({ ...named(), http_proxy: '127.0.0.1:1' });
    expect(message).toContain('through the proxy http://127.0.0.1:1 failed (ECONNREFUSED)');
    await using proxy = await startForwardProxy({ refuses: 403 });
    const by = await refused({ DOCKERHUB_URL: 'https://hub.example', HTTPS_PROXY: proxy.host });
    expect(by.message).toContain(`the proxy http://${proxy.host} does not connect to hub.example: it answered 403`);
  });

  it.each(['127.0.0.0/8', '127.0.0.1', '*', 'none.example,127.0.0.0/8'])(
    'is left out for what NO_PROXY names: %s',
    async (NO_PROXY) => {
      expect(await scraped({ DOCKERHUB_URL: hub.url, HTTP_PROXY: '127.0.0.1:1', NO_PROXY })).toEqual([0, 1]);
    },
  );
});
