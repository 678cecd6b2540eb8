import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { type Log, ScannerError } from '@scanner/core';

import { ownManifest } from '../own-package.ts';
import { findInSearchPath } from './executable-file.ts';
import type { InstallOptions } from './install-options.ts';
import type { PreparedBinary } from './release-install.ts';
import { type ProgramEnd, runProgram } from './run-program.ts';
import { isAtLeast, PINNED_VERSION } from './trivy-version.ts';

const OLDEST_GO = '1.26.3';
const GO_VERSION_DEADLINE_MS = 30_000;
const BUILD_DEADLINE_MS = 60 * 60_000;
const MAX_STDOUT_BYTES = 64 * 1024;
const TOLD_OUTPUT_CHARS = 2000;

/** What of the caller's environment reaches Go: where its caches are and how the network is reached. */
const PASSED_ON = [
  'HOME',
  'PATH',
  'GOPATH',
  'GOPROXY',
  'GOSUMDB',
  'GONOSUMDB',
  'GOMODCACHE',
  'GOCACHE',
  'XDG_CACHE_HOME',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
] as const;

/** A Go toolchain that is new enough. */
export interface GoToolchain {
  readonly path: string;
  readonly version: string;
}

/** Finds a Go toolchain that can build Trivy; null when there is none. */
export const findGo = async (
  workDirectory: string,
  { goPath, buildEnvironment = {}, signal }: InstallOptions,
): Promise<GoToolchain | null> => {
  const path = goPath ?? (await findInSearchPath('go', buildEnvironment['PATH'] ?? ''));
  if (path === null) return null;
  try {
    const { stdout } = await runProgram(path, ['version'], {
      cwd: workDirectory,
      env: goEnvironment(buildEnvironment, workDirectory),
      deadlineMs: GO_VERSION_DEADLINE_MS,
      maxStdoutBytes: MAX_STDOUT_BYTES,
      signal,
    });
    const version = /^go version go(\d+\.\d+(?:\.\d+)?)/v.exec(stdout)?.[1] ?? '';
    const full = /^\d+\.\d+$/v.test(version) ? `${version}.0` : version;
    return isAtLeast(full, OLDEST_GO) ? { path, version } : null;
  } catch {
    signal?.throwIfAborted();
    return null;
  }
};

/** What names a build: all it is made of is pinned by `go.sum`. */
export const buildOrigin = async (): Promise<string> =>
  createHash('sha256')
    .update(await readFile(join(moduleDirectory(), 'go.sum')))
    .digest('hex')
    .slice(0, 12);

/**
 * Compiles the pinned Trivy from the Go modules that the shipped `go.sum` pins byte for byte. Takes some seconds
 * with a filled Go cache, up to ten minutes without.
 *
 * @param directory empty, removed by the caller whatever happens
 * @throws ScannerError `trivy_build_failed` or `disk_full`
 */
export const buildTrivy = async (
  go: GoToolchain,
  directory: string,
  { buildEnvironment = {}, signal, onProgress }: InstallOptions,
  log: Log,
): Promise<PreparedBinary> => {
  const path = join(directory, 'trivy');
  const module = join(directory, 'module');
  await mkdir(module);
  for (const file of ['go.mod', 'go.sum']) await copyFile(join(moduleDirectory(), file), join(module, file));
  log.info('building Trivy with Go, which takes up to ten minutes the first time', {
    version: PINNED_VERSION,
    go: go.version,
  });
  let packages = 0;
  const end = await runProgram(go.path, buildArguments(path), {
    cwd: module,
    env: goEnvironment(buildEnvironment, directory),
    deadlineMs: BUILD_DEADLINE_MS,
    maxStdoutBytes: MAX_STDOUT_BYTES,
    signal,
    onStderr: (text) => {
      packages += text.split('\n').length - 1;
      onProgress?.({ step: 'build', packages });
    },
  });
  if (end.exitCode !== 0) throw buildFailed(end);
  return { path, origin: await buildOrigin() };
};

const buildArguments = (output: string): readonly string[] => [
  'build',
  '-v',
  '-trimpath',
  '-ldflags',
  `-s -w -X github.com/aquasecurity/trivy/pkg/version/app.ver=${PINNED_VERSION}`,
  '-o',
  output,
  'github.com/aquasecurity/trivy/cmd/trivy',
];

const goEnvironment = (
  given: Readonly<Record<string, string | undefined>>,
  temporaryDirectory: string,
): Record<string, string> => ({
  ...Object.fromEntries(PASSED_ON.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]))),
  TMPDIR: temporaryDirectory,
  GOFLAGS: '-mod=readonly',
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
  GOEXPERIMENT: 'jsonv2',
  CGO_ENABLED: '0',
});

const moduleDirectory = (): string => join(dirname(ownManifest()), 'trivy-build');

const buildFailed = ({ stopped, exitCode, signal, stderr }: ProgramEnd): ScannerError => {
  const how =
    stopped === null
      ? `ended with ${signal ?? `exit code ${exitCode}`}`
      : 'was stopped since it did not come to an end';
  const isFull = stderr.includes('no space left on device');
  return new ScannerError(`building Trivy ${how}:\n${stderr.trimEnd().slice(-TOLD_OUTPUT_CHARS)}`, {
    code: isFull ? 'disk_full' : 'trivy_build_failed',
    hint: isFull
      ? 'building takes 8 GB of disk space: free some'
      : 'check that the Go module proxy (GOPROXY) can be reached, then try again',
  });
};

/** @returns the error for a build that cannot even start */
export const goMissing = (): ScannerError =>
  new ScannerError(`no Go toolchain from ${OLDEST_GO} on is installed to build Trivy with`, {
    code: 'trivy_build_failed',
    hint: 'install Go, or get the release: gts trivy install',
  });
