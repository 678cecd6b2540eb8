import { describe, expect, it } from 'vitest';

import { ReferenceState, unscannedReference } from './told-state.ts';

const AT = '2026-11-22T00:00:00.000Z';

describe('the state of a reference', () => {
  it('reads back as it was written', () => {
    const state: ReferenceState = {
      ...unscannedReference('app:1', AT),
      unlisted: [['CVE-1|deb/zlib|', [[AT, 'LOW', 'affected']]]],
    };
    expect(ReferenceState.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it('of an earlier version counts what is known as told, and what was unlisted as there from the start', () => {
    const {
      unlistedElsewhere: _,
      listings: _l,
      takenBack: _t,
      settledContent: _s,
      leftAt: _a,
      containers: _c,
      ...earlier
    } = unscannedReference('app:1', AT);
    const { imageBefore, fixAvailable, joined } = earlier.untold;
    const read = ReferenceState.parse({
      ...earlier,
      unlisted: [['CVE-1|deb/zlib|', 'LOW']],
      untold: { imageBefore, fixAvailable, joined },
    });
    expect(read).toEqual({
      ...unscannedReference('app:1', AT),
      unlisted: [['CVE-1|deb/zlib|', [[null, 'LOW', null]]]],
    });
  });
});
