import type { LockKeeper, Log } from '@scanner/core';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import type { Dispatcher } from 'undici';

import type { DownloadDeadlines } from './release-download.ts';

export type InstallProgress =
  | { readonly step: 'download'; readonly receivedBytes: number; readonly totalBytes: number | null }
  /** How many Go packages were compiled so far, of about 2,500 with an empty Go cache. */
  | { readonly step: 'build'; readonly packages: number };

export interface InstallOptions {
  /** Gets `trivy/<version>-…/trivy`. */
  readonly cacheDir: string;
  /** The pinned one unless told otherwise. */
  readonly version?: string | undefined;
  /** `release`: download and verify; `build`: compile with Go; `auto`: the first, and the second where releases are out of reach. */
  readonly method?: 'release' | 'build' | 'auto' | undefined;
  /** What stands before `/v<version>/<file>`; https, or http on loopback. GitHub's unless told otherwise. */
  readonly releasesUrl?: string | undefined;
  /** The archive's SHA-256 in hexadecimal, for those who know it: a genuine signature is then not enough. */
  readonly archiveSha256?: string | undefined;
  /** What sigstore is trusted by; its public instance's own root unless told otherwise. */
  readonly trustedRoot?: TrustedRoot | undefined;
  /** Sends the requests, e.g. through a proxy. */
  readonly dispatcher?: Dispatcher | undefined;
  readonly deadlines?: Partial<DownloadDeadlines> | undefined;
  /** The `go` program; looked for in `buildEnvironment.PATH` unless told otherwise. */
  readonly goPath?: string | undefined;
  /** The environment to build in; only what Go needs of it is passed on. */
  readonly buildEnvironment?: Readonly<Record<string, string | undefined>> | undefined;
  /** As Node names them; this machine's unless told otherwise. */
  readonly platform?: string | undefined;
  readonly arch?: string | undefined;
  readonly locks: LockKeeper;
  /** Who installs, for the message to the one who has to wait. */
  readonly holder?: string | undefined;
  readonly log?: Log | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: InstallProgress) => void) | undefined;
}
