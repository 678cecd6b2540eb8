import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';

import { ScannerError, silentLog, systemClock } from '@scanner/core';
import type { ManifestDigests } from '@scanner/core';
import {
  alpineImage,
  alpineImageFor,
  startFaultyProxy,
  startRegistry,
  temporaryDirectory,
  writeOciLayout,
} from '@scanner/testing';
import type { BuiltImage, FaultRule, FaultyProxy, Registry } from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { createManifestDigests } from '../src/index.ts';
import type { ManifestDigestsOptions, RegistryLogin } from '../src/index.ts';

const PLATFORM = 'linux/amd64';
const NOW = new Date('2026-11-22T00:00:00Z');
const ACCOUNT = {
  username: 'ali',
  password: 'open sesame',
  passwordHash: '$2y$05$gtsgtsgtsgtsgtsgtsgtse6SpyEOcgebEViYTlQ0rL7a4so3XxXr2',
};

let registry: Registry;
let single: string;
let index: string;
beforeAll(async () => {
  registry = await startRegistry();
  const { image } = await alpineImage();
  single = await push(registry, 'shop/single:1', image);
  index = await push(registry, 'shop/many:1', image, await alpineImageFor('arm64'));
});
afterAll(() => registry.stop());

const push = async (to: Registry, name: string, ...platforms: BuiltImage[]): Promise<string> => {
  await using directory = await temporaryDirectory();
  const layout = join(directory.path, 'layout');
  const { digest } = await writeOciLayout(layout, { reference: `registry.example/${name}`, platforms });
  await to.pushOci(layout, name);
  return digest;
};

interface Asker {
  readonly digests: ManifestDigests;
  /** Registries whose login was looked up. */
  readonly looked: readonly string[];
  readonly warnings: readonly unknown[];
}

const anAsker = (
  given: Partial<ManifestDigestsOptions> & { logins?: Readonly<Record<string, RegistryLogin>> } = {},
): Asker => {
  const { logins = {}, ...options } = given;
  const looked: string[] = [];
  const warnings: unknown[] = [];
  const digests = createManifestDigests({
    credentials: {
      find: (host) => {
        looked.push(host);
        return Promise.resolve(logins[host] ?? null);
      },
    },
    mirrors: {},
    clock: { now: () => NOW, elapsed: () => systemClock.elapsed() },
    log: { ...silentLog, warn: (message, facts) => warnings.push({ message, ...facts }) },
    ...options,
  });
  return { digests, looked, warnings };
};

const found = (digest: string) => ({ status: 'found', digest, allowance: null });
const failedWith = (code: string) => ({ status: 'failed', reason: { code } });

/** The registry behind faults; every request is listed. */
const inFront = async (...rules: FaultRule[]): Promise<FaultyProxy> => {
  const proxy = await startFaultyProxy(registry.url, rules);
  onTestFinished(() => proxy.stop());
  return proxy;
};

