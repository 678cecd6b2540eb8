import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { ScannerError } from '@scanner/core';

import { errnoOf } from './storage-error.ts';

const DEFAULT_SECONDS = 60;
const LOOKED_EVERY_MS = 50;

export interface PipePatience {
  readonly signal?: AbortSignal;
  readonly pipeSeconds?: number;
}

/**
 * Writes to a named pipe. The system's own wait for whoever reads it has no end and cannot be stopped, so that it is asked
 * again and again instead.
 *
 * @throws ScannerError `directory_unusable` when nobody reads for too long; else as the file system does
 */
export const writeToPipe = async (
  path: string,
  pieces: Iterable<string | Uint8Array>,
  { signal, pipeSeconds = DEFAULT_SECONDS }: PipePatience,
): Promise<void> => {
  const patience = { seconds: pipeSeconds, signal };
  await using pipe = await persistently('ENXIO', `no process has opened the pipe ${path} for reading`, patience, () =>
    open(path, constants.O_WRONLY | constants.O_NONBLOCK),
  );
  for (const piece of pieces) {
    let left = typeof piece === 'string' ? Buffer.from(piece) : piece;
    while (left.length > 0)
      left = left.subarray(
        await persistently('EAGAIN', `no process reads from the pipe ${path}`, patience, () => written(pipe, left)),
      );
  }
};

const written = async (pipe: FileHandle, bytes: Uint8Array): Promise<number> =>
  (await pipe.write(bytes, 0, bytes.length)).bytesWritten;

interface Patience {
  readonly seconds: number;
  readonly signal: AbortSignal | undefined;
}

/** Tries for as long as it fails only with that error of the system. */
const persistently = async <T>(
  errno: string,
  what: string,
  { seconds, signal }: Patience,
  attempt: () => Promise<T>,
): Promise<T> => {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (errnoOf(error) !== errno) throw error;
      if (performance.now() > deadline)
        throw new ScannerError(`${what} for ${seconds} s`, {
          code: 'directory_unusable',
          hint: 'start what reads the pipe first, or name a file',
          cause: error,
        });
    }
    await pause(LOOKED_EVERY_MS, undefined, signal === undefined ? {} : { signal });
  }
};
