import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { BASELINE_SCHEMA, imageFileName, NOTHING_TOLD, type PassTold, unscannedReference } from '@scanner/core';
import { BaselineDirectory, openTellingStore } from '@scanner/store';

const TELLER = fileURLToPath(new URL('teller.ts', import.meta.url));
const KILLS = 100;
const RECIPIENTS = ['a@example.org', 'b@example.org'];
const WAITING_CHILDREN = 3;
const AT = '2026-11-22T00:00:00.000Z';

let directory: string;
const undo: (() => void)[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-telling-'));
  undo.push(() => rmSync(directory, { recursive: true }));
});

afterEach(() => {
  for (const step of undo.splice(0).toReversed()) step();
});

/** A file system of one megabyte. */
const tinyDisk = (): string => {
  const disk = join(directory, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  undo.push(() => execFileSync('umount', ['--lazy', disk]));
  return disk;
};

const startTeller = (): ChildProcessWithoutNullStreams => {
  const received = join(directory, 'received');
  mkdirSync(received, { recursive: true });
  const child = spawn(process.execPath, [
    '--conditions=@scanner/source',
    TELLER,
    join(directory, 'telling.db'),
    received,
  ]);
  undo.push(() => child.kill('SIGKILL'));
  return child;
};

/** Every second life begins with the opening of the store, the others when it is open. */
const live = async (child: ChildProcessWithoutNullStreams, lifeMs: number, lifeBegins: string): Promise<void> => {
  const ended = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    if (line === lifeBegins) void sleep(lifeMs).then(() => child.kill('SIGKILL'));
    if (line === 'ready') child.stdin.write('go\n');
  }
  await ended;
};

const receivedBy = (recipient: string): readonly number[] => {
  const file = join(directory, 'received', recipient);
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').map(Number) : [];
};

interface Seen {
  readonly passes: number;
  readonly waiting: Readonly<Record<string, string | undefined>>;
}

/** What the next process finds. */
const look = (): Seen => {
  using store = openTellingStore(join(directory, 'telling.db'));
  const { state, lost } = store.read();
  const passes = state.references[0]?.unlisted?.length ?? 0;
  const waiting = Object.fromEntries(store.heads().map(({ recipient, message }) => [recipient, message]));
  expect(lost).toBeNull();
  expect(store.find(String(passes))?.id).toBe(passes === 0 ? undefined : String(passes));
  expect(store.find(String(passes + 1))).toBeUndefined();
  return { passes, waiting };
};

/**
 * A recipient has everything before the message that waits for it, each once and in order; that one too, when its
 * sender was killed before it could record it, and a second time then.
 */
const judge = (received: readonly number[], next: number): { problem: string | null; repeats: number } => {
  const different = [...new Set(received)];
  const expected = Array.from({ length: different.length }, (_, index) => index + 1);
  const inOrder = received.every((pass, index) => pass >= (received[index - 1] ?? 0));
  const complete = different.length === next - 1 || different.length === next;
  const right = inOrder && complete && different.join() === expected.join();
  return {
    problem: right ? null : `has ${received.join()} while ${next} waits`,
    repeats: received.length - different.length,
  };
};

test(`over ${KILLS} kills the state and the outbox always agree, and everything told arrives, in order, once`, async () => {
  const seed = randomInt(2 ** 31);
  const lives = fc.sample(fc.integer({ min: 0, max: 60 }), { numRuns: KILLS, seed });
  const waiting = Array.from({ length: WAITING_CHILDREN }, startTeller);
  const problems: string[] = [];
  const repeats = new Map(RECIPIENTS.map((recipient) => [recipient, 0]));
  let passesBefore = 0;
  for (const [index, lifeMs] of lives.entries()) {
    waiting.push(startTeller());
    const child = waiting.shift();
    if (child === undefined) break;
    // The fewer passes a machine has come to, the longer the next life, so that on a slow one as much is killed.
    const pace = Math.max(1, (3 * index) / (passesBefore + 1));
    await live(child, lifeMs * pace, index % 2 === 0 ? 'open' : 'ready');
    const { passes, waiting: next } = look();
    if (passes < passesBefore) problems.push(`kill ${index}: ${passes} passes known after ${passesBefore}`);
    passesBefore = passes;
    for (const recipient of RECIPIENTS) {
      const judged = judge(receivedBy(recipient), Number(next[recipient] ?? passes + 1));
      const again = judged.repeats - (repeats.get(recipient) ?? 0);
      repeats.set(recipient, judged.repeats);
      if (judged.problem !== null) problems.push(`kill ${index}: ${recipient} ${judged.problem}`);
      if (again > 1) problems.push(`kill ${index}: ${recipient} got ${again} messages again`);
    }
  }

  expect(problems, `seed ${seed}`).toEqual([]);
  expect(passesBefore, `seed ${seed}`).toBeGreaterThan(KILLS / 2);
  expect(readdirSync(directory).filter((name) => name.includes('.corrupt-'))).toEqual([]);
});

test('on a full disk nothing is told that could not be stored, and what was stored before stays whole', async () => {
  const disk = tinyDisk();
  const file = join(disk, 'telling.db');
  const passTold = (pass: number): PassTold => ({
    state: { ...NOTHING_TOLD, references: [{ ...unscannedReference(`app:${pass}`, AT), standing: 'pending' }] },
    message: { id: String(pass), createdAt: AT, mail: null, webhook: randomBytes(30_000).toString('hex') },
  });
  let stored = 0;
  const fill = (): void => {
    using store = openTellingStore(file);
    for (let pass = 1; pass < 100; pass += 1) {
      store.commit(passTold(pass));
      stored = pass;
    }
  };

  expect(fill).toThrow(expect.objectContaining({ code: 'disk_full' }));
  using store = openTellingStore(file);
  expect(stored).toBeGreaterThan(3);
  expect(store.read()).toEqual({ state: passTold(stored).state, lost: null });
  expect(store.state()).toMatchObject({ pending: stored });
  expect(store.find(String(stored + 1))).toBeUndefined();
});

test('on a full disk a baseline that cannot be saved stays as it was', async () => {
  const disk = tinyDisk();
  const baselines = new BaselineDirectory(disk);
  const baseline = { schema: BASELINE_SCHEMA, reference: null, image_id: null, coverage: null, filter: null } as const;
  const finding = { package: null, severity: null, fixed: null, since: null, expires: null, reason: null };
  const many = Array.from({ length: 20_000 }, (_, index) => ({
    ...finding,
    key: `CVE-2026-${index}|pkg:deb/debian/a|`,
  }));
  await baselines.save('app:1', { ...baseline, findings: many.slice(0, 1) });

  await expect(baselines.save('app:1', { ...baseline, findings: many })).rejects.toMatchObject({ code: 'disk_full' });
  expect(await baselines.read('app:1', [])).toMatchObject({ status: 'read', baseline: { findings: many.slice(0, 1) } });
  expect(readdirSync(disk)).toEqual([`${imageFileName('app:1')}.json`]);
});