interface Request {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server of the test's own. */
const serve = async (
  answer: (request: Request, response: ServerResponse) => void | Promise<void>,
): Promise<{ host: string; requests: Request[] }> => {
  const requests: Request[] = [];
  const listener: RequestListener = (asked, response) => {
    void bodyOf(asked).then((body) => {
      const request = { line: `${asked.method} ${asked.url}`, headers: asked.headers, body };
      requests.push(request);
      return answer(request, response);
    });
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
};

const bodyOf = async (asked: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  for await (const piece of asked as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};

/** Passes on what the real registry says, changed. */
const passOn = async (
  { line, headers }: Request,
  response: ServerResponse,
  change: (headers: Headers) => void = () => {},
): Promise<void> => {
  const [method = '', path = ''] = line.split(' ');
  const answer = await fetch(registry.url + path, { method, headers: { accept: headers.accept ?? '' } });
  const passed = new Headers(answer.headers);
  change(passed);
  response.writeHead(answer.status, Object.fromEntries(passed));
  response.end(Buffer.from(await answer.arrayBuffer()));
};

describe('of a real registry', () => {
  test('one HEAD gives the digest of a manifest, and of an index', async () => {
    const proxy = await inFront();
    const { digests, looked } = anAsker();
    expect(await digests.digestOf(`${proxy.host}/shop/single:1`, PLATFORM)).toEqual(found(single));
    expect(await digests.digestOf(`${proxy.host}/shop/many:1`, PLATFORM)).toEqual(found(index));
    expect(await digests.digestOf(`${proxy.host}/shop/many@${index}`, PLATFORM)).toEqual(found(index));
    expect(proxy.requests).toEqual([
      'HEAD /v2/shop/single/manifests/1',
      'HEAD /v2/shop/many/manifests/1',
      `HEAD /v2/shop/many/manifests/${index}`,
    ]);
    expect(looked).toEqual([]);
  });

  test('a tag, a repository and a digest that are not there are not found', async () => {
    const { digests } = anAsker();
    const missing = [`shop/single:2`, 'shop/none', `shop/single@sha256:${'0'.repeat(64)}`];
    for (const name of missing)
      expect(await digests.digestOf(`${registry.host}/${name}`, PLATFORM)).toMatchObject(failedWith('not_found'));
  });

  test('that wants a name and a password, they are given at once from the second time on', async () => {
    await using guarded = await startRegistry(ACCOUNT);
    const digest = await push(guarded, 'shop/single:1', (await alpineImage()).image);
    await using proxy = await startFaultyProxy(guarded.url, []);
    const name = `${proxy.host}/shop/single:1`;
    const { digests, looked } = anAsker({ logins: { [proxy.host]: ACCOUNT } });
    expect(await digests.digestOf(name, PLATFORM)).toEqual(found(digest));
    expect(await digests.digestOf(name, PLATFORM)).toEqual(found(digest));
    expect(proxy.requests).toHaveLength(3);
    expect(looked).toEqual([proxy.host]);

    const others: (RegistryLogin | undefined)[] = [
      undefined,
      { ...ACCOUNT, password: 'wrong' },
      { identityToken: 'not for this' },
    ];
    for (const login of others) {
      const { digests } = anAsker({ logins: login === undefined ? {} : { [proxy.host]: login } });
      expect(await digests.digestOf(name, PLATFORM)).toMatchObject(failedWith('unauthorized'));
    }
  });
});

describe('the digest', () => {
  test('is asked for with all four kinds of manifest', async () => {
    const server = await serve(passOn);
    await anAsker().digests.digestOf(`${server.host}/shop/many:1`, PLATFORM);
    expect(server.requests[0]?.headers.accept?.split(', ')).toEqual([
      'application/vnd.oci.image.index.v1+json',
      'application/vnd.docker.distribution.manifest.list.v2+json',
      'application/vnd.oci.image.manifest.v1+json',
      'application/vnd.docker.distribution.manifest.v2+json',
    ]);
  });

  test('may stand in the ETag alone', async () => {
    const server = await serve((request, response) =>
      passOn(request, response, (headers) => headers.delete('docker-content-digest')),
    );
    expect(await anAsker().digests.digestOf(`${server.host}/shop/many:1`, PLATFORM)).toEqual(found(index));
    expect(server.requests.map(({ line }) => line)).toEqual(['HEAD /v2/shop/many/manifests/1']);
  });

  test.each(['', 'W/"1"', '"sha256:short"'])('is reckoned from the manifest where the ETag is %j', async (etag) => {
    const server = await serve((request, response) =>
      passOn(request, response, (headers) => {
        headers.set('docker-content-digest', 'sha256:\u00e9');
        headers.set('etag', etag);
      }),
    );
    for (const name of ['many:1', `many@${index}`])
      expect(await anAsker().digests.digestOf(`${server.host}/shop/${name}`, PLATFORM)).toEqual(found(index));
    expect(server.requests.map(({ line }) => line.split(' ')[0])).toEqual(['HEAD', 'GET', 'HEAD', 'GET']);
  });

  test.each<[number, Record<string, string>]>([
    [400, {}],
    [401, { 'www-authenticate': 'Basic realm="x"' }],
    [403, {}],
    [404, {}],
    [405, {}],
    [418, {}],
    [500, {}],
    [501, {}],
    [200, { 'content-type': 'text/html' }],
  ])('is reckoned from the manifest where a HEAD is answered with %i %o', async (status, headers) => {
    const server = await serve((request, response) => {
      if (request.line.startsWith('GET')) return passOn(request, response);
      response.writeHead(status, headers).end();
      return undefined;
    });
    expect(await anAsker().digests.digestOf(`${server.host}/shop/single:1`, PLATFORM)).toEqual(found(single));
  });

  test('is reckoned from the manifest where the caller knows that headers say another', async () => {
    const server = await serve((request, response) =>
      passOn(request, response, (headers) => headers.set('docker-content-digest', `sha256:${'0'.repeat(64)}`)),
    );
    const { digests } = anAsker();
    const name = `${server.host}/shop/single:1`;
    expect(await digests.digestOf(name, PLATFORM)).toEqual(found(`sha256:${'0'.repeat(64)}`));
    expect(await digests.digestOf(name, PLATFORM, undefined, { byContent: true })).toEqual(found(single));
  });

  test('that was asked for is not taken from headers or bytes that say another', async () => {
    const server = await serve((request, response) =>
      passOn({ ...request, line: request.line.replace(single, index) }, response),
    );
    const name = `${server.host}/shop/many@${single}`;
    expect(await anAsker().digests.digestOf(name, PLATFORM)).toMatchObject(failedWith('registry_error'));
  });
});

describe('pulls that are left', () => {
  const limits = { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '76;w=21600' };

  test('are told with the digest and with a refusal', async () => {
    const server = await serve((request, response) =>
      request.line.includes('single')
        ? passOn(request, response, (headers) => Object.entries(limits).forEach((pair) => headers.set(...pair)))
        : void response.writeHead(404, limits).end(),
    );
    const { digests } = anAsker();
    const allowance = { remaining: 76, resetAt: '2026-11-22T06:00:00.000Z' };
    const answer = await digests.digestOf(`${server.host}/shop/single:1`, PLATFORM);
    expect(answer).toEqual({ ...found(single), allowance });
    const refusal = await digests.digestOf(`${server.host}/shop/none:1`, PLATFORM);
    expect(refusal).toMatchObject({ ...failedWith('not_found'), allowance });
  });

  test.each([
    [{ 'retry-after': '120' }, '2026-11-22T00:02:00.000Z'],
    [{ 'retry-after': 'Sun, 22 Nov 2026 01:00:00 GMT' }, '2026-11-22T01:00:00.000Z'],
    [{ 'ratelimit-remaining': '0;w=3600' }, '2026-11-22T01:00:00.000Z'],
    [{}, null],
  ])('are none with status 429 and %o', async (headers, retryAt) => {
    const proxy = await inFront({ path: /manifests/, fault: { kind: 'status', status: 429, headers: { ...headers } } });
    const answer = await anAsker().digests.digestOf(`${proxy.host}/shop/single:1`, PLATFORM);
    expect(answer).toMatchObject({ ...failedWith('rate_limited'), retryAt });
    expect(proxy.requests).toHaveLength(1);
  });
});

/** What a token server says, and what a registry that trusts it then accepts. */
interface TokenRules {
  readonly answer?: (token: string, request: Request) => unknown;
  readonly status?: number;
  readonly realm?: (host: string) => string;
  readonly challenge?: string;
  /** Whether a token that was given out opens the registry. */
  readonly accepts?: (token: string) => boolean;
}

/** The real registry behind a token server, both on one port. */
const guardedByTokens = async (rules: TokenRules = {}) => {
  const given = new Set<string>();
  const server = await serve((request, response) => {
    if (/ \/token/.test(request.line)) {
      const token = `token-${given.size + 1}`;
      given.add(token);
      const said = (rules.answer ?? ((token) => ({ token })))(token, request);
      response.writeHead(rules.status ?? 200).end(typeof said === 'string' ? said : JSON.stringify(said));
      return undefined;
    }
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    if (given.has(token) && (rules.accepts?.(token) ?? true)) return passOn(request, response);
    const realm = rules.realm?.(server.host) ?? `http://${server.host}/token`;
    const repository = /v2\/(.*)\/manifests/.exec(request.line)?.[1] ?? '';
    const bearer = `Bearer realm="${realm}",service="reg",scope="repository:${repository}:pull"`;
    response.writeHead(401, { 'www-authenticate': rules.challenge ?? bearer }).end();
    return undefined;
  });
  const lines = (): string[] => server.requests.map(({ line }) => line);
  const tokens = (): Request[] => server.requests.filter(({ line }) => / \/token/.test(line));
  return { ...server, name: `${server.host}/shop/single:1`, lines, tokens };
};

/** Time that passes when told to. */
const aClock = () => {
  let elapsed = 0;
  return { now: () => NOW, elapsed: () => elapsed, pass: (seconds: number) => (elapsed += seconds * 1000) };
};

describe('a registry that wants a token', () => {
  test('is asked once in vain, and with the token from then on', async () => {
    const server = await guardedByTokens();
    const { digests } = anAsker();
    for (let time = 0; time < 3; time += 1)
      expect(await digests.digestOf(server.name, PLATFORM)).toEqual(found(single));
    expect(server.lines()).toEqual([
      'HEAD /v2/shop/single/manifests/1',
      'GET /token?service=reg&scope=repository%3Ashop%2Fsingle%3Apull',
      'HEAD /v2/shop/single/manifests/1',
      'HEAD /v2/shop/single/manifests/1',
      'HEAD /v2/shop/single/manifests/1',
    ]);
  });

  test('gives each repository a token of its own, which many at once share', async () => {
    const server = await guardedByTokens();
    const { digests, looked } = anAsker();
    const names = ['single:1', 'single:1', 'single:1', 'many:1', 'many:1'];
    const answers = await Promise.all(names.map((name) => digests.digestOf(`${server.host}/shop/${name}`, PLATFORM)));
    expect(answers).toEqual([single, single, single, index, index].map(found));
    expect(server.tokens()).toHaveLength(2);
    expect(looked).toHaveLength(2);
  });

  test.each([
    ['60 s where the server does not say', {}, 60],
    ['what the server says', { expires_in: 300 }, 300],
    ['what the server says, with another field empty', { token: '', expires_in: 300 }, 300],
    ['what the server says, with another field null', { token: null, expires_in: 300 }, 300],
    ['60 s where the server writes a text', { expires_in: '300' }, 60],
    ['60 s where the server says nonsense', { expires_in: -1 }, 60],
  ])('is asked for a new one after %s', async (_title, said, lifetime) => {
    const server = await guardedByTokens({ answer: (token) => ({ access_token: token, ...said }) });
    const clock = aClock();
    const { digests } = anAsker({ clock });
    await digests.digestOf(server.name, PLATFORM);
    clock.pass(lifetime * 0.8);
    expect(await digests.digestOf(server.name, PLATFORM)).toEqual(found(single));
    expect(server.tokens()).toHaveLength(1);
    clock.pass(lifetime * 0.2);
    expect(await digests.digestOf(server.name, PLATFORM)).toEqual(found(single));
    expect(server.tokens()).toHaveLength(2);
  });

  test('is asked for a new one when it takes the old one back', async () => {
    const revoked = new Set<string>();
    const server = await guardedByTokens({ accepts: (token) => !revoked.has(token) });
    const { digests } = anAsker();
    await digests.digestOf(server.name, PLATFORM);
    revoked.add('token-1');
    expect(await digests.digestOf(server.name, PLATFORM)).toEqual(found(single));
    expect(server.tokens()).toHaveLength(2);
  });

  test('is not asked for ever when the token does not fit', async () => {
    const server = await guardedByTokens({ accepts: () => false });
    const { digests } = anAsker();
    expect(await digests.digestOf(server.name, PLATFORM)).toMatchObject(failedWith('unauthorized'));
    expect(server.requests).toHaveLength(3);
  });

  test('is told name and password at the token server only', async () => {
    const server = await guardedByTokens();
    await anAsker({ logins: { [server.host]: ACCOUNT } }).digests.digestOf(server.name, PLATFORM);
    expect(server.requests.map(({ headers }) => headers.authorization?.split(' ')[0])).toEqual([
      undefined,
      'Basic',
      'Bearer',
    ]);
    const encoded = server.tokens()[0]?.headers.authorization?.split(' ')[1] ?? '';
    expect(Buffer.from(encoded, 'base64').toString()).toBe('ali:open sesame');
  });

  test('is given an identity token in the body of a request', async () => {
    const server = await guardedByTokens();
    const login = { identityToken: 'it is me' };
    const { digests } = anAsker({ logins: { [server.host]: login } });
    expect(await digests.digestOf(server.name, PLATFORM)).toEqual(found(single));
    const [exchange] = server.tokens();
    expect(exchange?.line).toBe('POST /token');
    expect(Object.fromEntries(new URLSearchParams(exchange?.body))).toEqual({
      grant_type: 'refresh_token',
      client_id: 'gts',
      service: 'reg',
      scope: 'repository:shop/single:pull',
      refresh_token: 'it is me',
    });
  });

  test.each<[string, TokenRules, string]>([
    ['a web page', { answer: () => '<html>Sign in</html>' }, 'registry_error'],
    ['no token', { answer: () => ({}) }, 'registry_error'],
    ['only empty tokens', { answer: () => ({ token: '', access_token: null }) }, 'registry_error'],
    ['JSON nested without end', { answer: () => '['.repeat(3_000_000) }, 'registry_error'],
    ['a token that would break the header', { answer: () => ({ token: 'a\r\nb: c' }) }, 'registry_error'],
    ['megabytes', { answer: () => 'x'.repeat(5_000_000) }, 'registry_error'],
    ['a refusal', { status: 401 }, 'unauthorized'],
    ['a denial', { status: 403 }, 'unauthorized'],
    ['no reply that is known', { status: 418 }, 'registry_error'],
  ])('cannot be asked when the token server gives %s', async (_title, rules, code) => {
    const server = await guardedByTokens(rules);
    const { digests } = anAsker({ logins: { [server.host]: ACCOUNT } });
    expect(await digests.digestOf(server.name, PLATFORM)).toMatchObject(failedWith(code));
    expect(server.requests).toHaveLength(2);
  });

  test('may be limited at the token server, in words', async () => {
    const message = 'retry-after: 1m30s, allowed: 44000/minute';
    const server = await guardedByTokens({
      status: 429,
      answer: () => ({ errors: [{ code: 'TOOMANYREQUESTS', message }] }),
    });
    const answer = await anAsker().digests.digestOf(server.name, PLATFORM);
    expect(answer).toMatchObject({ ...failedWith('rate_limited'), retryAt: '2026-11-22T00:01:30.000Z' });
  });

  test.each([
    'http://auth.example/token',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'https://a:b@auth.example/token',
    '/token',
  ])('is refused when it sends us to %s', async (realm) => {
    const server = await guardedByTokens({ realm: () => realm });
    const { digests } = anAsker({ logins: { [server.host]: ACCOUNT } });
    expect(await digests.digestOf(server.name, PLATFORM)).toMatchObject(failedWith('registry_error'));
    expect(server.requests).toHaveLength(1);
  });

  test.each(['', 'Negotiate', 'Bearer', '"""'])('in a way we do not know, %j, gives no access', async (challenge) => {
    const server = await guardedByTokens({ challenge });
    expect(await anAsker().digests.digestOf(server.name, PLATFORM)).toMatchObject(failedWith('unauthorized'));
  });

  test('gives it to those who still wait when another has given up', async () => {
    const arrived = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const server = await serve(async (request, response) => {
      if (request.headers.authorization !== undefined) return passOn(request, response);
      if (!request.line.includes('/token')) {
        response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${request.headers.host}/token"` }).end();
        return undefined;
      }
      arrived.resolve();
      await release.promise;
      response.end('{"token":"t"}');
      return undefined;
    });
    const { digests } = anAsker();
    const leaving = new AbortController();
    const first = digests.digestOf(`${server.host}/shop/single:1`, PLATFORM, leaving.signal);
    await arrived.promise;
    const second = digests.digestOf(`${server.host}/shop/single:1`, PLATFORM);
    leaving.abort();
    expect(await first).toMatchObject(failedWith('interrupted'));
    release.resolve();
    expect(await second).toEqual(found(single));
  });
});

describe('a redirect', () => {
  test('is followed without the login once it leaves the registry', async () => {
    const other = await serve(passOn);
    const server = await serve((request, response) => {
      const known = request.headers.authorization !== undefined;
      response
        .writeHead(known ? 307 : 401, {
          'www-authenticate': 'Basic',
          location: `http://${other.host}${request.line.split(' ')[1]}`,
        })
        .end();
    });
    const { digests } = anAsker({ logins: { [server.host]: ACCOUNT, [other.host]: ACCOUNT } });
    expect(await digests.digestOf(`${server.host}/shop/single:1`, PLATFORM)).toEqual(found(single));
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test('does not make us tell another host who we are', async () => {
    const other = await serve(
      (_request, response) => void response.writeHead(401, { 'www-authenticate': 'Basic' }).end(),
    );
    const proxy = await inFront({ path: /./, fault: { kind: 'redirect', location: `http://${other.host}/` } });
    const { digests, looked } = anAsker({ logins: { [proxy.host]: ACCOUNT, [other.host]: ACCOUNT } });
    const answer = await digests.digestOf(`${proxy.host}/shop/single:1`, PLATFORM);
    expect(answer).toMatchObject(failedWith('unauthorized'));
    expect(looked).toEqual([]);
  });

  test.each(['/again', 'file:///etc/passwd', 'http://registry.example/v2/', 'http://[', 'ftp://127.0.0.1/'])(
    'to %s ends in an error',
    async (location) => {
      const proxy = await inFront({ path: /./, fault: { kind: 'redirect', location } });
      const answer = await anAsker().digests.digestOf(`${proxy.host}/shop/single:1`, PLATFORM);
      expect(answer).toMatchObject(failedWith('registry_error'));
      expect(proxy.requests.length).toBeLessThanOrEqual(6);
    },
  );
});

describe('a registry that fails', () => {
  test('for a moment is asked again', async () => {
    const proxy = await inFront({ path: /./, fault: { kind: 'status', status: 503 }, times: 2 });
    const answer = await anAsker().digests.digestOf(`${proxy.host}/shop/single:1`, PLATFORM);
    expect(answer).toEqual(found(single));
    expect(proxy.requests).toHaveLength(3);
  });

  test('for longer is given up after three requests, or one when it says that it will last', async () => {
    const proxy = await inFront({ path: /single/, fault: { kind: 'status', status: 502 } });
    const name = `${proxy.host}/shop/single:1`;
    expect(await anAsker().digests.digestOf(name, PLATFORM)).toMatchObject(failedWith('registry_error'));
    expect(proxy.requests).toHaveLength(3);

    const headers = { 'retry-after': '3600' };
    const lasting = await inFront({ path: /single/, fault: { kind: 'status', status: 503, headers } });
    const answer = await anAsker().digests.digestOf(`${lasting.host}/shop/single:1`, PLATFORM);
    expect(answer).toMatchObject(failedWith('registry_error'));
    expect(lasting.requests).toHaveLength(1);
  });

  test('by showing a web page is no registry', async () => {
    const proxy = await inFront({ path: /./, fault: { kind: 'html' } });
    const answer = await anAsker().digests.digestOf(`${proxy.host}/shop/single:1`, PLATFORM);
    expect(answer).toMatchObject(failedWith('registry_error'));
    expect(proxy.requests).toHaveLength(2);
  });

  test.each([
    ['too many bytes', (response: ServerResponse) => response.end('x'.repeat(5_000_000))],
    ['what is no JSON', (response: ServerResponse) => response.end('{"schemaVersion":')],
    ['what is no manifest', (response: ServerResponse) => response.end('{"schemaVersion":1}')],
    ['headers without end', (response: ServerResponse) => response.setHeader('x', 'x'.repeat(100_000)).end()],
  ])('by sending %s is told as such', async (_title, send) => {
    const server = await serve((request, response) => {
      if (request.line.startsWith('GET')) send(response);
      else response.end();
    });
    const answer = await anAsker().digests.digestOf(`${server.host}/shop/single:1`, PLATFORM);
    expect(answer).toMatchObject(failedWith('registry_error'));
  });

  test('by not speaking HTTP is told as such', async () => {
    const sockets = createSocketServer((socket: Socket) => socket.on('error', () => {}).end('SSH-2.0-x\r\n\r\n'));
    await new Promise<void>((resolve) => sockets.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void sockets.close());
    const name = `127.0.0.1:${(sockets.address() as AddressInfo).port}/a`;
    expect(await anAsker().digests.digestOf(name, PLATFORM)).toMatchObject(failedWith('registry_error'));
  });

  test('by breaking off, staying silent or not being there is out of reach', async () => {
    const brokenAfter = (headers: Record<string, string>) =>
      serve((request, response) => {
        if (request.line.startsWith('HEAD')) response.end();
        else response.writeHead(200, headers).write('{', () => response.destroy());
      });
    const counted = await brokenAfter({ 'content-length': '100' });
    const chunked = await brokenAfter({});
    const silent = await inFront({ path: /./, fault: { kind: 'stall' } });
    const gone = await startFaultyProxy(registry.url, []);
    await gone.stop();
    const { digests } = anAsker({ deadlines: { request: 300, whole: 20_000 } });
    for (const { host } of [counted, chunked, silent, gone])
      expect(await digests.digestOf(`${host}/shop/single:1`, PLATFORM)).toMatchObject(failedWith('network'));
    expect(silent.requests).toHaveLength(1);
  });

  test('is left when the caller has had enough', async () => {
    const proxy = await inFront({ path: /./, fault: { kind: 'stall' } });
    const leaving = new AbortController();
    const asking = anAsker().digests.digestOf(`${proxy.host}/shop/single:1`, PLATFORM, leaving.signal);
    await expect.poll(() => proxy.requests.length).toBe(1);
    leaving.abort();
    expect(await asking).toMatchObject(failedWith('interrupted'));
    const late = await anAsker().digests.digestOf(`${proxy.host}/a`, PLATFORM, AbortSignal.abort());
    expect(late).toMatchObject(failedWith('interrupted'));
  });
});

describe('a mirror', () => {
  test('is asked before the registry, which is then left alone', async () => {
    const origin = await inFront();
    const { digests } = anAsker({ mirrors: { [origin.host]: [registry.host] } });
    expect(await digests.digestOf(`${origin.host}/shop/single:1`, PLATFORM)).toEqual(found(single));
    expect(origin.requests).toEqual([]);
  });

  test('stands in for Docker Hub, with library/ and a path of its own', async () => {
    const digest = await push(registry, 'hub/library/base:1', (await alpineImage()).image);
    const { digests } = anAsker({ mirrors: { 'docker.io': [`${registry.host}/hub`] } });
    expect(await digests.digestOf('base:1', PLATFORM)).toEqual(found(digest));
  });

  test('that has not got it, or fails, is passed over for the next, and what failed is told once', async () => {
    const empty = await inFront({ path: /./, fault: { kind: 'status', status: 404 } });
    const broken = await inFront({ path: /./, fault: { kind: 'html' } });
    const origin = await inFront();
    const { digests, warnings } = anAsker({ mirrors: { [origin.host]: [empty.host, broken.host] } });
    for (const name of ['single:1', 'single:2']) await digests.digestOf(`${origin.host}/shop/${name}`, PLATFORM);
    expect([empty, broken, origin].map(({ requests }) => requests.length)).toEqual([4, 4, 3]);
    expect(warnings).toEqual([
      {
        message: 'a registry mirror is passed over',
        mirror: broken.host,
        reason: `${broken.host} answers with a web page`,
      },
    ]);
  });

  test('is named with its reason where the registry cannot give it either', async () => {
    const [empty, origin] = [await inFront({ path: /./, fault: { kind: 'status', status: 404 } }), await inFront()];
    const gone = await startFaultyProxy(registry.url, []);
    await gone.stop();
    const { digests } = anAsker({ mirrors: { [origin.host]: [empty.host, gone.host] } });
    for (let time = 0; time < 2; time += 1)
      expect(await digests.digestOf(`${origin.host}/shop/none:1`, PLATFORM)).toMatchObject({
        reason: {
          code: 'not_found',
          message:
            `${origin.host} has no such image in shop/none; of its mirrors: ${empty.host} has no such image in ` +
            `shop/none, the connection to ${gone.host} failed (ECONNREFUSED)`,
        },
      });
  });

  test('out of reach is left alone for a minute', async () => {
    const silent = await inFront({ path: /./, fault: { kind: 'stall' } });
    const clock = aClock();
    const deadlines = { request: 300, whole: 20_000 };
    const { digests } = anAsker({ mirrors: { [registry.host]: [silent.host] }, clock, deadlines });
    const name = `${registry.host}/shop/single:1`;
    for (let time = 0; time < 3; time += 1) expect(await digests.digestOf(name, PLATFORM)).toEqual(found(single));
    expect(silent.requests).toHaveLength(1);
    clock.pass(61);
    expect(await digests.digestOf(name, PLATFORM)).toEqual(found(single));
    expect(silent.requests).toHaveLength(2);
  });

  test('is shown its own login, not that of the registry', async () => {
    const mirror = await guardedByTokens();
    const { digests, looked } = anAsker({ mirrors: { 'docker.io': [mirror.host] }, logins: { 'docker.io': ACCOUNT } });
    await push(registry, 'library/base:2', (await alpineImage()).image);
    expect(await digests.digestOf('base:2', PLATFORM)).toMatchObject({ status: 'found' });
    expect(looked).toEqual([mirror.host]);
    expect(mirror.tokens()[0]?.headers.authorization).toBeUndefined();
  });
});

test.each(['', 'Nginx', '127.0.0.999/a', 'a b', '../../etc/passwd', 'file:///etc/passwd', 'x@sha256:1'])(
  'a reference such as %j is asked of nobody',
  async (text) => {
    const { digests, looked } = anAsker();
    expect(await digests.digestOf(text, PLATFORM)).toMatchObject(failedWith('bad_reference'));
    expect(looked).toEqual([]);
  },
);

test('credentials that cannot be read end the run', async () => {
  const server = await guardedByTokens();
  const { digests } = anAsker({
    credentials: { find: () => Promise.reject(new ScannerError('unreadable', { code: 'setting_invalid' })) },
  });
  await expect(digests.digestOf(server.name, PLATFORM)).rejects.toThrow('unreadable');
});
