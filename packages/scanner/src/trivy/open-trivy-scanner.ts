import { silentLog, systemClock } from '@scanner/core';
import type { BlobCache, Clock, LockKeeper, Log } from '@scanner/core';

import { GunzipProgram } from '../image-export/gunzip-program.ts';
import type { ImageExport } from '../image-export/image-export.ts';
import { layerwiseTrust } from '../trivy-binary/trivy-version.ts';
import { inCheckedSpace } from './checked-cache.ts';
import { CheckedImages } from './checked-images.ts';
import { sharesDatabase } from './command.ts';
import { freePort } from './free-port.ts';
import { JavaSupply } from './java-supply.ts';
import type { ObtainJava } from './java-supply.ts';
import { KnownLayers } from './known-layers.ts';
import { LayerMatcher } from './layer-matcher.ts';
import { LayerNames } from './layer-names.ts';
import { LayerwiseScans } from './layerwise-scans.ts';
import { MatchServer } from './match-server.ts';
import type { Network } from './open-layer-pulls.ts';
import type { RegistryCredentials } from './registry-credentials.ts';
import { RecentBlobs } from './recent-blobs.ts';
import { RememberedImages } from './remembered-images.ts';
import { READING } from './cache-use.ts';
import { RespServer } from './resp-server.ts';
import { identityOf } from './scan-database.ts';
import type { ScanDatabase } from './scan-database.ts';
import { ScanSlots } from './scan-slots.ts';
import { Session } from './session.ts';
import { SystemAdvisories } from './system-advisories.ts';
import { TrivyRunner } from './trivy-runner.ts';
import { TrivyScanner } from './trivy-scanner.ts';

export interface TrivyScannerOptions {
  /** An absolute path, already found good. */
  readonly trivy: { readonly path: string; readonly version: string };
  readonly database: ScanDatabase;
  /** Asked once, when an image needs a Java database and there is none; without it Java archives are left out then. */
  readonly obtainJava?: ObtainJava;
  readonly blobCache: BlobCache;
  /** Where sessions live: on a disk with room for the largest image. */
  readonly workDirectory: string;
  readonly locks: LockKeeper;
  /** Where the engine is, as its own variables: `DOCKER_HOST`, `DOCKER_TLS_VERIFY`, `DOCKER_CERT_PATH`. */
  readonly dockerEnvironment?: Readonly<Record<string, string>>;
  /** The same engine's images as files, several at once; without it each leaves the engine by itself. */
  readonly imageExport?: ImageExport;
  /** What inflates large layers in place of zlib: igzip, by the absolute path that `findIgzip` finds, or what is called as gzip is. */
  readonly gunzip?: string;
  readonly credentials?: RegistryCredentials;
  /** Mirrors by registry host, such as `docker.io`, tried in order before the registry itself. */
  readonly registryMirrors?: Readonly<Record<string, readonly string[]>>;
  /** What carries our own requests to registries, through a proxy, say: opened once, when it is first needed. */
  readonly openNetwork?: () => Promise<Network>;
  /** What a Trivy that pulls may see besides, e.g. `HTTPS_PROXY`, `SSL_CERT_FILE`; no other is told of it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Scans at once; a Trivy that cannot share its database does one. */
  readonly concurrency: number;
  /** How a Trivy newer than the tested ones is measured; without it, it scans each image by a process of its own. */
  readonly measuring?: Measuring;
  readonly log?: Log;
  readonly clock?: Clock;
}

export interface Measuring {
  /** Where what was measured is remembered, for each program. */
  readonly directory: string;
  readonly signal?: AbortSignal;
  /** Two minutes unless told otherwise. */
  readonly deadlineMs?: number;
}

/**
 * Makes ready to scan: session directories, the scan cache's server. Dispose of the scanner to end it.
 *
 * @throws ScannerError `directory_unusable` or `disk_full`; rejects with the reason of the signal where measuring is aborted
 *
 * @example
 * await using scanner = await openTrivyScanner({ trivy, database, blobCache, workDirectory, locks, concurrency: 4 });
 * const outcome = await scanner.scan({ subject: { source: 'remote', reference: 'alpine:3' } });
 */
export const openTrivyScanner = async (options: TrivyScannerOptions): Promise<TrivyScanner> =>
  openScanner(options, await isLayerwise(options));

