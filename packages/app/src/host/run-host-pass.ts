import { join } from 'node:path';

import {
  HostPass,
  type HostPassEvent,
  type HostPassOutcome,
  type ImageSource,
  type LockKeeper,
  systemClock,
  type Telling,
} from '@scanner/core';
import { scanTimeoutSeconds } from '@scanner/core/config';
import { renderImageLog, renderPassSummary } from '@scanner/report';
import { createDockerEngine, type DockerEndpoint } from '@scanner/scanner';
import { LogDirectory, openBlobCache, openResultStore } from '@scanner/store';

import type { CommandContext } from '../command-context.ts';
import type { Place } from '../place.ts';
import type { ReadSettings } from '../read-settings.ts';
import { composeScanner } from './compose-scanner.ts';
import type { HostIdentity } from './host-identity.ts';
import { readImageSelection } from './image-selection.ts';
import { ScannerWhenNeeded } from './scanner-when-needed.ts';
import { keepYoungHeapSmall } from './young-heap.ts';

/** What passes over one host have in common. */
export interface HostParts {
  readonly context: CommandContext;
  readonly place: Place;
  readonly locks: LockKeeper;
  readonly endpoint: DockerEndpoint;
  readonly telling: Telling;
  readonly identity: HostIdentity;
}

export interface HostPassRequest {
  readonly read: ReadSettings;
  readonly observe?: (event: HostPassEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * One pass over the images of a host's engine: what it needs is opened for it and closed behind it, so that a process
 * that makes many holds nothing in between. The caller holds the state directory.
 *
 * @throws ScannerError as `HostPass` does, and `ignore_file_unreadable`, `directory_unusable` or `disk_full`
 */
export const runHostPass = async (
  { context, place, locks, endpoint, telling, identity }: HostParts,
  { read, observe, signal }: HostPassRequest,
): Promise<HostPassOutcome> => {
  keepYoungHeapSmall();
  const { settings } = read;
  const { log } = context.console;
  const selection = readImageSelection(read, log);
  using blobCache = openBlobCache(join(place.cache, 'scan-cache.db'), { log });
  const engine = createDockerEngine(endpoint, { log, memory: blobCache });
  await using images = askedNow(engine, signal);
  const named = identity.askEngine(engine, signal);
  const logs = await LogDirectory.open(place.logs, {
    renderImage: renderImageLog,
    renderSummary: renderPassSummary,
    keepDays: settings.LOG_KEEP_DAYS,
    log,
  });
  using results = openResultStore(join(place.state, 'results.db'), { log });
  const pass = new HostPass({
    images,
    openScanner: async () =>
      new ScannerWhenNeeded(
        await composeScanner({ context, settings, place, endpoint, engine, blobCache, locks }, signal),
      ),
    results,
    log: logs,
    clock: systemClock,
    telling,
  });
  // A name that is known already may change with the next notice.
  if (!identity.isNamed) await named;
  const outcome = await pass.run({
    selection,
    severities: settings.TRIVY_SEVERITY,
    extraArgs: settings.TRIVY_EXTRA_ARGS.flags,
    concurrency: settings.SCAN_CONCURRENCY,
    timeoutSeconds: scanTimeoutSeconds(settings),
    ...(observe !== undefined && { observe }),
    signal,
  });
  await named;
  return outcome;
};

/** The engine takes its time, and works while the rest is made ready; who leaves before it has answered waits for it to stop. */
const askedNow = (source: ImageSource, signal: AbortSignal): ImageSource & AsyncDisposable => {
  const leaving = new AbortController();
  const listing = source.list(AbortSignal.any([signal, leaving.signal]));
  // Who waits for it later hears of its failure.
  const settled = listing.then(
    () => {},
    () => {},
  );
  return {
    list: () => listing,
    [Symbol.asyncDispose]: () => {
      leaving.abort();
      return settled;
    },
  };
};
