import fc from 'fast-check';

import { ODD_TEXTS } from './odd-texts.ts';

/** Most that one input may have: what is longer shows nothing more, and takes longer. */
const MOST_BYTES = 256 * 1024;
const MOST_CHANGES = 8;
const MOST_COPIES = 40;

type Change = (bytes: Buffer) => Buffer;

/**
 * Valid samples with a few things wrong: bits flipped, parts cut out, repeated or exchanged with another sample, odd texts
 * put in, the end cut off.
 */
export const mutatedBytes = (samples: readonly (string | Uint8Array)[]): fc.Arbitrary<Buffer> => {
  const originals = samples.map((sample) => Buffer.from(sample));
  return fc
    .tuple(fc.constantFrom(...originals), fc.array(changeFrom(originals), { maxLength: MOST_CHANGES }))
    .map(([sample, changes]) =>
      changes.reduce<Buffer>((bytes, change) => change(bytes).subarray(0, MOST_BYTES), Buffer.from(sample)),
    );
};

/** The same, read as UTF-8. */
export const mutatedText = (samples: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 8, arbitrary: mutatedBytes(samples).map((bytes) => bytes.toString('utf8')) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom(...ODD_TEXTS), { maxLength: 50 }).map((all) => all.join('')) },
  );

/** Bytes that are nothing in particular. */
export const anyBytes = (): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes));

const changeFrom = (samples: readonly Buffer[]): fc.Arbitrary<Change> =>
  fc.oneof(
    fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(([at, byte]): Change => setByte(at, byte)),
    fc.tuple(place, fc.constantFrom(...ODD_TEXTS)).map(([at, text]): Change => putIn(at, text)),
    fc.tuple(place, place).map(([at, length]): Change => cutOut(at, length)),
    fc.tuple(place, place, fc.integer({ min: 1, max: MOST_COPIES })).map((where): Change => repeat(...where)),
    fc.tuple(place, fc.constantFrom(...samples), place).map((where): Change => goOnAs(...where)),
    place.map(
      (at): Change =>
        (bytes) =>
          bytes.subarray(0, positionOf(at, bytes)),
    ),
  );

/** A share of the length, so that a change means the same however long the sample is. */
const place = fc.double({ min: 0, max: 1, noNaN: true });

const positionOf = (share: number, bytes: Buffer): number => Math.min(bytes.length, Math.floor(share * bytes.length));

const setByte =
  (at: number, byte: number): Change =>
  (bytes) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[Math.min(positionOf(at, bytes), changed.length - 1)] = byte;
    return changed;
  };

const putIn =
  (at: number, text: string): Change =>
  (bytes) => {
    const position = positionOf(at, bytes);
    return Buffer.concat([bytes.subarray(0, position), Buffer.from(text), bytes.subarray(position)]);
  };

const cutOut =
  (at: number, length: number): Change =>
  (bytes) => {
    const from = positionOf(at, bytes);
    const rest = bytes.subarray(from);
    return Buffer.concat([bytes.subarray(0, from), rest.subarray(positionOf(length, rest))]);
  };

const repeat = (at: number, length: number, times: number): Change => {
  return (bytes) => {
    const from = positionOf(at, bytes);
    const rest = bytes.subarray(from);
    const part = rest.subarray(0, positionOf(length, rest));
    const copies = Array.from({ length: Math.min(times, Math.ceil(MOST_BYTES / (part.length + 1))) }, () => part);
    return Buffer.concat([bytes.subarray(0, from), ...copies, rest]);
  };
};

const goOnAs =
  (at: number, other: Buffer, from: number): Change =>
  (bytes) =>
    Buffer.concat([bytes.subarray(0, positionOf(at, bytes)), other.subarray(positionOf(from, other))]);
