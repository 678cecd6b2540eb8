import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { ScannerError } from '@scanner/core';
import { settingsError } from '@scanner/core/config';

import { ownFile } from '../own-files.ts';

export interface ServiceFilesRequest {
  readonly cwd: string;
  /** Whether the engine is to be reached through the socket proxy. */
  readonly socketProxy: boolean;
  /** Compose files of the user's own, which are added last. */
  readonly more: readonly string[];
}

const DIRECTORY = ownFile('../../docker');

/** Sets nothing; without it Compose would read the `.env` beside its files. */
export const noEnvFile = (): string => join(DIRECTORY, 'nothing.env');

/**
 * The compose files of the service, in the order in which each adds to the ones before.
 *
 * @throws ScannerError `compose_missing` outside the repository, `setting_invalid` for a file that is not there
 */
export const serviceFiles = ({ cwd, socketProxy, more }: ServiceFilesRequest): readonly string[] => {
  const own = ['compose.yaml', ...(socketProxy ? ['compose.socket-proxy.yaml'] : [])].map((name) =>
    join(DIRECTORY, name),
  );
  if (!own.every((path) => existsSync(path)))
    throw new ScannerError(`there is no ${own[0]}, from which the service is built and started`, {
      code: 'compose_missing',
      hint: 'run gts from a checkout of its repository, which has the directory docker',
    });
  const added = more.map((path) => resolve(cwd, path));
  const missing = added.filter((path) => !existsSync(path));
  if (missing.length > 0)
    throw settingsError(
      missing.map((path) => ({ setting: '--file', value: path, accepted: 'the path of a compose file that is there' })),
    );
  return [...own, ...added];
};
