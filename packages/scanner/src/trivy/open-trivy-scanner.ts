import { silentLog, systemClock } from '@scanner/core';
import type { BlobCache, Clock, LockKeeper, Log, ScannerIdentity } from '@scanner/core';

import { sharesDatabase } from './command.ts';
import type { RegistryCredentials } from './registry-credentials.ts';
import { RespServer } from './resp-server.ts';
import { Session } from './session.ts';
import { TrivyRunner } from './trivy-runner.ts';
import { TrivyScanner } from './trivy-scanner.ts';

/** The vulnerability database a scanner matches against; it must not change while one is open. */
export interface ScanDatabase {
  /** In Trivy's own layout: `db/trivy.db`, `db/metadata.json`, `java-db/…`. */
  readonly directory: string;
  /** Names the content of both databases. */
  readonly generation: string;
  /** ISO 8601, or null when it does not say. */
  readonly updatedAt: string | null;
  readonly stale: boolean;
  readonly hasJava: boolean;
}

export interface TrivyScannerOptions {
  /** An absolute path, already found good. */
  readonly trivy: { readonly path: string; readonly version: string };
  readonly database: ScanDatabase;
  readonly blobCache: BlobCache;
  /** Where sessions live: on a disk with room for the largest image. */
  readonly workDirectory: string;
  readonly locks: LockKeeper;
  /** Where the engine is, as its own variables: `DOCKER_HOST`, `DOCKER_TLS_VERIFY`, `DOCKER_CERT_PATH`. */
  readonly dockerEnvironment?: Readonly<Record<string, string>>;
  readonly credentials?: RegistryCredentials;
  /** Mirrors by registry host, such as `docker.io`, tried in order before the registry itself. */
  readonly registryMirrors?: Readonly<Record<string, readonly string[]>>;
  /** What else Trivy may see, e.g. `HTTPS_PROXY`, `SSL_CERT_FILE`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Scans at once; a Trivy that cannot share its database does one. */
  readonly concurrency: number;
  readonly log?: Log;
  readonly clock?: Clock;
}

/**
 * Makes ready to scan: session directories, the scan cache's server. Dispose of the scanner to end it.
 *
 * @throws ScannerError `directory_unusable` or `disk_full`
 *
 * @example
 * await using scanner = await openTrivyScanner({ trivy, database, blobCache, workDirectory, locks, concurrency: 4 });
 * const outcome = await scanner.scan({ subject: { source: 'remote', reference: 'alpine:3' } });
 */
export const openTrivyScanner = async (options: TrivyScannerOptions): Promise<TrivyScanner> => {
  const { trivy, database, blobCache, workDirectory, locks, log = silentLog, clock = systemClock } = options;
  const shared = sharesDatabase(trivy.version);
  await using opened = new AsyncDisposableStack();
  const session = opened.use(
    await Session.open(
      workDirectory,
      { directory: database.directory, hasJava: database.hasJava, writable: !shared },
      locks,
    ),
  );
  const server = opened.use(await RespServer.listen(blobCache, log));
  const runner = new TrivyRunner({
    trivy,
    session,
    server,
    blobCache,
    environment: { ...options.environment, ...options.dockerEnvironment },
    credentials: options.credentials ?? null,
    registryMirrors: options.registryMirrors ?? {},
  });
  const standing = opened.move();
  const concurrency = shared ? options.concurrency : 1;
  const identity = identityOf(trivy.version, database);
  return new TrivyScanner({ identity, runner, concurrency, clock, log, close: () => standing.disposeAsync() });
};

const identityOf = (trivyVersion: string, database: ScanDatabase): ScannerIdentity => ({
  trivyVersion,
  databaseGeneration: database.generation,
  databaseUpdatedAt: database.updatedAt,
  databaseStale: database.stale,
});
