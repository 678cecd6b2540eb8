import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { reply, RespProtocolError, RespReader } from './resp-protocol.ts';

const LIMITS = { argumentBytes: 1000, argumentsPerCommand: 20 };

const encode = (command: readonly Uint8Array[]): Buffer =>
  Buffer.concat([
    Buffer.from(`*${command.length}\r\n`),
    ...command.flatMap((argument) => [Buffer.from(`$${argument.length}\r\n`), argument, Buffer.from('\r\n')]),
  ]);

const readAll = (reader: RespReader): Buffer[][] => {
  const commands: Buffer[][] = [];
  for (let command = reader.next(); command !== undefined; command = reader.next()) commands.push(command);
  return commands;
};

const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
};

const failureOf = (work: () => void): unknown => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
};

describe('RespReader', () => {
  test('reads the same commands however the network cut them', () => {
    const commands = fc.array(fc.array(fc.uint8Array({ maxLength: 80 }), { minLength: 1, maxLength: 5 }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(commands, fc.array(fc.nat(), { maxLength: 30 }), (sent, places) => {
        const reader = new RespReader(LIMITS);
        const read: Buffer[][] = [];
        for (const chunk of cut(Buffer.concat(sent.map(encode)), places)) {
          reader.push(chunk);
          read.push(...readAll(reader));
        }
        expect(read.map((command) => command.map((argument) => [...argument]))).toEqual(
          sent.map((command) => command.map((argument) => [...argument])),
        );
      }),
    );
  });

  test('ends or refuses any bytes, and never fails otherwise', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (chunks) => {
        const reader = new RespReader(LIMITS);
        const read = (): void =>
          chunks.forEach((chunk) => {
            reader.push(Buffer.from(chunk));
            readAll(reader);
          });
        expect(failureOf(read)).toSatisfy((error) => error === undefined || error instanceof RespProtocolError);
      }),
    );
  });

  test.each([
    ['an argument beyond the limit', '*1\r\n$1001\r\n'],
    ['more arguments than allowed', '*21\r\n'],
    ['a count without an end', `*${'1'.repeat(40)}`],
    ['a negative length', '*1\r\n$-1\r\n'],
    ['an inline command', 'PING\r\n'],
    ['an argument longer than it said', '*1\r\n$2\r\nabc\r\n'],
  ])('refuses %s', (_, sent) => {
    const reader = new RespReader(LIMITS);
    reader.push(Buffer.from(sent));
    expect(() => reader.next()).toThrow(RespProtocolError);
  });
});

test('a value goes out with its length in bytes', () => {
  expect(Buffer.concat(reply.bulk(Buffer.from('ä'))).toString()).toBe('$2\r\nä\r\n');
});
