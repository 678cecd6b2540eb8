import { describe, expect, test } from 'vitest';

import { ScanSlots } from './scan-slots.ts';

/** A piece of work that ends when told. */
const piece = (): { work: () => Promise<void>; end: () => void; started: () => boolean } => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let started = false;
  return {
    work: () => {
      started = true;
      return promise;
    },
    end: resolve,
    started: () => started,
  };
};

const settle = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

describe('ScanSlots', () => {
  test('runs so many at once, the others in their order', async () => {
    const slots = new ScanSlots(2);
    const pieces = [piece(), piece(), piece()];
    const running = pieces.map(({ work }) => slots.run('one', undefined, work));
    await settle();
    expect(pieces.map(({ started }) => started())).toEqual([true, true, false]);
    pieces[1]?.end();
    await settle();
    expect(pieces[2]?.started()).toBe(true);
    for (const { end } of pieces) end();
    await Promise.all(running);
  });

  test('lets one that wants to be alone wait for all, and the others for it', async () => {
    const slots = new ScanSlots(2);
    const [first, alone, last] = [piece(), piece(), piece()];
    const running = [
      slots.run('one', undefined, first.work),
      slots.run('all', undefined, alone.work),
      slots.run('one', undefined, last.work),
    ];
    await settle();
    expect([first, alone, last].map(({ started }) => started())).toEqual([true, false, false]);
    first.end();
    await settle();
    expect([alone, last].map(({ started }) => started())).toEqual([true, false]);
    alone.end();
    last.end();
    await Promise.all(running);
    expect(last.started()).toBe(true);
  });

  test('lets the next begin while one waits for others, and takes the place back at once', async () => {
    const slots = new ScanSlots(1);
    const [first, second, third] = [piece(), piece(), piece()];
    const takeBack = Promise.withResolvers<() => void>();
    const running = [
      slots.run('one', undefined, (turn) => {
        takeBack.resolve(turn.lend());
        return first.work();
      }),
      slots.run('one', undefined, second.work),
      slots.run('one', undefined, third.work),
    ];
    await settle();
    expect([second, third].map(({ started }) => started())).toEqual([true, false]);
    (await takeBack.promise)();
    second.end();
    await settle();
    expect(third.started()).toBe(false);
    first.end();
    await settle();
    expect(third.started()).toBe(true);
    third.end();
    await Promise.all(running);
  });

  test('lends no more places than there are', async () => {
    const slots = new ScanSlots(1);
    const last = piece();
    const waiting = Array.from({ length: 2 }, () => piece());
    const running = waiting.map(({ work }) =>
      slots.run('one', undefined, (turn) => {
        turn.lend();
        return work();
      }),
    );
    const behind = slots.run('one', undefined, last.work);
    await settle();
    expect(last.started()).toBe(false);
    for (const { end } of [...waiting, last]) end();
    await Promise.all([...running, behind]);
  });

  test('makes room again after work that failed', async () => {
    const slots = new ScanSlots(1);
    await expect(slots.run('one', undefined, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await slots.run('all', undefined, () => Promise.resolve('done'))).toBe('done');
  });

  test('gives up waiting on an abort, and holds up nobody', async () => {
    const slots = new ScanSlots(1);
    const [first, last] = [piece(), piece()];
    const abort = new AbortController();
    const running = slots.run('one', undefined, first.work);
    const given = slots.run('all', abort.signal, () => Promise.resolve());
    const waiting = slots.run('one', undefined, last.work);
    abort.abort();
    await expect(given).rejects.toThrow('gave up');
    first.end();
    last.end();
    await Promise.all([running, waiting]);
    expect(last.started()).toBe(true);
  });
});
