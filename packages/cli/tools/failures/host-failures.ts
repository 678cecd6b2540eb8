import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';

import { HostScanDocument } from '@scanner/core';
import {
  anImage,
  type Engine,
  fakeTrivy,
  placeDatabase,
  processesNaming,
  realTrivy,
  tinyFileSystem,
  waitUntil,
  writeDockerArchive,
} from '@scanner/testing';

import { engineProxy } from './engine-proxy.ts';
import { readDocument } from '../../e2e/support/schemas.ts';
import { watchTrivy } from '../../e2e/support/watched-trivy.ts';
import { check, errorLine, type Failure, lineWith, reasonOf } from './failure.ts';
import { ALPINE, nextPass, type World } from './world.ts';

const run = promisify(execFile);
const SCAN = ['host', 'scan'] as const;
const SOMEBODY_ELSE = 4321;
const NO_UPDATE = { TRIVY_SKIP_DB_UPDATE: '1' };
const DAY_MS = 24 * 60 * 60 * 1000;
const LARGE_LABEL_BYTES = 270 * 1024 * 1024;
const LEAVING = 'registry.example/shop/leaving:1';
const LATER_FORMAT = 4711;

/** What goes wrong with the engine, with Trivy, with the database and with the disk of a host. */
export const HOST_FAILURES: readonly Failure[] = [
  {
    what: 'No Docker engine answers',
    command: 'gts host scan',
    async provoke(world) {
      const user = await world.hostUser();
      await nextPass(user);
      const ended = await user.gts(SCAN, { DOCKER_HOST: 'unix:///nowhere/docker.sock' });
      check((await nextPass(user)).totals.reused === 2, 'both results are still there');
      return { ...said(ended), survived: 'every result' };
    },
  },
  {
    what: 'An image is removed between the listing and its scan',
    command: 'gts host scan --json',
    async provoke(world) {
      const engine = await world.engine();
      await loadLeaving(world, engine);
      const proxy = world.own(
        await engineProxy(engine, {
          before: async (path) => {
            if (path.includes('/get')) await engine.docker(['rmi', '--force', LEAVING]);
          },
        }),
      );
      const user = await world.hostUser({ DOCKER_HOST: proxy.dockerHost, SCAN_IMAGES: LEAVING });
      const ended = await user.gts([...SCAN, '--json']);
      const { totals } = await readDocument(HostScanDocument, ended.stdout);
      check(totals.resolved === 0, 'nothing is resolved');
      return {
        exitCode: ended.exitCode,
        message: await reasonOf(ended, LEAVING),
        survived: 'what is known of it, for 30 days; nothing is resolved',
      };
    },
  },
  {
    what: 'An image has a label of 270 MB',
    command: 'gts host scan',
    async provoke(world) {
      const engine = await world.engine();
      const proxy = world.own(await engineProxy(engine, { change: withLargeLabel }));
      const user = await world.hostUser({ DOCKER_HOST: proxy.dockerHost });
      const ended = await user.gts(SCAN);
      check((await nextPass(user)).totals.reused === 2, 'both images were scanned');
      return { exitCode: ended.exitCode, message: '', survived: 'every result; labels are not kept' };
    },
  },
  {
    what: 'The process may hold no more than 28 files open',
    command: 'gts host scan',
    async provoke(world) {
      const user = await world.hostUser({}, { launcher: ['/usr/bin/prlimit', '--nofile=28', '--'] });
      return { ...said(await user.gts(SCAN)), survived: 'nothing was begun' };
    },
  },
  {
    what: 'Trivy crashes',
    command: 'gts host scan --json',
    async provoke(world) {
      const user = await world.hostUser(NO_UPDATE);
      await placeDatabase(join(user.directory, 'cache'), 1);
      await nextPass(user);
      await placeDatabase(join(user.directory, 'cache'), 2);
      const trivy = world.own(await fakeTrivy({ behaviour: { kind: 'crash' } }));
      const ended = await user.gts([...SCAN, '--json'], { TRIVY_PATH: trivy.path });
      const { totals } = await nextPass(user);
      check(totals.failed === 0 && totals.resolved === 0, 'the next pass resolves nothing falsely');
      return {
        exitCode: ended.exitCode,
        message: await reasonOf(ended, ALPINE),
        survived: 'the results of before; nothing is resolved',
      };
    },
  },
  {
    what: 'Trivy hangs and ignores signals',
    command: 'gts host scan --timeout 3 --json',
    async provoke(world) {
      const user = await world.hostUser();
      const trivy = world.own(await fakeTrivy({ behaviour: { kind: 'hang' } }));
      await nextPass(user);
      await rm(join(user.directory, 'state'), { recursive: true });
      await rm(join(user.directory, 'cache', 'scan-cache.db'), { force: true });
      const ended = await user.gts([...SCAN, '--timeout', '3', '--json'], { TRIVY_PATH: trivy.path, ...NO_UPDATE });
      check((await processesNaming(user.temporary)).length === 0, 'no process is left');
      return {
        exitCode: ended.exitCode,
        message: await reasonOf(ended, ALPINE),
        survived: 'no process is left; the next pass scans them again',
      };
    },
  },
  {
    what: 'A compromised Trivy is in the search path',
    command: 'gts host scan',
    async provoke(world) {
      const trivy = world.own(await fakeTrivy({ behaviour: { kind: 'crash' }, version: '0.69.5' }));
      const user = await world.hostUser({ TRIVY_PATH: trivy.path });
      const ended = await user.gts(SCAN);
      const asked = (await trivy.calls()).map(({ args }) => args.join(' '));
      check(
        asked.every((words) => words.includes('version')),
        'it was asked for its version only',
      );
      return { ...said(ended), survived: 'it ran for nothing but its version' };
    },
  },
  {
    what: 'No mirror of the database answers, and the database of before may still be used',
    command: 'gts host scan',
    async provoke(world) {
      const user = await world.hostUser({ TRIVY_DB_REPOSITORY: '127.0.0.1:1/trivy-db:2' });
      await placeDatabase(join(user.directory, 'cache'), 1, { updatedAt: new Date(Date.now() - 2 * DAY_MS) });
      const ended = await user.gts(SCAN);
      return {
        exitCode: ended.exitCode,
        message: lineWith(ended, /warning: .*database/v),
        survived: 'the database of before; the pass is whole',
      };
    },
  },
  {
    what: 'No mirror of the database answers, and the database of before is too old',
    command: 'gts host scan',
    async provoke(world) {
      const user = await world.hostUser({ TRIVY_DB_REPOSITORY: '127.0.0.1:1/trivy-db:2' });
      await placeDatabase(join(user.directory, 'cache'), 1, { updatedAt: new Date(Date.now() - 10 * DAY_MS) });
      const ended = await user.gts(SCAN);
      const { totals } = await nextPass(user, NO_UPDATE);
      check(totals.scanned === 2, 'it is used where it is asked for');
      return { ...said(ended), survived: 'that database: --skip-db-update uses it, and resolves nothing by it' };
    },
  },
  {
    what: 'The disk of the state is full',
    command: 'gts host scan',
    async provoke(world) {
      const user = await world.hostUser();
      const disk = world.own(await tinyFileSystem(8));
      const inDirectory = [...SCAN, '--dir', join(disk.path, 'security')];
      await user.gts([...inDirectory, '--image', ALPINE]);
      const filler = join(disk.path, 'filler');
      await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']).catch(() => undefined);
      const ended = await user.gts(inDirectory);
      await rm(filler);
      const after = await user.gts(inDirectory);
      check(after.exitCode === 0 && /1 unchanged/v.test(after.stdout), 'the result of before is used again');
      return { ...said(ended), survived: 'what was saved before; a pass with space goes on from it' };
    },
  },
  {
    what: 'The state is on a read-only file system',
    command: 'gts host scan',
    async provoke(world) {
      const user = await world.hostUser();
      const disk = world.own(await tinyFileSystem(8));
      const inDirectory = [...SCAN, '--dir', join(disk.path, 'security')];
      await user.gts(inDirectory);
      await run('mount', ['-o', 'remount,ro', disk.path]);
      const ended = await user.gts(inDirectory);
      const list = await user.gts(['baseline', 'list', '--dir', join(disk.path, 'security')]);
      check(list.exitCode === 0, 'baselines are still listed');
      return { ...said(ended), survived: 'everything; commands that only read still work' };
    },
  },
  {
    what: 'The state belongs to another user',
    command: 'gts host scan',
    async provoke(world) {
      const user = await world.hostUser({}, { bound: true });
      await mkdir(user.directory, { mode: 0o755 });
      await chown(user.directory, SOMEBODY_ELSE, SOMEBODY_ELSE);
      return { ...said(await user.gts(SCAN)), survived: 'everything' };
    },
  },
  {
    what: 'The results are damaged',
    command: 'gts host scan',
    async provoke(world) {
      const user = await world.hostUser();
      await nextPass(user);
      const state = join(user.directory, 'state');
      await writeFile(join(state, 'results.db'), 'not a database, but long enough to be looked at as one'.repeat(100));
      const ended = await user.gts(SCAN);
      check(
        (await readdir(state)).some((name) => /^results\.db.*corrupt/v.test(name)),
        'the file was set aside',
      );
      return {
        exitCode: ended.exitCode,
        message: lineWith(ended, /warning: .*results\.db/v),
        survived: 'the damaged file under another name; everything is scanned again, and what was told is known',
      };
    },
  },
  {
    what: 'A later version of gts has written the state',
    command: 'gts host scan',
    async provoke(world) {
      const user = await world.hostUser();
      await nextPass(user);
      const file = join(user.directory, 'state', 'results.db');
      const database = new DatabaseSync(file);
      database.exec(`PRAGMA user_version = ${LATER_FORMAT}`);
      database.close();
      const ended = await user.gts(SCAN);
      check((ended.stderr.match(/error\[/gv) ?? []).length === 1, 'there is one complaint');
      return { ...said(ended), survived: 'the file, untouched' };
    },
  },
  {
    what: 'Another pass is at work on the same state',
    command: 'gts host scan',
    async provoke(world) {
      const trivy = world.own(await watchTrivy({ freeScans: 0 }));
      const user = await world.hostUser({ TRIVY_PATH: trivy.path });
      const first = user.start(SCAN);
      await waitUntil(async () => ((await trivy.scans()).length > 0 ? true : undefined), {
        what: 'the first pass',
        timeoutMs: 60_000,
      });
      const ended = await user.gts(SCAN);
      await trivy.release();
      check((await first.ended).exitCode === 0, 'the first pass ends well');
      return { ...said(ended), survived: 'the first pass, which ends with 0' };
    },
  },
  {
    what: 'SIGTERM in the middle of a pass',
    command: 'gts host scan',
    provoke: (world) => interrupted(world, 'SIGTERM'),
  },
  {
    what: 'SIGKILL in the middle of a pass',
    command: 'gts host scan',
    provoke: (world) => interrupted(world, 'SIGKILL'),
  },
  {
    what: 'An .env file that merely stands in the working directory names a program to run',
    command: 'gts doctor',
    async provoke(world) {
      const user = await world.hostUser({ TRIVY_PATH: undefined });
      const proof = join(user.home, 'ran');
      await mkdir(user.directory);
      const program = join(user.directory, 'trivy');
      await writeFile(program, `#!/bin/sh\n/usr/bin/touch ${proof}\n`, { mode: 0o755 });
      await writeFile(join(user.directory, '.env'), `TRIVY_PATH=${program}\n`);
      const ended = await user.gts(['doctor']);
      check(
        await readFile(proof).then(
          () => false,
          () => true,
        ),
        'the program did not run',
      );
      return { ...said(ended), survived: 'the program was not run' };
    },
  },
  {
    what: 'A directory of the cache lies where the system lets nothing be made',
    command: 'XDG_CACHE_HOME=/proc/none gts demo',
    async provoke(world) {
      const user = await world.user({ XDG_CACHE_HOME: '/proc/none' });
      return { ...said(await user.gts(['demo'])), survived: 'nothing was begun' };
    },
  },
  {
    what: 'A baseline cannot be read',
    command: 'gts host scan',
    async provoke(world) {
      const user = await world.hostUser();
      await user.gts([...SCAN, '--save-snapshot']);
      const snapshots = join(user.directory, 'snapshots');
      const name = (await readdir(snapshots)).find((file) => file.endsWith('.json')) ?? '';
      const text = `<<<<<<< ours\n${await readFile(join(snapshots, name), 'utf8')}`;
      await writeFile(join(snapshots, name), text);
      const ended = await user.gts(SCAN);
      check((await readFile(join(snapshots, name), 'utf8')) === text, 'the file is as it was');
      return {
        exitCode: ended.exitCode,
        message: lineWith(ended, /warning: .*baseline/v),
        survived: 'the file as it is; what was accepted stays known',
      };
    },
  },
];

const said = (ended: { readonly exitCode: number | null; readonly stderr: string }) => ({
  exitCode: ended.exitCode,
  message: errorLine(ended),
});

/** The signal comes while Trivy is at work. */
const interrupted = async (world: World, signal: 'SIGTERM' | 'SIGKILL') => {
  const trivy = world.own(await watchTrivy({ freeScans: 0 }));
  const user = await world.hostUser({ TRIVY_PATH: trivy.path });
  const running = user.start(SCAN);
  await waitUntil(async () => ((await trivy.scans()).length > 0 ? true : undefined), {
    what: 'the middle of the pass',
    timeoutMs: 60_000,
  });
  running.kill(signal);
  const ended = await running.ended;
  const { totals } = await nextPass(user, { TRIVY_PATH: await realTrivy() });
  check(totals.failed === 0 && totals.scanned + totals.reused === 2, 'the next pass is whole');
  check((await processesNaming(user.temporary)).length === 0, 'no process is left');
  check((await readdir(user.temporary)).length === 0, 'no temporary file is left');
  return {
    exitCode: ended.exitCode,
    message: signal === 'SIGKILL' ? '' : lineWith(ended, /gts host scan/v),
    survived: 'what was there before; the next pass is whole, and neither a process nor a file is left of this one',
  };
};

/** An image whose layer no other image has. */
const loadLeaving = async (world: World, engine: Engine): Promise<void> => {
  const archive = join(await world.directory(), 'leaving.tar');
  await writeDockerArchive(archive, [
    { image: await anImage({ layers: [{ 'own.txt': LEAVING }] }), references: [LEAVING] },
  ]);
  await engine.load(archive);
};

/** The list of images, where the label of the first one is huge. */
const withLargeLabel = (path: string, body: Buffer): Buffer => {
  const before = '"Labels":';
  const at = body.indexOf(before);
  if (!path.includes('/images/json') || at < 0) return body;
  const label = Buffer.alloc(LARGE_LABEL_BYTES, 'x');
  const rest = body
    .subarray(at + before.length)
    .toString()
    .replace(/^(?:null|\{[^\}]*\})/v, '');
  return Buffer.concat([body.subarray(0, at), Buffer.from(`${before}{"large":"`), label, Buffer.from(`"}${rest}`)]);
};
