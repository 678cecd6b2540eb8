import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Log } from '@scanner/core';
import { silentLog } from '@scanner/core';
import { InMemoryBlobCache } from '@scanner/core/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createDockerEngine, type DockerEngineOptions } from './docker-engine.ts';

type Answer = Record<string, unknown> | readonly unknown[] | ((response: ServerResponse) => unknown);

const idOf = (digit: string): string => `sha256:${digit.repeat(64)}`;
const VERSION = { Version: '28.0.0', ApiVersion: '1.41', MinAPIVersion: '1.24', Components: [{ Name: 'Engine' }] };
const DETAILS = { Os: 'linux', Architecture: 'amd64', RootFS: { Layers: [idOf('f')] } };
const aRow = (id: string, ...tags: string[]) => ({ Id: id, RepoTags: tags, RepoDigests: [], Size: 7 });
/** Of all its pieces, which are overwritten while it is read. */
const copiesOf = async (archive: AsyncIterable<Uint8Array>): Promise<Buffer[]> => {
  const copies: Buffer[] = [];
  for await (const piece of archive) copies.push(Buffer.from(piece));
  return copies;
};
const failing =
  (status: number, body = '{"message":"no"}') =>
  (response: ServerResponse): void => {
    response.writeHead(status).end(body);
  };

