import { arch as ownArch, platform as ownPlatform } from 'node:os';
import { join } from 'node:path';

import { type Log, ScannerError } from '@scanner/core';

import type { InstallOptions } from './install-options.ts';
import { nameReleaseFiles, OFFICIAL_RELEASES_URL, readChecksum, type ReleaseFiles } from './release-archive.ts';
import {
  DEFAULT_DEADLINES,
  downloadBytes,
  downloadFile,
  type DownloadOptions,
  HttpStatusError,
  isTrustworthyOrigin,
} from './release-download.ts';
import { verifySignature } from './release-signature.ts';
import { unpackTrivy } from './release-unpacking.ts';
import { loadSigstoreRoot } from './sigstore-root.ts';

const MAX_CHECKSUMS_BYTES = 256 * 1024;
const MAX_BUNDLE_BYTES = 1024 * 1024;
const MAX_ARCHIVE_BYTES = 512 * 1024 * 1024;

/** A program that is ready to be put in place. */
export interface PreparedBinary {
  readonly path: string;
  /** What follows the version in the name of its directory. */
  readonly origin: string;
}

/**
 * Gets a release into a directory of its own: its checksums, their signature, then the archive that they name.
 *
 * @param directory empty, removed by the caller whatever happens
 * @throws ScannerError `trivy_unreachable`, `trivy_unverified`, `trivy_missing` for a machine without releases, or `setting_invalid`
 */
export const fetchRelease = async (
  version: string,
  directory: string,
  options: InstallOptions,
  log: Log,
): Promise<PreparedBinary> => {
  const files = nameReleaseFiles(version, options.platform ?? ownPlatform(), options.arch ?? ownArch());
  const base = releaseBase(options.releasesUrl ?? OFFICIAL_RELEASES_URL, version);
  const checksum = await fetchChecksum(version, files, base, options, log);
  const archive = join(directory, files.archive);
  log.info('downloading Trivy', { version, from: base.host });
  const received = await asUnreachable(() =>
    downloadFile(new URL(files.archive, base), archive, {
      ...limits(options, MAX_ARCHIVE_BYTES),
      onProgress: (receivedBytes, totalBytes) => options.onProgress?.({ step: 'download', receivedBytes, totalBytes }),
    }),
  );
  for (const expected of [checksum, options.archiveSha256?.toLowerCase() ?? checksum]) {
    if (received !== expected) {
      throw unverified(`${files.archive} is not what was released: its SHA-256 is ${received}, expected ${expected}`);
    }
  }
  const path = join(directory, 'trivy');
  await unpackTrivy(archive, path, options.signal);
  return { path, origin: `release-${received.slice(0, 12)}` };
};

const fetchChecksum = async (
  version: string,
  files: ReleaseFiles,
  base: URL,
  options: InstallOptions,
  log: Log,
): Promise<string> => {
  const checksums = await asUnreachable(() =>
    downloadBytes(new URL(files.checksums, base), limits(options, MAX_CHECKSUMS_BYTES)),
  );
  const bundle = await fetchBundle(new URL(files.bundle, base), options);
  const trustedRoot = options.trustedRoot ?? (await loadSigstoreRoot({ cacheDir: options.cacheDir, log }));
  verifySignature({ version, checksums, bundle }, trustedRoot);
  log.info('signature of the release verified', { version });
  return readChecksum(checksums.toString('utf8'), files.archive);
};

/** Checksums without a signature are no reason to look elsewhere but to stop. */
const fetchBundle = (url: URL, options: InstallOptions): Promise<Buffer> =>
  asUnreachable(async () => {
    try {
      return await downloadBytes(url, limits(options, MAX_BUNDLE_BYTES));
    } catch (error) {
      if (error instanceof HttpStatusError && error.status === 404) {
        throw unverified(`the release's checksums are not signed: ${error.message}`, error);
      }
      throw error;
    }
  });

const releaseBase = (releasesUrl: string, version: string): URL => {
  const text = `${releasesUrl.replace(/\/+$/v, '')}/v${version}/`;
  if (!URL.canParse(text) || !isTrustworthyOrigin(new URL(text))) {
    throw new ScannerError(`${JSON.stringify(releasesUrl)} is no place to get releases from`, {
      code: 'setting_invalid',
      hint: 'give an https URL (plain http on loopback only)',
    });
  }
  return new URL(text);
};

const limits = (options: InstallOptions, maxBytes: number): DownloadOptions => ({
  maxBytes,
  deadlines: { ...DEFAULT_DEADLINES, ...options.deadlines },
  dispatcher: options.dispatcher,
  signal: options.signal,
});

const asUnreachable = async <Result>(fetch: () => Promise<Result>): Promise<Result> => {
  try {
    return await fetch();
  } catch (error) {
    if (!(error instanceof HttpStatusError)) throw error;
    throw new ScannerError(`the release cannot be had: ${error.message}`, {
      code: 'trivy_unreachable',
      hint: error.status === 404 ? 'check the version and the releases URL' : 'try again later, or name another place',
      cause: error,
    });
  }
};

const unverified = (message: string, cause?: unknown): ScannerError =>
  new ScannerError(message, {
    code: 'trivy_unverified',
    hint: 'nothing was installed; the release or the way to it may have been tampered with',
    cause,
  });
