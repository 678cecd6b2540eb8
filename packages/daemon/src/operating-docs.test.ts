import { readdir, readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

const SOURCES = new URL('./', import.meta.url);
const MESSAGE = /log\s*\.(?:info|warn)\(\s*['`]([^'`$:]+)/g;

it('describes every message of the daemon for who operates it', async () => {
  const names = (await readdir(SOURCES)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const sources = await Promise.all(names.map((name) => readFile(new URL(name, SOURCES), 'utf8')));
  const messages = sources.flatMap((source) => [...source.matchAll(MESSAGE)].map(([, message = '']) => message.trim()));
  const documented = await readFile(new URL('../../../docs/operating.md', import.meta.url), 'utf8');
  expect(messages.length).toBeGreaterThan(10);
  expect(messages.filter((message) => !documented.includes(message))).toEqual([]);
});
