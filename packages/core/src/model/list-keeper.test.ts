import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ListKeeper } from './list-keeper.ts';

const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, index) => ({ number: from + index }));

describe('a list that is kept', () => {
  it('stays the very list where there is room for it', () => {
    const lists = new ListKeeper(5);
    const [first, second] = [numbered(3), numbered(3)];
    expect(lists.keep(first)).toBe(first);
    expect(lists.keep(second)).not.toBe(second);
    expect(lists.keep([])).toEqual([]);
  });

  it('reads like the list that it was, whether it is packed or not', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(0, 1000), (items, room) => {
        const plain: unknown[] = JSON.parse(JSON.stringify(items));
        const kept = new ListKeeper(room).keep(plain);
        expect(kept).toEqual(plain);
        expect([...kept]).toEqual(plain);
        expect(kept.length).toBe(plain.length);
        expect(kept.map((item) => [item])).toEqual(plain.map((item) => [item]));
        expect([[0], kept].flat()).toEqual([0, ...plain]);
        expect([0].concat(...[kept].map((list) => list.map(() => 1)))).toEqual([0, ...plain.map(() => 1)]);
        expect(JSON.stringify({ kept })).toBe(JSON.stringify({ kept: plain }));
        expect(kept[0]).toEqual(plain[0]);
        expect(Array.isArray(kept)).toBe(true);
      }),
    );
  });

  it('cannot be changed once it is packed', () => {
    const kept = new ListKeeper(0).keep(numbered(3));
    expect(() => (kept[0] = { number: 7 })).toThrow(TypeError);
  });

  it('holds more items than are packed together, in their order', () => {
    expect(new ListKeeper(0).keep(numbered(4321))).toEqual(numbered(4321));
  });

  it('is packed once only', () => {
    const kept = new ListKeeper(0).keep(numbered(3));
    expect(new ListKeeper(0).keep(kept)).toBe(kept);
  });
});

describe('a list that is made of kept ones', () => {
  it('is made at once where there is room, and else when it is read, and not again while it is read', () => {
    let made = 0;
    const make = () => {
      made += 1;
      return numbered(3);
    };
    new ListKeeper(3).derive(3, make);
    expect(made).toBe(1);
    const list = new ListKeeper(0).derive(3, make);
    expect([made, list.length]).toEqual([1, 3]);
    expect([list, list]).toEqual([numbered(3), numbered(3)]);
    expect(made).toBe(2);
  });

  it('is forgotten after many others were read', () => {
    let made = 0;
    const lists = new ListKeeper(0);
    const first = lists.derive(30_000, () => {
      made += 1;
      return numbered(30_000);
    });
    const second = lists.keep(numbered(30_000, 30_000));
    expect([first[0], second[0], first[1]]).toEqual([{ number: 0 }, { number: 30_000 }, { number: 1 }]);
    expect(made).toBe(2);
  });
});
