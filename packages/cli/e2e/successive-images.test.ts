import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { BaselineReport, HostScanDocument } from '@scanner/core';
import {
  alpineFiles,
  anImage,
  type Engine,
  pauseProgram,
  type SmtpServer,
  startClassicEngine,
  startSmtpServer,
  temporaryDirectory,
  writeDockerArchive,
} from '@scanner/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type NoticedHost, noticedHost, readMail } from './support/noticed-host.ts';

const BUSYBOX = { name: 'busybox', version: '1.37.0-r30' };
const ZLIB = { name: 'zlib', version: '1.3.1-r2' };

let engine: Engine;
let smtp: SmtpServer;
let host: NoticedHost;

beforeAll(async () => {
  engine = await startClassicEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  smtp = await startSmtpServer();
  host = await noticedHost(engine, smtp);
});
afterEach(async () => {
  await host[Symbol.asyncDispose]();
  await smtp[Symbol.asyncDispose]();
});

/** Loads an image whose containers can run; each build has another content. */
const build = async (reference: string, packages: readonly (typeof BUSYBOX)[]): Promise<void> => {
  const files = { ...alpineFiles('3.23.2', packages), 'bin/pause': pauseProgram(), 'etc/build': reference };
  await using directory = await temporaryDirectory();
  const archive = join(directory.path, 'image.tar');
  await writeDockerArchive(archive, [{ image: await anImage({ layers: [files] }), references: [reference] }]);
  await engine.load(archive);
};

/** Runs a container in place of the one before, as Compose does. */
const deploy = async (reference: string, container: string, service?: string): Promise<void> => {
  const running = await engine.docker(['ps', '--all', '--quiet']);
  if (running !== '') await engine.docker(['rm', '--force', ...running.split('\n')]);
  const labels =
    service === undefined
      ? []
      : ['--label', 'com.docker.compose.project=shop', '--label', `com.docker.compose.service=${service}`];
  const options = ['--name', container, '--network', 'none', ...labels];
  await engine.docker(['run', '--detach', ...options, reference, '/bin/pause']);
};

const standingOf = ({ images }: HostScanDocument, reference: string): BaselineReport | undefined =>
  images.flatMap(({ baselines }) => baselines).find((each) => each.reference === reference);

describe('the image that a service runs next', () => {
  it('goes on from the one before, deploy after deploy: what is new of it is told, and what is accepted stays so', async () => {
    const [six, seven, eight, other] = [
      'registry.example/acme/app:build-6',
      'mirror.example/acme/app:build-7',
      'mirror.example/acme/app:build-8',
      'registry.example/acme/other:1',
    ] as const;
    await build(six, [BUSYBOX]);
    await deploy(six, 'shop-web-1', 'web');
    expect((await host.pass(['--save-snapshot'])).exitCode).toBe(0);

    await build(seven, [BUSYBOX, ZLIB]);
    await deploy(seven, 'shop-web-2', 'web');
    const { document } = await host.pass();
    expect(smtp.mails).toHaveLength(1);
    expect((await readMail(smtp)).text?.replaceAll(/\s+/g, ' ')).toContain(`${six} -> ${seven}: 1 new`);
    expect(document.totals.new).toBe(1);
    expect(standingOf(document, seven)).toMatchObject({ state: 'accepted' });
    expect((await readdir(join(host.user.directory, 'snapshots'))).toSorted()).toEqual([
      expect.stringMatching(/app-build-7|app_build-7/),
      expect.stringMatching(/app-build-6|app_build-6/),
    ]);

    await build(eight, [BUSYBOX, ZLIB]);
    await deploy(eight, 'shop-web-2');
    await engine.docker(['rmi', six]);
    await host.pass();
    expect(smtp.mails).toHaveLength(1);
    expect(await host.summary()).toContain(`${eight}: first seen, ${seven} → ${eight}`);

    await build(other, [ZLIB]);
    await deploy(other, 'blog-web-1', 'web-of-another-name');
    await host.pass();
    expect((await readMail(smtp, 1)).subject).toContain('1 first seen');
  });
});
