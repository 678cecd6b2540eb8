import { isAbsolute, join, relative, resolve } from 'node:path';

import type { Settings } from '@scanner/core/config';

/** Where things lie, as people on the host see it. */
export interface PlacesOnHost {
  readonly logs: string;
  /** The directory of the host's data, absolute; null where only a container knows it. */
  readonly directory: string | null;
}

type Written = Pick<Settings, 'SCANNER_DIR' | 'LOG_DIR' | 'HOST_DIR'>;

/**
 * The paths that a notice names. Those of a container are of no use on its host, which `HOST_DIR` names; without it the
 * logs go by the container's path.
 */
export const placesOnHost = ({ SCANNER_DIR, LOG_DIR, HOST_DIR }: Written, cwd: string): PlacesOnHost => {
  const ownDirectory = resolve(cwd, SCANNER_DIR);
  const ownLogs = resolve(cwd, LOG_DIR);
  if (HOST_DIR === null) return { logs: ownLogs, directory: ownDirectory === CONTAINER_ROOT ? null : ownDirectory };
  const logs = relative(ownDirectory, ownLogs);
  const isInside = logs !== '' && !logs.startsWith('..') && !isAbsolute(logs);
  return { logs: isInside ? join(HOST_DIR, logs) : ownLogs, directory: isAbsolute(HOST_DIR) ? HOST_DIR : null };
};

/** Where the volumes of the container are mounted. */
const CONTAINER_ROOT = '/';
