import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { watchGrowth } from './directory-growth.ts';

describe('watchGrowth', () => {
  it('tells the bytes of all files below, and then that no more came', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(join(directory.path, 'below'));
    await writeFile(join(directory.path, 'below/one'), Buffer.alloc(100));
    await writeFile(join(directory.path, 'two'), Buffer.alloc(23));
    const told: number[] = [];
    await using growth = watchGrowth(directory.path, 600, (bytes) => told.push(bytes));
    await once(growth.stalled, 'abort');
    expect(told).toEqual([123]);
  });

  it('ends with its owner and without a verdict', async () => {
    await using directory = await temporaryDirectory();
    const growth = watchGrowth(directory.path, 60_000);
    await growth[Symbol.asyncDispose]();
    expect(growth.stalled.aborted).toBe(false);
  });
});