/** Whether images are scanned by their layers, or each by a process of its own. */
const isLayerwise = async (options: TrivyScannerOptions): Promise<boolean> => {
  const trust = layerwiseTrust(options.trivy.version);
  const { trivy, workDirectory, locks, measuring, log = silentLog, clock = systemClock } = options;
  if (trust !== 'to be measured' || measuring === undefined) return trust === 'tested';
  const { measureLayerwise } = await import('../trivy-measurement/measure-layerwise.ts');
  return measureLayerwise({
    ...{ trivy, workDirectory, locks, log, clock },
    directory: measuring.directory,
    deadlineMs: measuring.deadlineMs,
    signal: measuring.signal ?? new AbortController().signal,
    openByProcess: (given) => openScanner(given, false),
    openByLayers: (given) => openScanner(given, true),
  });
};

const openScanner = async (options: TrivyScannerOptions, isLayerwise: boolean): Promise<TrivyScanner> => {
  const { trivy, database, log = silentLog, clock = systemClock } = options;
  const blobCache = inCheckedSpace(options.blobCache);
  const shared = sharesDatabase(trivy.version);
  await using opened = new AsyncDisposableStack();
  const session = opened.use(await openSession(options, !shared));
  const server = opened.use(await RespServer.listen(new RecentBlobs(blobCache), log));
  const layers = new KnownLayers(blobCache, trivy.version);
  const advisories = await SystemAdvisories.of(database.vulnerabilities, log);
  const credentials = options.credentials ?? nobody;
  const mirrors = options.registryMirrors ?? {};
  const runner = new TrivyRunner({
    trivy,
    session,
    server,
    blobCache,
    layers,
    advisories,
    environment: options.dockerEnvironment ?? {},
    networkEnvironment: options.environment ?? {},
    credentials,
    registryMirrors: mirrors,
  });
  const java = new JavaSupply(options.obtainJava ?? noJava, session, log);
  const slots = new ScanSlots(shared ? options.concurrency : 1);
  const matcher = opened.use(
    new LayerMatcher({ startServer: () => startMatchServer(session, server, runner), blobCache, advisories, log }),
  );
  const names = new LayerNames(blobCache);
  const source = options.imageExport ?? null;
  const remembered = new RememberedImages(blobCache);
  const checkedImages = new CheckedImages(blobCache, source);
  const gunzip = options.gunzip === undefined ? null : new GunzipProgram(options.gunzip, session.directory);
  const pulling = { gunzip, session, runner, java, slots, layers, names, concurrency: options.concurrency, log };
  const access = { credentials, mirrors, openNetwork: options.openNetwork, clock };
  const layerwise = opened.use(
    new LayerwiseScans({
      ...{ source, session, runner, java, slots, layers, names, remembered, checkedImages, gunzip, matcher, log },
      matches: new ScanSlots(options.concurrency),
      openPulls: async () => (await import('./open-layer-pulls.ts')).openLayerPulls(pulling, access),
    }),
  );
  const standing = opened.move();
  return new TrivyScanner({
    identity: identityOf(trivy.version, database),
    reportsDirectory: session.reportsDirectory,
    runner,
    java,
    slots,
    layerwise: isLayerwise ? layerwise : null,
    source,
    clock,
    log,
    close: () => standing.disposeAsync(),
  });
};

const openSession = ({ workDirectory, database, locks }: TrivyScannerOptions, writable: boolean): Promise<Session> =>
  Session.open(
    workDirectory,
    {
      vulnerabilities: database.vulnerabilities.directory,
      java: database.java?.directory ?? null,
      writable,
    },
    locks,
  );

const startMatchServer = async (session: Session, server: RespServer, runner: TrivyRunner): Promise<MatchServer> =>
  new MatchServer({
    port: await freePort(),
    access: server.openAccess({ use: READING }),
    cacheDirectory: session.cacheDirectory,
    moduleDirectory: session.moduleDirectory,
    run: (args, environment, signal, onStart) => runner.serve(args, environment, signal, onStart),
  });

const nobody: RegistryCredentials = { find: () => Promise.resolve(null) };

const noJava: ObtainJava = () => Promise.resolve(null);
