import { stat } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { describeForeignHands } from './executable-file.ts';

const program = async (mode: number, uid: number, gid: number) => ({
  path: '/opt/trivy',
  stats: Object.assign(await stat(import.meta.filename), { mode, uid, gid }),
});

describe('describeForeignHands', () => {
  const user = { uid: 1000, gid: 1000 };

  it.each([
    [0o755, 0, 0],
    [0o755, 1000, 1000],
    [0o775, 1000, 1000],
    [0o775, 0, 0],
  ])('has nothing to say of mode %o, owner %i, group %i', async (mode, uid, gid) => {
    expect(describeForeignHands(await program(mode, uid, gid), user)).toBeNull();
  });

  it.each([
    [0o757, 1000, 1000, 'every user'],
    [0o775, 1000, 50, 'group 50'],
    [0o755, 1001, 1000, 'uid 1001'],
  ])('tells of mode %o, owner %i, group %i', async (mode, uid, gid, who) => {
    expect(describeForeignHands(await program(mode, uid, gid), user)).toContain(who);
  });

  it('has nothing to say where there are no user numbers', async () => {
    expect(describeForeignHands(await program(0o777, 1, 1), null)).toBeNull();
  });
});
