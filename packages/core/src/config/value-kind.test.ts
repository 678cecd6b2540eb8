import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SEVERITIES } from '../model/severity.ts';
import type { ValueKind } from './value-kind.ts';
import {
  address,
  duration,
  imagePatterns,
  path,
  repositories,
  severities,
  wholeNumber,
  yesOrNo,
} from './value-kind.ts';

const read = <T>(kind: ValueKind<T>, text: string): T | undefined => kind.schema.safeParse(text).data;

describe('severities', () => {
  it('are one filter, whatever their order, case and duplicates', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...SEVERITIES], { minLength: 1 }), (listed) => {
        const text = [...listed, ...listed].map((severity) => ` ${severity.toLowerCase()} `).join(',');
        expect(read(severities, text)).toEqual(SEVERITIES.toReversed().filter((severity) => listed.includes(severity)));
      }),
    );
  });

  it.each(['severe', 'HIGH;LOW', ',', 'HIGH,severe'])('are refused as %j', (text) => {
    expect(read(severities, text)).toBeUndefined();
  });
});

describe('yes or no', () => {
  it.each([
    ['1', true],
    ['TRUE', true],
    ['Yes', true],
    ['on', true],
    ['0', false],
    ['false', false],
    ['NO', false],
    ['Off', false],
    ['2', undefined],
    ['y', undefined],
  ])('reads %j as %j', (text, value) => {
    expect(read(yesOrNo, text)).toBe(value);
  });
});

describe('durations', () => {
  it.each([
    ['30s', 30],
    ['90m', 5400],
    ['36h', 129_600],
    ['7d', 604_800],
    ['1W', 604_800],
    ['7', undefined],
    ['1.5h', undefined],
    ['-1d', undefined],
    ['0s', undefined],
    ['7 days', undefined],
  ])('read %j as %j seconds', (text, seconds) => {
    expect(read(duration(1), text)).toBe(seconds);
  });
});

describe('numbers, paths and addresses', () => {
  it.each([
    [wholeNumber(1, 9), '10'],
    [wholeNumber(1, 9), '1e0'],
    [wholeNumber(1, 9), '0x1'],
    [path, 'a\0b'],
    [path, 'a\nb'],
    [address('unix', 'tcp'), 'unix://'],
    [address('unix', 'tcp'), 'http://x'],
    [repositories, '--insecure'],
    [repositories, 'a b'],
    [imagePatterns, 'a b'],
  ] as readonly (readonly [ValueKind<unknown>, string])[])('are refused when malformed: %#', (kind, text) => {
    expect(read(kind, text)).toBeUndefined();
  });

  it('lists fold duplicates and drop what is empty', () => {
    expect(read(imagePatterns, 'a, b:1,,a\n*/c\r\n')?.map(({ text }) => text)).toEqual(['a', 'b:1', '*/c']);
    expect(read(repositories, 'localhost:5000/db:2, ghcr.io/x/y@sha256:00')).toEqual([
      'localhost:5000/db:2',
      'ghcr.io/x/y@sha256:00',
    ]);
  });

  it('has a bound for lists', () => {
    expect(read(imagePatterns, Array.from({ length: 1001 }, (_, index) => `i${index}`).join(','))).toBeUndefined();
  });
});
