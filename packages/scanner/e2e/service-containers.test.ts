import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type Engine,
  loadStandardImages,
  startClassicEngine,
  temporaryDirectory,
  type TemporaryDirectory,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ServiceContainers } from '../src/index.ts';

const IMAGE = 'registry.example/shop/web:1.4.2';
const COPY = 'registry.example/own/scanner:1';
const LABEL = 'org.example.title=scanner';
const LABELS = { project: 'some', service: 'scanner' };

let engine: Engine;
let directory: TemporaryDirectory;
let containers: ServiceContainers;

beforeAll(async () => {
  engine = await startClassicEngine();
  directory = await temporaryDirectory();
  await loadStandardImages(engine);
  await engine.docker(['create', '--name', 'base', '--network', 'none', IMAGE]);
  await engine.docker(['commit', '--change', `LABEL ${LABEL}`, 'base', COPY]);
  await engine.docker(['commit', '--change', `LABEL ${LABEL}`, '--message', 'of a build', 'base']);
  await mkdir(join(directory.path, 'state'));
  await symlink('state', join(directory.path, 'link'));
  containers = await ServiceContainers.open({ host: engine.dockerHost, tls: null, origin: 'flag' });
  await create('by-hand', ['--volume', `${directory.path}/state:/state`], '/bin/pause');
  await create('elsewhere', ['--volume', `${directory.path}:/state`], '/bin/pause');
  await engine.docker(['create', '--name', 'backup', '--volume', `${directory.path}/state:/state`, IMAGE]);
  await create('single-pass', ['--volume', `${directory.path}/state:/state`], '/bin/pause', '--once');
  const labels = ['project=some', 'service=scanner', 'oneoff=False'].flatMap((label) => [
    '--label',
    `com.docker.compose.${label}`,
  ]);
  await create('by-name', labels, '/bin/pause');
});
afterAll(async () => {
  containers[Symbol.dispose]();
  await engine.stop();
  await directory[Symbol.asyncDispose]();
});

const create = (name: string, options: readonly string[], ...command: readonly string[]): Promise<string> =>
  engine.docker(['create', '--name', name, '--network', 'none', ...options, COPY, ...command]);

const found = (source: string) =>
  containers.find({
    ...LABELS,
    imageLabel: LABEL,
    mounted: { source: join(directory.path, source), target: '/state' },
  });

describe('the containers of a service', () => {
  it('are those of its image that have its directory, whoever started them, then those that have its name', async () => {
    for (const source of ['state', 'link'])
      expect(await found(source)).toMatchObject([
        { name: 'by-hand', project: null, usesDirectory: true, state: 'created', image: COPY },
        { name: 'by-name', project: 'some', usesDirectory: false },
      ]);
  });

  it('say what they have written, and are removed, also while they run', async () => {
    const [container] = await found('state');
    if (container === undefined) throw new Error('none was found');
    await engine.docker(['start', 'by-hand']);
    const written: Buffer[] = [];
    const { signal } = new AbortController();
    for await (const piece of containers.logs(container, { follow: false, tail: 10, signal }))
      written.push(Buffer.from(piece));
    expect(Buffer.concat(written).toString()).toBe('');

    await containers.remove(container);
    await containers.remove(container);
    expect((await found('state')).map(({ name }) => name)).toEqual(['by-name']);
  });
});

describe('an image', () => {
  it('is kept while a container uses it, which is said', async () => {
    expect(await containers.imagesOf(LABELS)).toEqual([COPY]);
    expect(await containers.removeImage(COPY)).toEqual({ removed: false, kept: expect.stringContaining('is using') });
  });

  it('goes by its name, or by its ID where it has none and the label that is asked for', async () => {
    for (const name of ['elsewhere', 'single-pass', 'by-name']) await engine.docker(['rm', name]);
    expect(await containers.removeImage(COPY)).toEqual({ removed: true, kept: null });
    expect(await containers.removeImage(COPY)).toEqual({ removed: false, kept: null });
    const [left, ...others] = await containers.untaggedImages(LABEL);
    expect(others).toEqual([]);
    expect(await containers.removeImage(left ?? '')).toEqual({ removed: true, kept: null });
    expect(await containers.untaggedImages(LABEL)).toEqual([]);
  });
});
