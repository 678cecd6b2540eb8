import { chmod } from 'node:fs/promises';
import { join } from 'node:path';

import type { HostImage } from '@scanner/core';
import type { Engine, StandardImage } from '@scanner/testing';
import {
  alpineImageFor,
  loadStandardImages,
  startClassicEngine,
  startCurrentEngine,
  startPodman,
  startRegistry,
  temporaryDirectory,
  waitUntil,
  writeOciArchive,
  writeOciLayout,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDockerEngine } from '../src/index.ts';

const SHARED = 'registry.example/shop/web:1.4.2';
const ENGINES = [
  { name: 'classic', start: startClassicEngine, store: 'classic', calledItself: 'Docker' },
  { name: 'current', start: startCurrentEngine, store: 'containerd', calledItself: 'Docker' },
  { name: 'podman', start: startPodman, store: 'classic', calledItself: 'Podman Engine' },
];

const sourceOf = ({ dockerHost }: Pick<Engine, 'dockerHost'>) =>
  createDockerEngine({ host: dockerHost, tls: null, origin: 'flag' });
const socketOf = ({ dockerHost }: Pick<Engine, 'dockerHost'>): string => new URL(dockerHost).pathname;
const withReference = (images: readonly HostImage[], reference: string): HostImage | undefined =>
  images.find(({ references }) => references.includes(reference));

describe.each(ENGINES)('the images of the $name engine', ({ start, store, calledItself }) => {
  let engine: Engine;
  let loaded: readonly StandardImage[];
  let images: readonly HostImage[];
  let warnings: readonly string[];

  beforeAll(async () => {
    engine = await start();
    loaded = await loadStandardImages(engine);
    const inProject = ['--label', 'com.docker.compose.project=shop', '--label', 'com.docker.compose.service=front'];
    await engine.docker(['create', '--name', 'web', '--network', 'none', ...inProject, SHARED]);
    ({ images, warnings } = await sourceOf(engine).list());
  });
  afterAll(() => engine.stop());

  it('are each listed once, with all their references', () => {
    const named = loaded.map(({ references }) => references).filter((references) => references.length > 0);
    expect(images.filter(({ tagged }) => tagged).map(({ references }) => references)).toEqual(
      named.toSorted((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)),
    );
    expect(new Set(images.map(({ id }) => id)).size).toBe(loaded.length);
    expect(warnings).toEqual([]);
  });

  it('have the layers and the platform that they were built with', () => {
    const built = loaded.map(({ image }) => image.layers.map(({ diffId }) => diffId).join(' '));
    expect(images.map(({ layers }) => layers.join(' ')).toSorted()).toEqual(built.toSorted());
    expect(new Set(images.map(({ platform }) => platform))).toEqual(new Set(['linux/amd64']));
  });

  it('go by their ID when they have no tag', () => {
    const untagged = images.filter(({ tagged }) => !tagged);
    expect(untagged.map(({ references }) => references)).toEqual(untagged.map(({ id }) => [id]));
    expect(untagged).toHaveLength(1);
  });

  it('know the containers that use them', () => {
    expect(withReference(images, SHARED)?.containers).toEqual([
      { name: 'web', state: 'created', composeProject: 'shop', composeService: 'front' },
    ]);
    expect(images.filter(({ containers }) => containers?.length !== 0)).toHaveLength(1);
  });

  it('come with what the engine says of itself', async () => {
    expect(await sourceOf(engine).describe()).toMatchObject({ store, name: calledItself });
  });
});

describe.each(ENGINES.slice(0, 2))('an image pulled by digest into the $name engine', ({ start }) => {
  it('goes by its repository and digest', async () => {
    await using registry = await startRegistry();
    await using engine = await start();
    await using directory = await temporaryDirectory();
    const { manifests } = await writeOciLayout(directory.path, {
      reference: 'app:1',
      platforms: [await alpineImageFor('amd64')],
    });
    await registry.pushOci(directory.path, 'team/app:1');
    const reference = `${registry.host}/team/app@${manifests[0]?.digest}`;
    await engine.docker(['pull', '--quiet', reference]);
    const { images } = await sourceOf(engine).list();
    expect(images).toMatchObject([{ references: [reference], tagged: false }]);
  });
});

describe('an image of several platforms with attestations', () => {
  it('is one image, of the platform that the engine would run', async () => {
    await using engine = await startCurrentEngine();
    await using directory = await temporaryDirectory();
    const [amd64, arm64] = [await alpineImageFor('amd64'), await alpineImageFor('arm64')];
    const reference = 'registry.example/multi:1';
    const layout = join(directory.path, 'layout');
    const archive = join(directory.path, 'archive.tar');
    await writeOciLayout(layout, { reference, platforms: [arm64, amd64], attestations: true });
    await writeOciArchive(archive, layout);
    await engine.load(archive);
    const { images, warnings } = await sourceOf(engine).list();
    expect(images).toMatchObject([
      { references: [reference], platform: 'linux/amd64', layers: amd64.layers.map(({ diffId }) => diffId) },
    ]);
    expect(warnings).toEqual([]);
  });
});

const hasEnded = (pid: number): true | undefined => {
  try {
    process.kill(pid, 0);
    return undefined;
  } catch {
    return true;
  }
};

describe('an engine that cannot be asked', () => {
  it('is lost when it dies while it lists, and unreachable afterwards', async () => {
    await using engine = await startClassicEngine();
    const source = sourceOf(engine);
    await source.list();
    engine.kill('SIGSTOP');
    // The kernel takes the connection for the stopped engine; it breaks with the engine.
    setTimeout(() => engine.kill('SIGKILL'), 300);
    await expect(source.list()).rejects.toMatchObject({ code: 'engine_lost' });
    // Its connections end before it stops listening.
    await waitUntil(() => hasEnded(engine.pid), { what: 'the end of the engine', timeoutMs: 10_000 });
    await expect(source.list()).rejects.toMatchObject({
      code: 'engine_unreachable',
      message: expect.stringContaining(socketOf(engine)),
    });
  });

  it('is forbidden when its socket is not for this user, and says whose it is', async () => {
    await using engine = await startClassicEngine();
    const source = sourceOf(engine);
    await source.list();
    await chmod(join(socketOf(engine), '..'), 0o711);
    await chmod(socketOf(engine), 0o600);
    process.seteuid?.(65_534);
    try {
      await expect(source.list()).rejects.toMatchObject({
        code: 'engine_forbidden',
        hint: expect.stringMatching(/user 0 .*uid 65534 .*mode 0600/),
      });
    } finally {
      process.seteuid?.(0);
    }
  });
});
