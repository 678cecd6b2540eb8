import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { silentLog } from '@scanner/core';
import { temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { type HostIdentityOptions, openHostIdentity } from './host-identity.ts';

const signal = new AbortController().signal;
const anEngine = (name: string | null) => ({ hostName: () => Promise.resolve(name) });
const inContainer = { givenName: null, log: silentLog, machineName: () => '6e5574d4ecf8' };

const opened = async (
  directory: string,
  options: Partial<HostIdentityOptions> = {},
): Promise<ReturnType<typeof openHostIdentity>> => openHostIdentity(directory, { ...inContainer, ...options });

describe('a host', () => {
  it('keeps the ID that was made once, whatever it is called', async () => {
    await using directory = await temporaryDirectory();
    const { id } = await opened(directory.path);
    expect((await opened(directory.path, { givenName: 'web1' })).id).toBe(id);
  });

  it('is called what its engine is called, also in a pass that reaches no engine', async () => {
    await using directory = await temporaryDirectory();
    await (await opened(directory.path)).askEngine(anEngine('web1'), signal);
    const later = await opened(directory.path);
    await later.askEngine({ hostName: () => Promise.reject(new Error('away')) }, signal);
    expect(later.name).toBe('web1');
  });

  it('is called what is set before everything else', async () => {
    await using directory = await temporaryDirectory();
    const host = await opened(directory.path, { givenName: 'front door' });
    await host.askEngine(anEngine('web1'), signal);
    expect(host.name).toBe('front door');
  });

  it.each([null, '', '6e5574d4ecf8', 'a\nb', '\u001b[2J', 'x'.repeat(300)])(
    'is never called what is no name or the ID of a container: %j',
    async (name) => {
      await using directory = await temporaryDirectory();
      const host = await opened(directory.path);
      await host.askEngine(anEngine(name), signal);
      expect(host.name).toBe(`host-${host.id.slice(0, 8)}`);
      expect((await opened(directory.path, { machineName: () => 'web1' })).name).toBe('web1');
    },
  );

  it('gets a new ID where the record of it is damaged', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'host.json');
    await writeFile(file, '{"schema":"gts.host/1"');
    const { id } = await opened(directory.path);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ schema: 'gts.host/1', id, name: null });
  });
});
