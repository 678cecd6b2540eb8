import { readFile } from 'node:fs/promises';

import { loadStandardImages, startClassicEngine } from '@scanner/testing';
import { expect, it } from 'vitest';

import { watchedHost } from './support/watched-host.ts';

const OPERATING = new URL('../../../docs/operating.md', import.meta.url);
const LINE = /^\$ SCANNER_DIR=\S+ image-scanner ?(.*)$/gm;

it('the command lines of the documentation do what is said of them', async () => {
  await using engine = await startClassicEngine();
  await loadStandardImages(engine);
  await using host = await watchedHost(engine);
  const lines = [...(await readFile(OPERATING, 'utf8')).matchAll(LINE)].map(([, flags = '']) => flags);
  expect(lines.map((flags) => flags.split(' ')[0])).toEqual(['', '--once', 'healthcheck']);
  const [, once = '', healthcheck = ''] = lines;

  expect(await host.daemon(once.split(' ')).ended).toMatchObject({ exitCode: 0 });
  const daemon = host.daemon();
  await daemon.said('next pass');
  expect(await host.daemon(healthcheck.split(' ')).ended).toMatchObject({ exitCode: 0 });
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toMatchObject({ exitCode: 0 });
});
