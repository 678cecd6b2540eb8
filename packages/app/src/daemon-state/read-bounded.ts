import { closeSync, openSync, readSync } from 'node:fs';

/** The text of a small file of our own; null where there is none that can be read, or it is larger than it may be. */
export const readBounded = (path: string, maxBytes: number): string | null => {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(maxBytes + 1);
      const length = readSync(descriptor, buffer);
      return length > maxBytes ? null : buffer.toString('utf8', 0, length);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
};
