import { stat } from 'node:fs/promises';

import { ScannerError } from '@scanner/core';
import { z } from 'zod';

import type { DockerEndpoint } from './docker-endpoint.ts';
import { describeOrigin } from './docker-endpoint.ts';

const NOBODY_THERE: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ENOTSOCK',
  'ENAMETOOLONG',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);
const NOT_ALLOWED: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);
const HUNG_UP: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** Says why a request did not get through. `answered`: whether the engine had answered anything before. */
export const connectionFailure = async (
  cause: unknown,
  endpoint: DockerEndpoint,
  answered: boolean,
): Promise<ScannerError> => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (NOT_ALLOWED.has(code)) return forbidden(endpoint, cause);
  if (answered && (HUNG_UP.has(code) || NOBODY_THERE.has(code))) return lost(endpoint, cause);
  if (HUNG_UP.has(code)) return hungUp(endpoint, cause);
  if (NOBODY_THERE.has(code)) return unreachable(`no Docker engine answers at ${place(endpoint)}`, cause);
  return new ScannerError(`the connection to ${place(endpoint)} failed: ${oneLine(messageOf(cause))}`, {
    code: 'engine_error',
    hint: endpoint.tls === null ? ASK_FOR_ANOTHER : 'check the TLS files and the name in the certificate',
    cause,
  });
};

/** The engine took the connection and then said nothing for too long. */
export const silence = (endpoint: DockerEndpoint, seconds: number, answered: boolean): ScannerError =>
  answered
    ? lost(endpoint, undefined)
    : unreachable(`what listens at ${place(endpoint)} did not answer within ${seconds} s`, undefined);

/** The engine, or a proxy before it, answered with an error of its own. */
export const refusal = (endpoint: DockerEndpoint, path: string, status: number, said: string): ScannerError => {
  const reason = wordsOf(said);
  const message = `the Docker engine at ${place(endpoint)} answered ${status} to ${path}${reason && `: ${reason}`}`;
  return status === 401 || status === 403
    ? new ScannerError(message, {
        code: 'engine_forbidden',
        hint: 'allow /version and /images in the socket proxy or authorization plugin before the engine',
      })
    : new ScannerError(message, { code: 'engine_error', hint: 'read the log of the engine' });
};

export const notDocker = (endpoint: DockerEndpoint, path: string, cause?: unknown): ScannerError =>
  new ScannerError(`what answers at ${place(endpoint)} does not answer ${path} as a Docker engine does`, {
    code: 'engine_error',
    hint: ASK_FOR_ANOTHER,
    cause,
  });

export const tooLong = (endpoint: DockerEndpoint, path: string, bytes: number): ScannerError =>
  new ScannerError(
    `the answer of the Docker engine at ${place(endpoint)} to ${path} is longer than ${bytes / 1024 ** 2} MiB`,
    { code: 'engine_error', hint: 'look what it lists, such as images with an endless number of names' },
  );

export const tooOld = (endpoint: DockerEndpoint, version: string, oldest: string): ScannerError =>
  new ScannerError(`the Docker engine at ${place(endpoint)} speaks API ${oneLine(version)}, older than ${oldest}`, {
    code: 'engine_too_old',
    hint: 'update the engine, or name another with --docker-host',
  });

/** What an engine's error says, which wraps it in JSON; a proxy's may be anything. */
export const wordsOf = (body: string): string => {
  try {
    return oneLine(ErrorAnswer.parse(JSON.parse(body)).message);
  } catch {
    return oneLine(body);
  }
};

const ErrorAnswer = z.looseObject({ message: z.string() });

/** One line, without control characters, short enough for a message. */
export const oneLine = (text: string): string => {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
};

const ASK_FOR_ANOTHER = 'start the engine, or name another with --docker-host or DOCKER_HOST';

const place = ({ host, origin }: DockerEndpoint): string =>
  `${socketPath(host) ?? host} (${describeOrigin(origin)})`.replaceAll(/\p{Cc}/gu, '?');

/** The path of a `unix://` host, else `null`. */
export const socketPath = (host: string): string | null =>
  host.startsWith('unix://') ? host.slice('unix://'.length) : null;

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const unreachable = (message: string, cause: unknown): ScannerError =>
  new ScannerError(message, { code: 'engine_unreachable', hint: ASK_FOR_ANOTHER, cause });

const lost = (endpoint: DockerEndpoint, cause: unknown): ScannerError =>
  new ScannerError(`the Docker engine at ${place(endpoint)} stopped answering in the middle`, {
    code: 'engine_lost',
    hint: 'look whether the engine still runs, then repeat the command',
    cause,
  });

/** It ended at the wrong moment; or it speaks something else, as one that wants TLS does. */
const hungUp = (endpoint: DockerEndpoint, cause: unknown): ScannerError =>
  new ScannerError(`what listens at ${place(endpoint)} hung up without an answer`, {
    code: 'engine_lost',
    hint:
      socketPath(endpoint.host) === null && endpoint.tls === null
        ? 'look whether the engine still runs, and whether it wants TLS (DOCKER_TLS_VERIFY, DOCKER_CERT_PATH)'
        : 'look whether the engine still runs, then repeat the command',
    cause,
  });

const forbidden = async (endpoint: DockerEndpoint, cause: unknown): Promise<ScannerError> => {
  const path = socketPath(endpoint.host);
  const owner = path === null ? null : await ownerOf(path);
  const own = `this process has uid ${process.geteuid?.()} and gid ${process.getegid?.()}`;
  return new ScannerError(`the Docker engine's socket at ${place(endpoint)} may not be used by this user`, {
    code: 'engine_forbidden',
    hint:
      owner === null
        ? `run as a user that may use it (${own}, and may not even look at the socket)`
        : `run as a member of group ${owner.gid} or as user ${owner.uid} (${own}; the socket has mode ${owner.mode})`,
    cause,
  });
};

const ownerOf = async (path: string): Promise<{ uid: number; gid: number; mode: string } | null> => {
  try {
    const { uid, gid, mode } = await stat(path);
    return { uid, gid, mode: `0${(mode & 0o777).toString(8)}` };
  } catch {
    return null;
  }
};
