import { describe, expect, test } from 'vitest';

import { AnalysisClaims } from './analysis-claims.ts';
import type { Claimant } from './analysis-claims.ts';

const claimant = (patienceMs = 10_000): Claimant => ({ patienceMs, onWait: () => () => {} });

describe('AnalysisClaims', () => {
  test('lets others wait for what one makes, and not itself', () => {
    const claims = new AnalysisClaims();
    const [maker, other] = [claimant(), claimant()];
    claims.claim('a', maker);
    expect(claims.isBeingMade('a', other)).toBe(true);
    expect(claims.isBeingMade('a', maker)).toBe(false);
    expect(claims.isBeingMade('b', other)).toBe(false);
  });

  test('ends the wait when it is made', async () => {
    const claims = new AnalysisClaims();
    const [maker, other] = [claimant(), claimant()];
    claims.claim('a', maker);
    const waiting = claims.wait('a', other);
    claims.made('a');
    await waiting;
    expect(claims.isBeingMade('a', other)).toBe(false);
  });

  test('ends the wait when the maker leaves, and gives the work to the next', async () => {
    const claims = new AnalysisClaims();
    const [maker, second, third] = [claimant(), claimant(), claimant()];
    claims.claim('a', maker);
    const waiting = claims.wait('a', second);
    claims.leave(maker);
    await waiting;
    claims.claim('a', second);
    expect(claims.isBeingMade('a', third)).toBe(true);
  });

  test('lets nobody wait for one who waits for him', () => {
    const claims = new AnalysisClaims();
    const [one, two, three] = [claimant(), claimant(), claimant()];
    claims.claim('a', one);
    claims.claim('b', two);
    claims.claim('c', three);
    void claims.wait('b', one);
    void claims.wait('c', two);
    expect(claims.isBeingMade('a', three)).toBe(false);
    for (const each of [one, two, three]) claims.leave(each);
  });

  test('lets nobody wait longer than he can', async () => {
    const claims = new AnalysisClaims();
    const [maker, hurried, alone] = [claimant(), claimant(5), claimant(0)];
    claims.claim('a', maker);
    await claims.wait('a', hurried);
    expect(claims.isBeingMade('a', alone)).toBe(false);
  });

  test('tells when a wait begins and ends', async () => {
    const told: string[] = [];
    const claims = new AnalysisClaims();
    const [maker, other] = [
      claimant(),
      {
        patienceMs: 10_000,
        onWait: () => {
          told.push('begins');
          return () => told.push('ends');
        },
      },
    ];
    claims.claim('a', maker);
    const waiting = claims.wait('a', other);
    expect(told).toEqual(['begins']);
    claims.made('a');
    await waiting;
    expect(told).toEqual(['begins', 'ends']);
  });
});
