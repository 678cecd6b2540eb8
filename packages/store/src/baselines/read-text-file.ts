import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

import { errnoOf } from '../storage-error.ts';

/** `O_NONBLOCK`, so that a pipe that nobody writes to is refused rather than waited for. */
const READ_THE_FILE_ITSELF = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export type TextReading =
  | { readonly status: 'read'; readonly text: string }
  | { readonly status: 'missing' }
  /** One line, to be printed after the file's name. */
  | { readonly status: 'unreadable'; readonly problem: string };

/** Reads a regular file of up to so many bytes of UTF-8; follows no link. Never rejects. */
export const readTextFile = async (path: string, maxBytes: number): Promise<TextReading> => {
  try {
    await using file = await open(path, READ_THE_FILE_ITSELF);
    const status = await file.stat();
    if (!status.isFile()) return unreadable('is not a regular file');
    if (status.size > maxBytes) return unreadable(`is larger than ${maxBytes} bytes`);
    return decode(await readUpTo(file, status.size));
  } catch (error) {
    return whyNotRead(error);
  }
};

/** A file that grows meanwhile is cut where it ended when it was opened. */
const readUpTo = async (file: FileHandle, size: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await file.read(bytes, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
};

const decode = (bytes: Buffer): TextReading => {
  try {
    return { status: 'read', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return unreadable('is not UTF-8 text');
  }
};

const whyNotRead = (error: unknown): TextReading => {
  const code = errnoOf(error);
  if (code === 'ENOENT' || code === 'ENAMETOOLONG') return { status: 'missing' };
  if (code === 'ELOOP') return unreadable('is a symbolic link; they are not followed here');
  if (code === 'ENXIO') return unreadable('is not a regular file');
  return unreadable(`cannot be read (${code ?? String(error)})`);
};

const unreadable = (problem: string): TextReading => ({ status: 'unreadable', problem });
