import { ScannerError } from '@scanner/core';
import { anImage, ScriptedScanner } from '@scanner/core/testing';
import { expect, it } from 'vitest';

import { ScannerWhenNeeded } from './scanner-when-needed.ts';

const request = { subject: { source: 'docker', id: 'sha256:web' } } as const;

const closedScanner = () => {
  const opened: ScriptedScanner[] = [];
  const { identity } = new ScriptedScanner();
  const open = () => {
    opened.push(new ScriptedScanner());
    return Promise.resolve(opened[0] ?? new ScriptedScanner());
  };
  return {
    opened,
    scanner: new ScannerWhenNeeded({ identity, open, isChecked: ({ id }) => Promise.resolve(id === 'sha256:a') }),
  };
};

const planned = async (scanner: ScannerWhenNeeded, ...ids: string[]): Promise<string[]> => {
  const inOrder: string[] = [];
  for await (const { id } of scanner.plan(
    ids.map((id) => anImage({ id })),
    {},
  ))
    inOrder.push(id);
  return inOrder;
};

it('opens nothing where nothing is to be scanned', async () => {
  const { opened, scanner } = closedScanner();
  expect(await planned(scanner)).toEqual([]);
  await scanner[Symbol.asyncDispose]();
  expect(opened).toEqual([]);
});

it('tells without a scanner which images hold the layers that they state', async () => {
  const { opened, scanner } = closedScanner();
  const checked = [anImage({ id: 'sha256:a' }), anImage({ id: 'sha256:b' })].map((image) => scanner.isChecked(image));
  expect(await Promise.all(checked)).toEqual([true, false]);
  expect(opened).toEqual([]);
});

it('opens one scanner for all, and closes it', async () => {
  const { opened, scanner } = closedScanner();
  expect(await planned(scanner, 'sha256:a', 'sha256:b')).toEqual(['sha256:a', 'sha256:b']);
  await Promise.all([scanner.scan(request), scanner.scan(request)]);
  await scanner[Symbol.asyncDispose]();
  expect(opened).toMatchObject([{ requests: [request, request], disposed: true }]);
});

it('fails as opening does, and has nothing to close then', async () => {
  const { identity } = new ScriptedScanner();
  const full = new ScannerError('the disk is full', { code: 'disk_full' });
  const scanner = new ScannerWhenNeeded({
    identity,
    open: () => Promise.reject(full),
    isChecked: () => Promise.resolve(false),
  });
  await expect(scanner.scan(request)).rejects.toBe(full);
  await scanner[Symbol.asyncDispose]();
});
