import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startReleaseServer, temporaryDirectory, waitUntil } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import type { InstallOptions } from './install-options.ts';
import { installTrivy } from './install-trivy.ts';
import { PINNED_VERSION } from './trivy-version.ts';

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

const optionsFor = (cacheDir: string, more: Partial<InstallOptions>): InstallOptions => ({
  cacheDir,
  method: 'build',
  locks: {
    tryAcquire: () => ({ heldBy: 'nobody asks here' }),
    acquire: () => Promise.resolve({ release: () => {}, [Symbol.dispose]: () => {} }),
  },
  ...more,
});

const isLeftEmpty = async (cacheDir: string): Promise<boolean> => (await readdir(join(cacheDir, 'trivy'))).length === 0;

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('installTrivy by a build', () => {
  /** A `go` that "compiles" a shell script, for what the real one cannot be made to do quickly. */
  const goProgram = async (directory: string, build: string, version = 'go1.26.3'): Promise<string> => {
    const path = join(directory, 'go');
    const script = `#!/bin/sh\nif [ "$1" = version ]; then echo go version ${version} linux/amd64; exit; fi\n${build}\n`;
    await writeFile(path, script, { mode: 0o755 });
    return path;
  };
  const compiling = (version: string): string =>
    `while [ "$1" != -o ]; do shift; done; echo one >&2; echo two >&2; printf '#!/bin/sh\\necho {\\"Version\\":\\"${version}\\"}\\n' > "$2"; chmod 755 "$2"`;

  it('builds where releases are out of reach and says why', async () => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    await using bin = await temporaryDirectory();
    await goProgram(bin.path, compiling(PINNED_VERSION));
    const said: string[] = [];
    const progress: unknown[] = [];
    const log = {
      info: (message: string) => said.push(message),
      warn: (message: string) => said.push(message),
      debug: () => {},
    };
    const options = optionsFor(cache.path, {
      releasesUrl: server.url,
      method: 'auto',
      buildEnvironment: { PATH: `${bin.path}:/usr/bin:/bin` },
      log,
      onProgress: (step) => progress.push(step),
    });

    const installed = await installTrivy(options);

    const goSum = await readFile(new URL('../../trivy-build/go.sum', import.meta.url));
    expect(installed.path).toBe(join(cache.path, 'trivy', `${PINNED_VERSION}-${sha256(goSum).slice(0, 12)}`, 'trivy'));
    expect(said).toEqual(['releases of Trivy cannot be downloaded', expect.stringContaining('building Trivy')]);
    expect(progress.at(-1)).toEqual({ step: 'build', packages: 2 });
    expect(await installTrivy(options)).toEqual(installed);
    expect(server.asked).toHaveLength(1);
  });

  it('gives Go a pinned module and no more of the environment than it needs', async () => {
    await using cache = await temporaryDirectory();
    await using bin = await temporaryDirectory();
    const seen = join(bin.path, 'seen');
    const goPath = await goProgram(bin.path, `{ env; ls; } > ${seen}; ${compiling(PINNED_VERSION)}`);
    const buildEnvironment = { PATH: '/usr/bin:/bin', GOPROXY: 'https://proxy.test', GOFLAGS: '-mod=mod', SECRET: 'x' };
    await installTrivy(optionsFor(cache.path, { goPath, buildEnvironment }));
    const lines = (await readFile(seen, 'utf8')).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'GOPROXY=https://proxy.test',
        'GOFLAGS=-mod=readonly',
        'GOEXPERIMENT=jsonv2',
        'CGO_ENABLED=0',
        'go.mod',
        'go.sum',
      ]),
    );
    expect(lines.filter((line) => line.includes('SECRET'))).toEqual([]);
  });

  it('tells the end of what the compiler said', async () => {
    await using cache = await temporaryDirectory();
    await using bin = await temporaryDirectory();
    const goPath = await goProgram(bin.path, 'echo "verifying module: checksum mismatch" >&2; exit 1');
    await expect(installTrivy(optionsFor(cache.path, { goPath }))).rejects.toMatchObject({
      code: 'trivy_build_failed',
      message: expect.stringContaining('checksum mismatch'),
    });
    expect(await isLeftEmpty(cache.path)).toBe(true);
  });

  it('does not install a build that says it is another version', async () => {
    await using cache = await temporaryDirectory();
    await using bin = await temporaryDirectory();
    const goPath = await goProgram(bin.path, compiling('0.73.0'));
    await expect(installTrivy(optionsFor(cache.path, { goPath }))).rejects.toMatchObject({
      code: 'trivy_unverified',
    });
    expect(await isLeftEmpty(cache.path)).toBe(true);
  });

  it.each(['go1.26.2', 'go1.9', 'devel'])('does not build with %s', async (version) => {
    await using cache = await temporaryDirectory();
    await using bin = await temporaryDirectory();
    const goPath = await goProgram(bin.path, compiling(PINNED_VERSION), version);
    await expect(installTrivy(optionsFor(cache.path, { goPath }))).rejects.toMatchObject({
      code: 'trivy_build_failed',
      message: expect.stringContaining('1.26.3'),
    });
  });

  it('builds the pinned version only', async () => {
    await using cache = await temporaryDirectory();
    await expect(installTrivy(optionsFor(cache.path, { version: '0.73.0' }))).rejects.toMatchObject({
      code: 'setting_invalid',
    });
  });

  it('says that releases are out of reach, and that Go would help, where there is none', async () => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    await expect(
      installTrivy(
        optionsFor(cache.path, {
          releasesUrl: server.url,
          method: 'auto',
        }),
      ),
    ).rejects.toMatchObject({
      code: 'trivy_unreachable',
      hint: expect.stringContaining('install Go'),
    });
  });

  it('ends the compiler with all its children on abort', async () => {
    await using cache = await temporaryDirectory();
    await using bin = await temporaryDirectory();
    const pidFile = join(bin.path, 'pid');
    const goPath = await goProgram(bin.path, `sleep 600 & echo $! > ${pidFile}; echo started >&2; wait`);
    const abort = new AbortController();
    const reason = new Error('enough');
    await expect(
      installTrivy(
        optionsFor(cache.path, {
          goPath,
          signal: abort.signal,
          onProgress: () => abort.abort(reason),
        }),
      ),
    ).rejects.toBe(reason);
    const child = Number(await readFile(pidFile, 'utf8'));
    await waitUntil(() => (isRunning(child) ? undefined : true), { what: 'the end of its child', timeoutMs: 10_000 });
    expect(await isLeftEmpty(cache.path)).toBe(true);
  });
});
