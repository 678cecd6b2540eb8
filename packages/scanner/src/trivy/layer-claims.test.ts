import { describe, expect, test } from 'vitest';

import { LayerClaims } from './layer-claims.ts';

const never = new AbortController().signal;
const [A, B, C] = ['sha256:a', 'sha256:b', 'sha256:c'] as const;

describe('layers that somebody makes known', () => {
  test('are taken by nobody else until they are given up', async () => {
    const claims = new LayerClaims();
    const first = claims.take([A, B]);
    const second = claims.take([B, C]);
    expect([[...first.diffIds], [...second.diffIds]]).toEqual([[A, B], [C]]);
    const order: string[] = [];
    const waiting = claims.settled([B], never).then(() => order.push('waited'));
    await Promise.resolve();
    order.push('given up');
    first[Symbol.dispose]();
    await waiting;
    expect(order).toEqual(['given up', 'waited']);
    expect([...claims.take([A, B, C]).diffIds]).toEqual([A, B]);
  });

  test('are not waited for by who was told to stop, nor where nobody is about them', async () => {
    const claims = new LayerClaims();
    using _claim = claims.take([A]);
    const abort = new AbortController();
    const waiting = claims.settled([A], abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await claims.settled([B], never);
  });
});
