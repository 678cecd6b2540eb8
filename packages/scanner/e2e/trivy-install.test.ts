import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';

import type { LockKeeper } from '@scanner/core';
import {
  createReleaseAuthority,
  genuineSigner,
  packRelease,
  realTrivy,
  startReleaseServer,
  temporaryDirectory,
} from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { installTrivy, locateTrivy } from '../src/trivy-binary/index.ts';
import { PINNED_VERSION } from '../src/trivy-binary/trivy-version.ts';

const ARCHIVE = `trivy_${PINNED_VERSION}_Linux-64bit.tar.gz`;
const CHECKSUMS = `trivy_${PINNED_VERSION}_checksums.txt`;

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

const noContention: LockKeeper = {
  tryAcquire: () => ({ heldBy: 'nobody' }),
  acquire: () => Promise.resolve({ release: () => {}, [Symbol.dispose]: () => {} }),
};

describe('the real Trivy', () => {
  it('is found and tells its version', async () => {
    await using cache = await temporaryDirectory();
    const explicitPath = await realTrivy();
    expect(await locateTrivy({ explicitPath, cacheDir: cache.path })).toMatchObject({
      path: await realpath(explicitPath),
      version: PINNED_VERSION,
    });
  });

  it('is installed from a signed release, whole', async () => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    const authority = await createReleaseAuthority();
    const program = await readFile(await realTrivy());
    const archive = await packRelease([['trivy', program]]);
    const checksums = Buffer.from(`${sha256(archive)}  ${ARCHIVE}\n`);
    server.files
      .set(ARCHIVE, archive)
      .set(CHECKSUMS, checksums)
      .set(`${CHECKSUMS}.sigstore.json`, await authority.sign(checksums, genuineSigner(PINNED_VERSION)));

    const installed = await installTrivy({
      cacheDir: cache.path,
      method: 'release',
      releasesUrl: server.url,
      trustedRoot: authority.trustedRoot,
      platform: 'linux',
      arch: 'x64',
      locks: noContention,
    });

    expect(installed).toMatchObject({ version: PINNED_VERSION, origin: 'cache', warnings: [] });
    expect(sha256(await readFile(installed.path))).toBe(sha256(program));
  });

  it('is built from the pinned source', async () => {
    await using cache = await temporaryDirectory();
    const installed = await installTrivy({
      cacheDir: cache.path,
      method: 'build',
      buildEnvironment: process.env,
      locks: noContention,
    });
    expect(installed).toMatchObject({ version: PINNED_VERSION, origin: 'cache' });
    expect(await locateTrivy({ cacheDir: cache.path })).toEqual(installed);
  }, 900_000);
});
