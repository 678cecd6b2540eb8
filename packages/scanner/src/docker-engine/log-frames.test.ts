import { expect, it } from 'vitest';

import { payloadsOf } from './log-frames.ts';

const frame = (stream: number, text: string): Buffer => {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
};

const FRAMES = Buffer.concat([frame(1, 'first\n'), frame(2, ''), frame(2, 'größer\n'), frame(1, 'last\n')]);

it.each([1, 3, 7, 8, 9, 1000])('takes frames apart that arrive in pieces of %i bytes', async (size) => {
  const pieces = async function* () {
    for (let at = 0; at < FRAMES.length; at += size) yield Promise.resolve(FRAMES.subarray(at, at + size));
  };
  const payloads: Buffer[] = [];
  for await (const payload of payloadsOf(pieces())) payloads.push(payload);
  expect(Buffer.concat(payloads).toString()).toBe('first\ngrößer\nlast\n');
});
