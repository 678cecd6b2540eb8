import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ImageDocument, type FailureCode } from '@scanner/core';
import {
  alpineImage,
  corruptLayerImage,
  type Fault,
  nodeImage,
  realTrivy,
  smallDebianImage,
  startFaultyProxy,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Ended, type GtsUser, gtsUser } from './support/gts.ts';
import { archiveOf, layoutOf, publish } from './support/image-files.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';
import { shellOf } from './support/shell.ts';

let database: PreparedDatabase;
let user: GtsUser;

beforeAll(async () => {
  database = await prepareDatabase();
  user = await gtsUser({
    ...database.environment,
    TRIVY_PATH: await realTrivy(),
    DOCKER_HOST: 'unix:///nonexistent/docker.sock',
  });
});
afterAll(async () => {
  await user[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

interface Tried {
  readonly ended: Ended;
  readonly images: ImageDocument['images'];
}

const scan = async (args: readonly string[]): Promise<Tried> => {
  const ended = await user.gts(['image', '--json', '--concurrency', '16', ...args]);
  return { ended, images: (await readDocument(ImageDocument, ended.stdout)).images };
};

const codes = ({ images }: Tried): string[] => images.map(({ reason, status }) => reason?.code ?? status);

/** Everything in the directories that hold something only while a command is at work. */
const leftBehind = async (): Promise<string[]> => [
  ...(await readdir(user.temporary)),
  ...(await readdir(join(user.cache, 'gts', 'work'))),
];

describe('names that are no references', () => {
  const NAMES = ['UPPER/case', 'a:b:c', '-x', '', 'x'.repeat(5000), 'shop/web@sha256:12', 'shop/../web', 'a b'];
  let tried: Tried;

  beforeAll(async () => {
    tried = await scan(['--', ...NAMES]);
  });

  it('each fail their own image', () => {
    expect(tried.ended.exitCode).toBe(3);
    expect(codes(tried)).toEqual(NAMES.map(() => 'bad_reference'));
    expect(tried.images.flatMap(({ references }) => references)).toEqual(NAMES);
  });

  it('are told with a reason of one short line each', () => {
    const warnings = tried.ended.stderr.split('\n').filter((line) => line.startsWith('warning: '));
    expect(warnings).toHaveLength(NAMES.length);
    for (const { reason } of tried.images) expect(reason?.message.length).toBeLessThan(400);
  });
});

describe('archives that are none', () => {
  const CASES: ReadonlyArray<readonly [string, FailureCode]> = [
    ['missing.tar', 'not_found'],
    ['half-written.tar', 'corrupt'],
    ['page.tar', 'corrupt'],
    ['empty.tar', 'not_an_image'],
    ['corrupt-layer.tar', 'corrupt'],
    ['corrupt-layout', 'corrupt'],
    ['index-of-nothing', 'not_an_image'],
    ['directory', 'not_an_image'],
  ];
  let tried: Tried;

  beforeAll(async () => {
    const at = (name: string): string => join(user.workingDirectory, name);
    const corrupt = await corruptLayerImage();
    const whole = await readFile(await archiveOf((await nodeImage()).image, user.workingDirectory, 'whole'));
    await writeFile(at('half-written.tar'), whole.subarray(0, whole.length / 2));
    await writeFile(at('page.tar'), '<html><body>Please sign in.</body></html>');
    await writeFile(at('empty.tar'), '');
    await archiveOf(corrupt, user.workingDirectory, 'corrupt-layer');
    await layoutOf([corrupt], user.workingDirectory, 'corrupt-layout');
    await mkdir(at('directory'));
    await mkdir(at('index-of-nothing'));
    await writeFile(at('index-of-nothing/oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    await writeFile(at('index-of-nothing/index.json'), '{"schemaVersion":2,"manifests":[]}');
    tried = await scan([...CASES, ['whole.tar'] as const].flatMap(([path]) => ['--input', path]));
  });

  it('each fail with what is wrong with them, and the good one is scanned', () => {
    expect(tried.ended.exitCode).toBe(3);
    expect(codes(tried)).toEqual([...CASES.map(([, code]) => code), 'complete']);
  });

  it.each(CASES)('%s is named where it is told', (path) => {
    expect(tried.ended.stderr).toContain(`warning: ${join(user.workingDirectory, path)} was not scanned: `);
  });

  it('leave nothing behind', async () => {
    expect(await leftBehind()).toEqual([]);
  });
});

describe('a registry that fails', () => {
  const MANIFESTS = /\/manifests\//;
  const CASES: ReadonlyArray<readonly [string, { path: RegExp; fault: Fault }, FailureCode]> = [
    ['answers 401', { path: MANIFESTS, fault: { kind: 'status', status: 401 } }, 'unauthorized'],
    ['answers 403', { path: MANIFESTS, fault: { kind: 'status', status: 403 } }, 'unauthorized'],
    ['answers 404', { path: MANIFESTS, fault: { kind: 'status', status: 404 } }, 'not_found'],
    ['answers 429', { path: MANIFESTS, fault: { kind: 'status', status: 429 } }, 'rate_limited'],
    ['answers 500', { path: MANIFESTS, fault: { kind: 'status', status: 500 } }, 'registry_error'],
    ['answers with a web page', { path: MANIFESTS, fault: { kind: 'html' } }, 'not_an_image'],
    ['never answers', { path: MANIFESTS, fault: { kind: 'stall' } }, 'timeout'],
  ];
  let references: readonly string[];
  let tried: Tried;

  beforeAll(async () => {
    await using stack = new AsyncDisposableStack();
    const { registry } = database;
    await publish(registry, [(await alpineImage()).image], user.workingDirectory, 'base/alpine');
    const proxies = await Promise.all(CASES.map(([, rule]) => startFaultyProxy(registry.url, [rule])));
    for (const proxy of proxies) stack.use(proxy);
    references = [...proxies, registry].map(({ host }) => `${host}/base/alpine:1`);
    tried = await scan([...references, '--source', 'remote', '--timeout', '10']);
  });

  it.each(CASES.map(([name, , code], index) => ({ name, code, index })))(
    'fails one image when it $name',
    ({ code, index }) => {
      expect(codes(tried)[index]).toBe(code);
      expect(tried.ended.stderr).toContain(`warning: ${references[index]} was not scanned: `);
    },
  );

  it('fails one image when it breaks off in a layer', async () => {
    const { image } = await smallDebianImage();
    await publish(database.registry, [image], user.workingDirectory, 'base/debian');
    const layers = new RegExp(`/blobs/(?!${image.id})`);
    await using proxy = await startFaultyProxy(database.registry.url, [
      { path: layers, fault: { kind: 'truncated', bytes: 100 } },
    ]);
    const { ended, images } = await scan([`${proxy.host}/base/debian:1`, '--source', 'remote']);
    expect(ended.exitCode).toBe(3);
    expect(images[0]?.reason?.code).toBe('corrupt');
  });

  it('does not keep another from being scanned', () => {
    expect(tried.ended.exitCode).toBe(3);
    expect(tried.images.at(-1)).toMatchObject({ status: 'complete', coverage: 'full' });
  });

  it('leaves nothing behind', async () => {
    expect(await leftBehind()).toEqual([]);
  });
});

describe('whoever reads stdout', () => {
  it.each(['json', 'html', 'sarif'])('may go away before %s is written, and nothing is said of it', async (format) => {
    await archiveOf((await nodeImage()).image, user.workingDirectory, 'for-nobody');
    const shell = await shellOf(user, database.environment);
    const scanning = `gts image --input for-nobody.tar --format ${format} --fail-on critical --quiet`;
    const { stderr } = await shell(`{ ${scanning}; echo "exit code $?" >&2; } | true`, {
      TRIVY_PATH: await realTrivy(),
    });
    expect(stderr).toBe('--fail-on critical: findings of that severity or worse\nexit code 1\n');
    expect(await leftBehind()).toEqual([]);
  });

  it('may have no room, which is an error', async () => {
    const shell = await shellOf(user, database.environment);
    const scanning = 'gts image --input for-nobody.tar --format json --quiet';
    const { exitCode, stderr } = await shell(`${scanning} > /dev/full`, { TRIVY_PATH: await realTrivy() });
    expect(stderr).toMatch(/^error\[disk_full\]: the result could not be written to stdout/);
    expect(exitCode).toBe(4);
    expect(await leftBehind()).toEqual([]);
  });
});