describe('createDockerEngine', () => {
  let directory: string;
  let cleanUp: (() => void)[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gts-engine-'));
    cleanUp = [];
  });
  afterEach(async () => {
    for (const end of cleanUp) end();
    await rm(directory, { recursive: true });
  });

  const listen = async (answers: Record<string, Answer>, where: string | number) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      asked.push(path);
      const answer = answers[path.replace(/^\/v[\d.]+/, '')];
      if (typeof answer === 'function') answer(response);
      else if (answer === undefined) failing(404)(response);
      else response.end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => {
      if (typeof where === 'string') server.listen(where, resolve);
      else server.listen(where, '127.0.0.1', resolve);
    });
    cleanUp.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return { asked, server };
  };

  const anEngine = async (answers: Record<string, Answer>, options: DockerEngineOptions = {}) => {
    const socket = join(directory, 'd.sock');
    const { asked } = await listen({ '/version': VERSION, '/containers/json?all=1': [], ...answers }, socket);
    const engine = createDockerEngine({ host: `unix://${socket}`, tls: null, origin: 'flag' }, options);
    return { engine, asked, socket };
  };
  const engineAt = (socket: string, options: DockerEngineOptions = {}) =>
    createDockerEngine({ host: `unix://${socket}`, tls: null, origin: 'context far' }, options);

  it('merges the rows of one image and sorts its references, and the images by their first', async () => {
    const { engine } = await anEngine({
      '/images/json': [
        aRow(idOf('b'), 'web:2', 'docker.io/library/web:1'),
        { ...aRow(idOf('a')), RepoTags: ['<none>:<none>'], RepoDigests: ['<none>@<none>'] },
        { ...aRow(idOf('c')), RepoTags: null, RepoDigests: [`app@${idOf('9')}`, 'sha256:odd'] },
        { ...aRow(idOf('b'), 'ghcr.io/acme/web:2'), RepoDigests: [`web@${idOf('8')}`, `other@${idOf('8')}`] },
      ],
      [`/images/${idOf('a')}/json`]: DETAILS,
      [`/images/${idOf('b')}/json`]: { ...DETAILS, Architecture: 'arm64', Variant: 'v8' },
      [`/images/${idOf('c')}/json`]: DETAILS,
    });
    const { images, warnings } = await engine.list();
    expect(images.map(({ references, tagged, platform }) => ({ references, tagged, platform }))).toEqual([
      { references: [`app@${idOf('9')}`], tagged: false, platform: 'linux/amd64' },
      {
        references: ['ghcr.io/acme/web:2', `other@${idOf('8')}`, 'web:1', 'web:2'],
        tagged: true,
        platform: 'linux/arm64/v8',
      },
      { references: [idOf('a')], tagged: false, platform: 'linux/amd64' },
    ]);
    expect(warnings).toEqual([]);
  });

  it('tells the containers of an image with their Compose project and service', async () => {
    const { engine } = await anEngine({
      '/images/json': [aRow(idOf('a'), 'web:1')],
      [`/images/${idOf('a')}/json`]: DETAILS,
      '/containers/json?all=1': [
        {
          ImageID: idOf('a'),
          Names: ['/db/alias', '/web'],
          State: 'running',
          Labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' },
        },
        { ImageID: idOf('a'), Names: ['/old'], State: 'exited', Labels: null },
        { ImageID: idOf('b'), Names: ['/of-an-image-that-is-gone'], State: 'exited' },
      ],
    });
    expect((await engine.list()).images[0]?.containers).toEqual([
      { name: 'old', state: 'exited', composeProject: null, composeService: null },
      { name: 'web', state: 'running', composeProject: 'shop', composeService: 'web' },
    ]);
  });

  it('goes on without containers where they may not be asked for, and says so once', async () => {
    const { engine } = await anEngine({
      '/images/json': [aRow(idOf('a'), 'web:1'), aRow(idOf('b'), 'web:2')],
      [`/images/${idOf('a')}/json`]: DETAILS,
      [`/images/${idOf('b')}/json`]: DETAILS,
      '/containers/json?all=1': failing(403),
    });
    const { images, warnings } = await engine.list();
    expect(images.map(({ containers }) => containers)).toEqual([null, null]);
    expect(warnings).toEqual([expect.stringContaining('403')]);
  });

  it('leaves out what was removed meanwhile, and attestations, without a warning', async () => {
    const debug = vi.fn<Log['debug']>();
    const listed = [[aRow(idOf('a'), 'gone:1'), aRow(idOf('b'), 'signed:1'), aRow(idOf('c'), 'none:1')]];
    const { engine } = await anEngine(
      {
        '/images/json': (response: ServerResponse) => void response.end(JSON.stringify(listed.shift() ?? [])),
        [`/images/${idOf('b')}/json`]: { Os: '', Architecture: '', RootFS: {} },
        [`/images/${idOf('c')}/json`]: { ...DETAILS, Os: 'unknown', Architecture: 'unknown' },
      },
      { log: { ...silentLog, debug } },
    );
    expect(await engine.list()).toMatchObject({ images: [], unreadable: [], warnings: [] });
    expect(debug).toHaveBeenCalledTimes(3);
  });

  it('keeps an image made by hand that does not state its platform', async () => {
    const { engine } = await anEngine({
      '/images/json': [aRow(idOf('a'), 'made:1')],
      [`/images/${idOf('a')}/json`]: { ...DETAILS, Architecture: '' },
    });
    expect((await engine.list()).images).toMatchObject([{ platform: 'linux/unknown' }]);
  });

  it('names what it cannot read, each with its ID and names, and why', async () => {
    const { engine } = await anEngine({
      '/images/json': [
        { Id: '../../etc/passwd', RepoTags: ['evil:1'] },
        'text',
        aRow(idOf('a'), 'broken:1'),
        aRow(idOf('b'), 'failing:1'),
        aRow(idOf('c'), 'good:1'),
        aRow(idOf('d'), 'contradicting:1'),
      ],
      [`/images/${idOf('a')}/json`]: (response: ServerResponse) => void response.end('[]'),
      [`/images/${idOf('b')}/json`]: failing(500, JSON.stringify({ message: 'layer \u001b[2Jdoes not exist' })),
      [`/images/${idOf('c')}/json`]: DETAILS,
    });
    const { images, unreadable = [], warnings } = await engine.list();
    expect(images.map(({ references }) => references)).toEqual([['good:1']]);
    expect(unreadable.map(({ id, references, tagged, reason }) => [id, references, tagged, reason.code])).toEqual([
      [idOf('a'), ['broken:1'], true, 'unreadable'],
      [idOf('d'), ['contradicting:1'], true, 'unreadable'],
      [null, ['entry 2 of the image list'], true, 'unreadable'],
      [null, ['evil:1'], true, 'unreadable'],
      [idOf('b'), ['failing:1'], true, 'unreadable'],
    ]);
    expect(unreadable[4]?.reason.message).toMatch(/500: layer +\[2Jdoes not exist$/);
    expect(warnings).toEqual([]);
  });

  it.each<readonly [string, object, object, object]>([
    ['names that are none', { RepoTags: [7, null, 'web:1'], RepoDigests: 'x' }, {}, { references: ['web:1'] }],
    ['a name without end', { RepoTags: ['x'.repeat(5000)] }, {}, { references: [`${'x'.repeat(200)}…`], tagged: true }],
    ['a size that is none', { Size: 'large' }, {}, { sizeBytes: 0 }],
    ['an odd architecture', {}, { Architecture: 'arm64/v8' }, { platform: 'linux/unknown', layers: [idOf('f')] }],
    ['an odd variant', {}, { Variant: 'v 8' }, { platform: 'linux/amd64' }],
    ['an odd system', {}, { Os: { name: 'linux' } }, { platform: 'unknown/amd64' }],
    [
      'labels and dates without sense',
      { Labels: 7, Created: 'soon' },
      { Created: {}, Config: 'x' },
      { layers: [idOf('f')] },
    ],
    ['layers that are none', {}, { RootFS: { Layers: ['../x'] } }, { layers: [], platform: 'linux/amd64' }],
    ['layers of no list', {}, { Os: '', RootFS: 'x' }, { layers: [], platform: 'unknown/amd64' }],
    ['too many layers', {}, { RootFS: { Layers: Array.from({ length: 1001 }, () => idOf('e')) } }, { layers: [] }],
  ])('looks at an image with %s all the same', async (_, row, details, expected) => {
    const { engine } = await anEngine({
      '/images/json': [{ ...aRow(idOf('a'), 'app:1'), ...row }],
      [`/images/${idOf('a')}/json`]: { ...DETAILS, ...details },
    });
    const { images, unreadable, warnings } = await engine.list();
    expect(images).toMatchObject([{ id: idOf('a'), ...expected }]);
    expect([unreadable, warnings]).toEqual([[], []]);
  });

  it('takes names that the grammar does not know as the engine writes them, and never for those of other images', async () => {
    const { engine } = await anEngine({
      '/images/json': [
        aRow(idOf('a'), 'my_reg.example.com/app:1'),
        aRow(idOf('b'), 'Odd/Name:1', 'bad name\u001b[2J:1', 'web:1\u0000', 'untagged/name'),
        aRow(idOf('c'), 'web:1'),
      ],
      [`/images/${idOf('a')}/json`]: DETAILS,
      [`/images/${idOf('b')}/json`]: DETAILS,
      [`/images/${idOf('c')}/json`]: DETAILS,
    });
    const { images } = await engine.list();
    expect(images.map(({ id, references, tagged }) => [id, tagged, references])).toEqual([
      [idOf('b'), true, ['"untagged/name"', '"web:1"', 'Odd/Name:1', 'bad name [2J:1']],
      [idOf('a'), true, ['my_reg.example.com/app:1']],
      [idOf('c'), true, ['web:1']],
    ]);
  });

  it('takes the first 2000 names of an image, and says how many more there are', async () => {
    const names = Array.from({ length: 2101 }, (_, index) => `ci/app:${10_000 + index}`);
    const { engine } = await anEngine({
      '/images/json': [aRow(idOf('a'), ...names), aRow(idOf('b'), ...names.slice(0, 2000))],
      [`/images/${idOf('a')}/json`]: DETAILS,
      [`/images/${idOf('b')}/json`]: DETAILS,
    });
    const { images, warnings } = await engine.list();
    expect(images.map(({ references, furtherNames }) => [references.length, furtherNames?.length])).toEqual([
      [2000, 101],
      [2000, 0],
    ]);
    expect(warnings).toEqual(['names beyond the first 2000 of an image are left out: 101 of ci/app:10000']);
  });

  it('reads lists that labels make longer than can be held', { timeout: 60_000 }, async () => {
    const label = `{"x":"${'\\"'.repeat(4_000_000)}"}`;
    const long = (before: string, after: string) => async (response: ServerResponse) => {
      response.write(before);
      for (let pieces = 0; pieces < 35; pieces += 1) {
        response.write(pieces === 0 ? label : `,"y":${label}`);
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end(after);
    };
    const { RootFS, ...details } = DETAILS;
    const { engine } = await anEngine({
      '/images/json': long(`[${JSON.stringify(aRow(idOf('a'), 'app:1')).slice(0, -1)},"Labels":`, '}]'),
      [`/images/${idOf('a')}/json`]: long(
        `${JSON.stringify(details).slice(0, -1)},"Config":`,
        `,"RootFS":${JSON.stringify(RootFS)}}`,
      ),
      '/containers/json?all=1': long(`[{"ImageID":"${idOf('a')}","Names":["/web"],"State":"running","Labels":`, '}]'),
    });
    const { images, unreadable } = await engine.list();
    expect(images).toMatchObject([{ references: ['app:1'], layers: [idOf('f')], containers: [{ name: 'web' }] }]);
    expect(unreadable).toEqual([]);
  });

  it('says which list is too long where names alone make it so', { timeout: 60_000 }, async () => {
    const names = `"${'x'.repeat(50_000)}",`.repeat(100);
    const { engine } = await anEngine({
      '/images/json': async (response: ServerResponse) => {
        response.write(`[{"Id":"${idOf('a')}","RepoTags":[`);
        for (let pieces = 0; pieces < 60 && !response.destroyed; pieces += 1) {
          response.write(names);
          await new Promise((resolve) => setImmediate(resolve));
        }
        response.end('"x"]}]');
      },
    });
    await expect(engine.list()).rejects.toMatchObject({
      code: 'engine_error',
      message: expect.stringMatching(/\/images\/json is longer than 256 MiB$/),
    });
  });

  it('asks for the description of an image once', async () => {
    const { engine, asked } = await anEngine({
      '/images/json': [aRow(idOf('a'), 'web:1')],
      [`/images/${idOf('a')}/json`]: DETAILS,
    });
    await engine.list();
    await engine.list();
    expect(asked.filter((path) => path.includes(idOf('a')))).toHaveLength(1);
  });

  it('asks for it once over many processes where it is remembered, and again when its size says that it changed', async () => {
    const memory = new InMemoryBlobCache();
    let size = 7;
    const { engine, asked, socket } = await anEngine(
      {
        '/images/json': (response: ServerResponse) =>
          void response.end(JSON.stringify([{ ...aRow(idOf('a'), 'web:1'), Size: size }])),
        [`/images/${idOf('a')}/json`]: DETAILS,
      },
      { memory },
    );
    const { images } = await engine.list();
    expect((await engineAt(socket, { memory }).list()).images).toEqual(images);
    expect(asked.filter((path) => path.includes(idOf('a')))).toHaveLength(1);

    size = 8;
    await engineAt(socket, { memory }).list();
    expect(asked.filter((path) => path.includes(idOf('a')))).toHaveLength(2);
  });

  it.each([
    ['1.41', '1.24', '/v1.41/images/json'],
    ['1.99', '1.40', '/v1.54/images/json'],
    ['1.99', '1.60', '/v1.60/images/json'],
  ])('speaks with an engine of API %s, at least %s, by %s', async (ApiVersion, MinAPIVersion, path) => {
    const { engine, asked } = await anEngine({
      '/version': { ...VERSION, ApiVersion, MinAPIVersion },
      '/images/json': [],
    });
    await engine.list();
    expect(asked).toContain(path);
  });

  it('takes the version from a ping where nothing else is allowed', async () => {
    const { engine } = await anEngine({
      '/version': failing(403),
      '/_ping': (response: ServerResponse) => response.setHeader('Api-Version', '1.45').end('OK'),
      '/images/json': [],
      '/info': failing(403),
    });
    expect(await engine.describe()).toEqual({
      apiVersion: '1.45',
      engineVersion: null,
      store: 'unknown',
      name: 'Docker',
    });
    expect(await engine.list()).toMatchObject({ images: [], unreadable: [], warnings: [] });
  });

  it.each([
    [[['driver-type', 'io.containerd.snapshotter.v1']], 'containerd'],
    [[['Backing Filesystem', 'extfs']], 'classic'],
    [null, 'classic'],
  ])('tells from the storage driver %j that the store is %s', async (DriverStatus, store) => {
    const { engine } = await anEngine({ '/info': { Driver: 'overlay2', DriverStatus } });
    expect(await engine.describe()).toMatchObject({ store, engineVersion: '28.0.0' });
  });

  it('reaches an engine by tcp', async () => {
    const { server } = await listen({ '/version': VERSION, '/containers/json?all=1': [], '/images/json': [] }, 0);
    const { port } = server.address() as AddressInfo;
    const engine = createDockerEngine({ host: `tcp://127.0.0.1:${port}`, tls: null, origin: 'environment' });
    expect(await engine.list()).toMatchObject({ images: [], unreadable: [], warnings: [] });
  });

  it.each<[string, Record<string, Answer>, string, RegExp]>([
    ['is too old', { '/version': { ...VERSION, ApiVersion: '1.20' } }, 'engine_too_old', /1\.20.*1\.24/],
    ['is no Docker', { '/version': (r: ServerResponse) => r.end('<html>') }, 'engine_error', /as a Docker engine does/],
    ['answers nothing', { '/version': (r: ServerResponse) => r.end() }, 'engine_error', /as a Docker engine does/],
    ['is forbidden by a proxy', { '/images/json': failing(403) }, 'engine_forbidden', /403/],
    ['fails', { '/images/json': failing(500, '{"message":"store\\nbroken"}') }, 'engine_error', /500.*: store broken/],
    ['lists no list', { '/images/json': { message: 'x' } }, 'engine_error', /as a Docker engine does/],
    ['hangs up at once', { '/version': (r: ServerResponse) => r.destroy() }, 'engine_lost', /hung up/],
    [
      'dies in the middle of its answer',
      { '/images/json': (r: ServerResponse) => r.write('[{"Id":', () => r.destroy()) },
      'engine_lost',
      /in the middle/,
    ],
    [
      'sends less than it said',
      {
        '/images/json': (r: ServerResponse) => {
          r.writeHead(200, { 'Content-Length': 100 }).write('[]', () => r.destroy());
        },
      },
      'engine_lost',
      /in the middle/,
    ],
  ])('ends with a clear error when the engine %s', async (_case, answers, code, message) => {
    const { engine, socket } = await anEngine(answers);
    await expect(engine.list()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/.+/),
    });
    await expect(engine.list()).rejects.toThrow(socket);
  });

  it('exports several images in one archive', async () => {
    const asked = `/images/get?names=${encodeURIComponent(idOf('a'))}&names=${encodeURIComponent(idOf('b'))}`;
    const { engine } = await anEngine({ [asked]: (response) => void response.end('an archive') });
    await using archive = await engine.exportImages([idOf('a'), idOf('b')], new AbortController().signal);
    expect(Buffer.concat(await copiesOf(archive)).toString()).toBe('an archive');
  });

  it('says why it exports nothing, and which images are still there', async () => {
    const { engine } = await anEngine({ '/images/json': [aRow(idOf('a'), 'web:1')] });
    const { signal } = new AbortController();
    await expect(engine.exportImages([idOf('a'), idOf('b')], signal)).rejects.toMatchObject({
      code: 'engine_error',
      message: expect.stringContaining('404'),
    });
    expect(await engine.stillThere([idOf('a'), idOf('b')], signal)).toEqual(new Set([idOf('a')]));
  });

  it('describes what goes by a name, and asks for nothing that is none', async () => {
    const { engine, asked } = await anEngine({
      '/images/a_b.c/d:1/json': { Id: idOf('a'), Os: 'linux', Architecture: 'amd64' },
    });
    const { signal } = new AbortController();
    expect(await engine.describeImage?.('a_b.c/d:1', signal)).toMatchObject({ id: idOf('a') });
    expect(await engine.describeImage?.('a_b.c/d:2', signal)).toBeNull();
    const before = asked.length;
    expect(await engine.describeImage?.('../../containers', signal)).toBeNull();
    expect(asked).toHaveLength(before);
  });

  it('ends an export on an abort', async () => {
    const path = `/images/get?names=${encodeURIComponent(idOf('a'))}`;
    const { engine } = await anEngine({ [path]: (response) => void response.write('half') });
    const abort = new AbortController();
    await using archive = await engine.exportImages([idOf('a')], abort.signal);
    const read = copiesOf(archive);
    abort.abort();
    await expect(read).rejects.toMatchObject({ name: 'AbortError' });
    await expect(engine.exportImages([idOf('a')], AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  it('gives up on a socket that takes connections and never answers', async () => {
    const { engine } = await anEngine({ '/version': () => {} }, { patienceSeconds: 0.2 });
    await expect(engine.list()).rejects.toMatchObject({ code: 'engine_unreachable' });
  });

  it('says where nothing listens, who named it and what to do', async () => {
    const missing = join(directory, 'missing.sock');
    await expect(engineAt(missing).list()).rejects.toMatchObject({
      code: 'engine_unreachable',
      message: `no Docker engine answers at ${missing} (the Docker context far)`,
      hint: expect.stringContaining('--docker-host'),
    });
  });

  it('ends with the reason of an abort, whatever it waits for', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped by hand');
    const { engine } = await anEngine({ '/images/json': () => stop.abort(reason) });
    await expect(engine.list(stop.signal)).rejects.toBe(reason);
    await expect(engine.list(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
