import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { openTogether, type RoundsDone } from './opening/opening-rounds.ts';

const FOR_MS = 8000;

const open = async (kills: boolean): Promise<RoundsDone> => {
  const directory = mkdtempSync(join(tmpdir(), 'gts-opening-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return await openTogether({ directory, seed: randomInt(2 ** 31), rounds: 5000, forMs: FOR_MS, kills });
};

test('several processes that open new and older stores at the same moment lose nothing and set nothing aside', async () => {
  const { problems, rounds, openings } = await open(false);

  expect(problems).toEqual([]);
  expect(openings).toBeGreaterThan(rounds * 4 - 1);
});

test('what processes saved is there after some of them were killed and others opened the same directory', async () => {
  const { problems, kills } = await open(true);

  expect(problems).toEqual([]);
  expect(kills).toBeGreaterThan(0);
});
