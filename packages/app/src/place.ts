import { join, resolve } from 'node:path';

import { type HeldLock, type LockKeeper, ScannerError } from '@scanner/core';
import type { Settings } from '@scanner/core/config';

import type { CommandContext } from './command-context.ts';
import { knownHostName, machineName } from './host/host-identity.ts';

/** Where one command keeps things, as absolute paths. */
export interface Place {
  readonly cache: string;
  readonly state: string;
  readonly logs: string;
}

/** What all of a user's commands share when nothing says otherwise. */
export const userCache = ({ env, home }: CommandContext): string =>
  join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'gts');

export const placeOf = (settings: Settings, cwd: string): Place => ({
  cache: resolve(cwd, settings.TRIVY_CACHE_DIR),
  state: resolve(cwd, settings.STATE_DIR),
  logs: resolve(cwd, settings.LOG_DIR),
});

/** The file of what people know and of what is on its way to them. */
export const tellingFile = ({ state }: Pick<Place, 'state'>): string => join(state, 'telling.db');

/** Who this process is, for the one who has to wait for it. */
export const holder = (command: string, host: string | null = machineName()): string =>
  `${command} (pid ${process.pid}${host === null ? '' : ` on ${host}`})`;

/**
 * Makes this the only pass over a state directory.
 *
 * @throws ScannerError `directory_busy`, naming the holder
 */
export const holdState = (
  locks: LockKeeper,
  state: string,
  { command, hostName }: { readonly command: string; readonly hostName: string | null },
): HeldLock => {
  const attempt = locks.tryAcquire(join(state, 'pass.lock'), holder(command, knownHostName(state, hostName)));
  if ('held' in attempt) return attempt.held;
  throw new ScannerError(`${state} is in use by ${attempt.heldBy}`, {
    code: 'directory_busy',
    hint: 'wait until it ends, or work in another directory with --dir',
  });
};
