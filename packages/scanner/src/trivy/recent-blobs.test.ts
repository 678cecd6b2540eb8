import { InMemoryBlobCache } from '@scanner/core/testing';
import { describe, expect, test } from 'vitest';

import { RecentBlobs } from './recent-blobs.ts';

const value = (text: string): Buffer => Buffer.from(text);

class CountingCache extends InMemoryBlobCache {
  readonly asked: string[] = [];

  override get(key: string): Buffer | undefined {
    this.asked.push(key);
    return super.get(key);
  }
}

describe('RecentBlobs', () => {
  test('asks the cache once for what is wanted again and again', () => {
    const cache = new CountingCache();
    cache.set('base', value('analysis'));
    const recent = new RecentBlobs(cache);
    expect([recent.get('base'), recent.get('base')]).toEqual([value('analysis'), value('analysis')]);
    expect(cache.asked).toEqual(['base']);
  });

  test('gives what was stored last', () => {
    const cache = new CountingCache();
    const recent = new RecentBlobs(cache);
    for (const text of ['old', 'new']) recent.set('layer', value(text));
    expect([recent.get('layer'), cache.get('layer')]).toEqual([value('new'), value('new')]);
    expect(recent.has('layer')).toBe(true);
  });

  test('lets go of the longest unused when it has no more room', () => {
    const cache = new CountingCache();
    const recent = new RecentBlobs(cache, 10);
    recent.set('a', value('12345'));
    recent.set('b', value('12345'));
    recent.get('a');
    recent.set('c', value('12345'));
    for (const key of ['a', 'c', 'b']) expect(recent.get(key)).toEqual(value('12345'));
    expect(cache.asked).toEqual(['b']);
  });

  test('passes on what is larger than its room', () => {
    const cache = new CountingCache();
    const recent = new RecentBlobs(cache, 4);
    recent.set('a', value('1234'));
    recent.set('large', value('12345'));
    expect([recent.get('large'), recent.get('a')]).toEqual([value('12345'), value('1234')]);
    expect(cache.asked).toEqual(['large']);
  });

  test('has nothing of what was deleted, or could not be stored', () => {
    const cache = new CountingCache();
    const recent = new RecentBlobs(cache);
    recent.set('gone', value('1'));
    expect(recent.delete(['gone', 'unknown'])).toBe(1);
    cache.set = () => false;
    expect(recent.set('refused', value('1'))).toBe(false);
    for (const key of ['gone', 'refused']) expect([recent.get(key), recent.has(key)]).toEqual([undefined, false]);
  });
});
