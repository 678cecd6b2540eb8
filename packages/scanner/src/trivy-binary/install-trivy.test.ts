import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { HeldLock, LockKeeper } from '@scanner/core';
import {
  createReleaseAuthority,
  genuineSigner,
  packRelease,
  type ReleaseAuthority,
  type ReleaseServer,
  startReleaseServer,
  temporaryDirectory,
} from '@scanner/testing';
import { beforeAll, describe, expect, it } from 'vitest';

import type { InstallOptions } from './install-options.ts';
import { installTrivy } from './install-trivy.ts';
import { locateTrivy } from './locate-trivy.ts';
import { PINNED_VERSION } from './trivy-version.ts';

const ARCHIVE = `trivy_${PINNED_VERSION}_Linux-64bit.tar.gz`;
const CHECKSUMS = `trivy_${PINNED_VERSION}_checksums.txt`;
const BUNDLE = `${CHECKSUMS}.sigstore.json`;

const saying = (version: string): string => `#!/bin/sh\necho '{"Version":"${version}"}'\n`;
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** One holder at a time, in the order they came. */
const locksOfOneProcess = (): LockKeeper => {
  let last: Promise<void> = Promise.resolve();
  return {
    tryAcquire: () => ({ heldBy: 'nobody asks here' }),
    acquire: async () => {
      const turn = Promise.withResolvers<void>();
      const before = last;
      last = turn.promise;
      await before;
      const held: HeldLock = { release: turn.resolve, [Symbol.dispose]: turn.resolve };
      return held;
    },
  };
};

let authority: ReleaseAuthority;
beforeAll(async () => {
  authority = await createReleaseAuthority();
});

const publish = async (
  server: ReleaseServer,
  archive: Buffer,
  signer = genuineSigner(PINNED_VERSION),
): Promise<void> => {
  const checksums = Buffer.from(
    `${sha256(Buffer.from('other'))}  trivy_0.74.0_macOS-64bit.tar.gz\n${sha256(archive)}  ${ARCHIVE}\n`,
  );
  server.files
    .set(ARCHIVE, archive)
    .set(CHECKSUMS, checksums)
    .set(BUNDLE, await authority.sign(checksums, signer));
};

const goodArchive = (version = PINNED_VERSION): Promise<Buffer> =>
  packRelease([
    ['LICENSE', 'free'],
    ['trivy', saying(version)],
    ['../escaped', 'x'],
  ]);

const optionsFor = (
  server: { readonly url: string },
  cacheDir: string,
  more: Partial<InstallOptions> = {},
): InstallOptions => ({
  cacheDir,
  releasesUrl: server.url,
  trustedRoot: authority.trustedRoot,
  method: 'release',
  platform: 'linux',
  arch: 'x64',
  locks: locksOfOneProcess(),
  ...more,
});

const expectNothingLeft = async (cacheDir: string): Promise<void> => {
  expect(await readdir(join(cacheDir, 'trivy'))).toEqual([]);
};

