import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { ScannerError } from '@scanner/core';
import { extract } from 'tar-stream';

const MEMBER = 'trivy';
const MAX_MEMBERS = 1000;
const MAX_UNPACKED_BYTES = 1024 ** 3;

/**
 * Takes the program out of a release's archive, and nothing else: no name of the archive ever becomes a path.
 *
 * @param destination a file that does not exist yet
 * @throws ScannerError `trivy_unverified` when the archive is damaged, too large, or does not hold exactly one
 */
export const unpackTrivy = async (archive: string, destination: string, signal?: AbortSignal): Promise<void> => {
  const members = extract();
  const reading = pipeline(
    createReadStream(archive),
    createGunzip(),
    limitSize,
    members,
    ...(signal === undefined ? [] : [{ signal }]),
  );
  const [taken, read] = await Promise.allSettled([takeProgram(members, destination), reading]);
  signal?.throwIfAborted();
  const errors = [taken, read].flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []));
  if (errors.length > 0) throw tellCause(errors);
  if (taken.status === 'fulfilled' && !taken.value) throw unverified(`the archive holds no program named ${MEMBER}`);
};

/** When one end fails the other fails with it: what was found wrong says more than a stream that ended early. */
const tellCause = (errors: readonly unknown[]): unknown => {
  const told = errors.find((error) => ScannerError.is(error)) ?? errors.find(isSystemError);
  if (told !== undefined) return told;
  const [cause] = errors;
  return unverified(`the archive is damaged: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
};

const isSystemError = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

const takeProgram = async (members: ReturnType<typeof extract>, destination: string): Promise<boolean> => {
  let seen = 0;
  let found = false;
  for await (const member of members) {
    seen += 1;
    if (seen > MAX_MEMBERS) throw unverified(`the archive holds more than ${MAX_MEMBERS} files`);
    if (member.header.type !== 'file' || member.header.name.replace(/^\.\//v, '') !== MEMBER) {
      member.resume();
      continue;
    }
    if (found) throw unverified(`the archive holds more than one program named ${MEMBER}`);
    found = true;
    await pipeline(member, createWriteStream(destination, { flags: 'wx', mode: 0o755, flush: true }));
  }
  return found;
};

const limitSize = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > MAX_UNPACKED_BYTES) throw unverified(`the archive unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);
    yield chunk;
  }
};

const unverified = (message: string, cause?: unknown): ScannerError =>
  new ScannerError(message, {
    code: 'trivy_unverified',
    hint: 'nothing was installed; check the release before trying again',
    cause,
  });
