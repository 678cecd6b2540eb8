import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadStandardImages, startClassicEngine, startCurrentEngine, startPodman, waitUntil } from '../src/index.ts';
import type { Engine, StandardImage } from '../src/index.ts';

const ENGINES = [
  { name: 'classic', start: startClassicEngine, idIs: 'configuration' },
  { name: 'current', start: startCurrentEngine, idIs: 'manifest' },
  { name: 'podman', start: startPodman, idIs: 'configuration' },
];

describe.each(ENGINES)('the $name engine', ({ start, idIs }) => {
  let engine: Engine;
  let images: readonly StandardImage[];

  beforeAll(async () => {
    engine = await start();
    images = await loadStandardImages(engine);
  });
  afterAll(() => engine.stop());

  it('lists every reference of the standard images', async () => {
    const listed = await engine.docker(['images', '--format', '{{.Repository}}:{{.Tag}}']);
    const expected = images.flatMap(({ references }) => (references.length > 0 ? references : ['<none>:<none>']));
    expect(listed.split('\n').toSorted()).toEqual(expected.toSorted());
  });

  it(`identifies an image by its ${idIs}`, async () => {
    const [alpine] = images;
    const id = await engine.docker(['inspect', '--format', '{{.Id}}', alpine?.references[0] ?? '']);
    expect(id.replace('sha256:', '') === alpine?.image.id.replace('sha256:', '')).toBe(idIs === 'configuration');
  });

  it('runs a container of an image', async () => {
    const image = 'registry.example/shop/web:latest';
    await engine.docker(['run', '--detach', '--name', 'web', '--network', 'none', image, '/bin/pause']);
    expect(await engine.docker(['ps', '--format', '{{.Names}} {{.Image}} {{.State}}'])).toBe(`web ${image} running`);
  });
});

describe('an engine that is ended', () => {
  it('leaves neither a process nor a directory when it is stopped', async () => {
    const engine = await startCurrentEngine();
    const directory = join(new URL(engine.dockerHost).pathname, '..');
    await engine.stop();
    expect(existsSync(directory)).toBe(false);
    expect(await processesNaming(directory)).toEqual([]);
  });

  it('ends with the process that started it, even when that one is killed', async () => {
    const program = `
      import { startClassicEngine } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
      const engine = await startClassicEngine();
      process.stdout.write(engine.dockerHost);
      process.kill(process.pid, 'SIGKILL');
    `;
    const { stdout, signal } = await execa(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      reject: false,
    });
    expect(signal).toBe('SIGKILL');
    const directory = join(new URL(stdout).pathname, '..');
    await waitUntil(async () => ((await processesNaming(directory)).length === 0 ? true : undefined), {
      what: 'the end of the engine',
      timeoutMs: 10_000,
    });
    await rm(directory, { recursive: true });
  });

  it('can be killed in the middle', async () => {
    await using engine = await startClassicEngine();
    engine.kill('SIGKILL');
    await expect(engine.docker(['images'])).rejects.toThrow(/Cannot connect|EOF|refused/);
  });
});

async function processesNaming(directory: string): Promise<string[]> {
  const { stdout } = await execa('ps', ['-eo', 'pid,args', '-ww']);
  return stdout.split('\n').filter((line) => line.includes(directory));
}