describe('installTrivy from a release', () => {
  it('puts the verified program in place, where locateTrivy finds it', async () => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    const archive = await goodArchive();
    await publish(server, archive);
    const progress: unknown[] = [];

    const installed = await installTrivy(
      optionsFor(server, cache.path, {
        onProgress: (step) => progress.push(step),
        archiveSha256: sha256(archive).toUpperCase(),
      }),
    );

    const name = `${PINNED_VERSION}-release-${sha256(archive).slice(0, 12)}`;
    expect(installed).toEqual({
      path: join(cache.path, 'trivy', name, 'trivy'),
      version: PINNED_VERSION,
      origin: 'cache',
      warnings: [],
    });
    expect(await readdir(join(cache.path, 'trivy'))).toEqual([name]);
    expect(await readdir(dirname(installed.path))).toEqual(['trivy']);
    expect(await locateTrivy({ cacheDir: cache.path })).toEqual(installed);
    expect(progress.at(-1)).toEqual({ step: 'download', receivedBytes: archive.length, totalBytes: archive.length });
    expect(server.asked).toEqual([CHECKSUMS, BUNDLE, ARCHIVE]);
  });

  it('installs a newer release that is named, which is then the one that is used', async () => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    await publish(server, await goodArchive());
    await installTrivy(optionsFor(server, cache.path));
    const archive = await goodArchive('0.76.2');
    const [name, sums] = ['trivy_0.76.2_Linux-64bit.tar.gz', 'trivy_0.76.2_checksums.txt'];
    const checksums = Buffer.from(`${sha256(archive)}  ${name}\n`);
    server.files.set(name, archive).set(sums, checksums);
    server.files.set(`${sums}.sigstore.json`, await authority.sign(checksums, genuineSigner(PINNED_VERSION)));
    const newer = optionsFor(server, cache.path, { version: '0.76.2' });
    await expect(installTrivy(newer)).rejects.toMatchObject({ code: 'trivy_unverified' });
    server.files.set(`${sums}.sigstore.json`, await authority.sign(checksums, genuineSigner('0.76.2')));
    const installed = await installTrivy(newer);
    expect(installed).toMatchObject({ version: '0.76.2', warnings: [] });
    expect(await locateTrivy({ cacheDir: cache.path })).toEqual(installed);
  });

  it('downloads once for two that ask at the same time, and not again later', async () => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    await publish(server, await goodArchive());
    const options = optionsFor(server, cache.path);
    const [one, other] = await Promise.all([installTrivy(options), installTrivy(options)]);
    expect(one).toEqual(other);
    expect(await installTrivy(options)).toEqual(one);
    expect(server.asked).toEqual([CHECKSUMS, BUNDLE, ARCHIVE]);
  });

  it('replaces one that is damaged and removes what an ended process left', async () => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    await publish(server, await goodArchive());
    const { path } = await installTrivy(optionsFor(server, cache.path));
    await writeFile(path, 'damaged');
    await mkdir(join(cache.path, 'trivy', '.partial-dead', 'release'), { recursive: true });
    await installTrivy(optionsFor(server, cache.path));
    expect(await readFile(path, 'utf8')).toBe(saying(PINNED_VERSION));
    expect(await readdir(join(cache.path, 'trivy'))).toHaveLength(1);
  });

  it.each([
    [
      'an archive that was tampered with',
      async (server: ReleaseServer) => server.files.set(ARCHIVE, await goodArchive('0.74.1')),
      /is not what was released/v,
    ],
    [
      'an archive that was cut short',
      async (server: ReleaseServer) => server.files.set(ARCHIVE, (await goodArchive()).subarray(0, 100)),
      /is not what was released/v,
    ],
    [
      'checksums that were changed after signing',
      async (server: ReleaseServer) => {
        const archive = await goodArchive('0.74.1');
        server.files.set(ARCHIVE, archive).set(CHECKSUMS, `${sha256(archive)}  ${ARCHIVE}\n`);
      },
      /signature .* does not hold/v,
    ],
    [
      'a signature over another file',
      async (server: ReleaseServer) =>
        server.files.set(BUNDLE, await authority.sign(Buffer.from('another'), genuineSigner(PINNED_VERSION))),
      /signature .* does not hold/v,
    ],
    [
      'the signature of another instance of sigstore',
      async (server: ReleaseServer) => {
        const checksums = server.files.get(CHECKSUMS);
        const other = await createReleaseAuthority();
        server.files.set(BUNDLE, await other.sign(Buffer.from(checksums as Buffer), genuineSigner(PINNED_VERSION)));
      },
      /signature .* does not hold/v,
    ],
    [
      'the signature of another workflow',
      async (server: ReleaseServer) =>
        publish(server, await goodArchive(), {
          ...genuineSigner(PINNED_VERSION),
          identity: `https://github.com/mallory/trivy/.github/workflows/release.yaml@refs/tags/v${PINNED_VERSION}`,
        }),
      /signed by "https:\/\/github\.com\/mallory/v,
    ],
    [
      'an identity that only contains the right one',
      async (server: ReleaseServer) =>
        publish(server, await goodArchive(), {
          ...genuineSigner(PINNED_VERSION),
          identity: `https://mallory.test/?${genuineSigner(PINNED_VERSION).identity}`,
        }),
      /signed by "https:\/\/mallory\.test/v,
    ],
    [
      'the right identity from another issuer',
      async (server: ReleaseServer) =>
        publish(server, await goodArchive(), {
          ...genuineSigner(PINNED_VERSION),
          issuer: 'https://accounts.mallory.test',
        }),
      /accounts\.mallory\.test/v,
    ],
    [
      'the signature of another release',
      async (server: ReleaseServer) => publish(server, await goodArchive(), genuineSigner('0.73.0')),
      /signed by .*v0\.73\.0/v,
    ],
    ['no signature', async (server: ReleaseServer) => server.files.delete(BUNDLE), /are not signed/v],
    [
      'a web page instead of the signature',
      async (server: ReleaseServer) => server.files.set(BUNDLE, '<html>Sign in</html>'),
      /signature .* does not hold/v,
    ],
    [
      'a web page instead of the checksums',
      async (server: ReleaseServer) => server.files.set(CHECKSUMS, '<html>Sign in</html>'),
      /signature .* does not hold/v,
    ],
    [
      'checksums that do not name the archive',
      async (server: ReleaseServer) => {
        const checksums = Buffer.from(`${sha256(Buffer.from('x'))}  another.tar.gz\n`);
        server.files
          .set(CHECKSUMS, checksums)
          .set(BUNDLE, await authority.sign(checksums, genuineSigner(PINNED_VERSION)));
      },
      /do not name/v,
    ],
    [
      'checksums without end',
      async (server: ReleaseServer) => server.files.set(CHECKSUMS, Buffer.alloc(1024 * 1024)),
      /sends more than/v,
    ],
    [
      'a program that says it is another version',
      async (server: ReleaseServer) => publish(server, await goodArchive('0.73.0')),
      /says it is 0\.73\.0/v,
    ],
    [
      'an archive without the program',
      async (server: ReleaseServer) => publish(server, await packRelease([['bin/trivy', saying(PINNED_VERSION)]])),
      /holds no program/v,
    ],
  ])('does not install with %s', async (_title, spoil, message) => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    await publish(server, await goodArchive());
    await spoil(server);
    await expect(installTrivy(optionsFor(server, cache.path, { method: 'auto' }))).rejects.toMatchObject({
      code: 'trivy_unverified',
      message: expect.stringMatching(message),
    });
    await expectNothingLeft(cache.path);
  });

  it('does not install an archive with another SHA-256 than the caller knows, however well it is signed', async () => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    await publish(server, await goodArchive());
    await expect(installTrivy(optionsFor(server, cache.path, { archiveSha256: '0'.repeat(64) }))).rejects.toMatchObject(
      { code: 'trivy_unverified' },
    );
    await expectNothingLeft(cache.path);
  });

  it('does not install a refused version that a genuine release turns out to hold', async () => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    await publish(server, await goodArchive('0.69.4'));
    await expect(installTrivy(optionsFor(server, cache.path))).rejects.toMatchObject({ code: 'trivy_refused' });
    await expectNothingLeft(cache.path);
  });

  it.each(['0.69.4', 'v0.69.5', '0.69.6+dev', '0.50.0', 'latest'])(
    'refuses %s before it asks anybody',
    async (version) => {
      await using server = await startReleaseServer();
      await using cache = await temporaryDirectory();
      await expect(installTrivy(optionsFor(server, cache.path, { version }))).rejects.toMatchObject({
        code: 'trivy_refused',
      });
      expect(server.asked).toEqual([]);
      expect(await readdir(cache.path)).toEqual([]);
    },
  );

  it.each<[string, (server: ReleaseServer) => unknown, RegExp]>([
    ['the release is not there', (server) => server.files.clear(), /answered 404/v],
    [
      'the server is in trouble',
      (server) => server.files.set(ARCHIVE, (_request, response) => response.writeHead(503).end()),
      /answered 503/v,
    ],
    ['nothing is answered', (server) => server.files.set(CHECKSUMS, () => {}), /no answer within/v],
    [
      'the download stalls',
      (server) =>
        server.files.set(ARCHIVE, (_request, response) => {
          response.writeHead(200, { 'content-length': '1000' }).write('x');
        }),
      /does not deliver .*: Body Timeout Error/v,
    ],
    [
      'the connection breaks',
      (server) =>
        server.files.set(ARCHIVE, (_request, response) => {
          response.writeHead(200, { 'content-length': '1000' }).write('x', () => response.destroy());
        }),
      /does not deliver/v,
    ],
    [
      'it is sent away from https and this machine',
      (server) =>
        server.files.set(CHECKSUMS, (_request, response) =>
          response.writeHead(302, { location: 'http://mirror.test/x' }).end(),
        ),
      /not https/v,
    ],
    [
      'it is sent in circles',
      (server) =>
        server.files.set(CHECKSUMS, ({ url = '' }, response) => response.writeHead(302, { location: url }).end()),
      /redirected more than/v,
    ],
  ])('says that the release is out of reach when %s', async (_title, spoil, message) => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    await publish(server, await goodArchive());
    spoil(server);
    await expect(
      installTrivy(optionsFor(server, cache.path, { deadlines: { answer: 500, stall: 500 } })),
    ).rejects.toMatchObject({
      code: 'trivy_unreachable',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/\w/v),
    });
    await expectNothingLeft(cache.path);
  });

  it('stops a download on abort and leaves nothing', async () => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    await publish(server, await goodArchive());
    server.files.set(ARCHIVE, (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('x');
    });
    const abort = new AbortController();
    const reason = new Error('enough');
    await expect(
      installTrivy(optionsFor(server, cache.path, { signal: abort.signal, onProgress: () => abort.abort(reason) })),
    ).rejects.toBe(reason);
    await expectNothingLeft(cache.path);
  });

  it('takes releases over plain http from this machine only', async () => {
    await using cache = await temporaryDirectory();
    await expect(installTrivy(optionsFor({ url: 'http://releases.test/trivy' }, cache.path))).rejects.toMatchObject({
      code: 'setting_invalid',
      message: expect.stringContaining('releases.test'),
    });
  });

  it('says so when there is no release for the machine', async () => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    await expect(installTrivy(optionsFor(server, cache.path, { platform: 'win32' }))).rejects.toMatchObject({
      code: 'trivy_missing',
      message: expect.stringContaining('win32/x64'),
    });
  });

  it('names the directory that it cannot write', async () => {
    await using server = await startReleaseServer();
    await using cache = await temporaryDirectory();
    await writeFile(join(cache.path, 'trivy'), 'a file');
    await expect(installTrivy(optionsFor(server, cache.path))).rejects.toMatchObject({
      code: 'directory_unusable',
      message: expect.stringContaining(join(cache.path, 'trivy')),
    });
  });
});
