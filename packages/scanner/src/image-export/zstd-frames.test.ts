import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { constants, createZstdDecompress, zstdCompressSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { cutAtFrames } from './zstd-frames.ts';

const compressed = (content: Buffer, params: Record<number, number> = {}): Buffer =>
  zstdCompressSync(content, { params });

const skippable = (content: Buffer): Buffer => {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x184d2a57, 0);
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content]);
};

const inPieces = async function* (bytes: Buffer, step: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
};

const inflated = (bytes: Buffer, step: number): Promise<Buffer> =>
  buffer(Readable.from(cutAtFrames(inPieces(bytes, step))).pipe(createZstdDecompress()));

const CONTENTS = [
  Buffer.alloc(0),
  Buffer.from('a'),
  Buffer.alloc(300),
  Buffer.alloc(70_000, 'zeros and more'),
  randomBytes(300_000),
  Buffer.alloc(3_000_000),
];

const FRAMES = [
  ...CONTENTS.map((content) => compressed(content)),
  skippable(Buffer.from('a table of contents')),
  ...CONTENTS.map((content) => compressed(content, { [constants.ZSTD_c_checksumFlag]: 1 })),
  ...CONTENTS.map((content) => compressed(content, { [constants.ZSTD_c_contentSizeFlag]: 0 })),
  skippable(Buffer.alloc(0)),
];
const WHOLE = Buffer.concat([...CONTENTS, ...CONTENTS, ...CONTENTS]);

test.each([7, 512, 65_536, 100_000_000])(
  'frames are inflated one after the other, in pieces of %i bytes',
  async (step) => {
    expect((await inflated(Buffer.concat(FRAMES), step)).equals(WHOLE)).toBe(true);
  },
);

test('what is no frame is passed on as it came', async () => {
  for (const bytes of [
    Buffer.from('no frame at all'),
    Buffer.concat([...FRAMES, Buffer.from('rest')]),
    randomBytes(5000),
  ])
    expect((await buffer(Readable.from(cutAtFrames(inPieces(bytes, 100))))).equals(bytes)).toBe(true);
});
