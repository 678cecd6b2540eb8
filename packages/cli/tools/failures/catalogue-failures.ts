import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { aRepository, type HubFault, startDockerHub, tinyFileSystem, waitUntil } from '@scanner/testing';

import type { GtsUser } from '../../e2e/support/gts.ts';
import { layToolsFile, readToolsFile, scannedIn, toolsFileOf } from '../../e2e/support/tools-file.ts';
import { errorLine, type Failure, lineWith, check, type Outcome } from './failure.ts';
import type { World } from './world.ts';

const run = promisify(execFile);
const SCRAPE = ['scrape', '--namespaces', 'acme'] as const;
const DEEP = 3_000_000;

/** What goes wrong with Docker Hub, with the catalogue and with its files. */
export const CATALOGUE_FAILURES: readonly Failure[] = [
  {
    what: 'Docker Hub answers with JSON that is nested three million levels deep',
    command: 'gts scrape --namespaces acme',
    provoke: (world) => faultyHub(world, { kind: 'answer', status: 200, body: '['.repeat(DEEP) }),
  },
  {
    what: 'A login page of the network answers in place of Docker Hub',
    command: 'gts scrape --namespaces acme',
    provoke: (world) => faultyHub(world, { kind: 'html', status: 200 }),
  },
  {
    what: 'Docker Hub refuses and says to come back in an hour',
    command: 'gts scrape --namespaces acme --max-wait 1s',
    provoke: (world) => faultyHub(world, { kind: 'answer', status: 429, headers: { 'retry-after': '3600' } }),
  },
  {
    what: 'The catalogue’s store is damaged',
    command: 'gts top',
    async provoke(world) {
      const user = await scraped(world);
      const directory = join(user.workingDirectory, 'data');
      await writeFile(join(directory, 'store.db'), 'damaged '.repeat(1000));
      const ended = await user.gts(['top']);
      const again = await user.gts(['scan', '--dry-run']);
      check(/acme\/api/v.test(again.stdout), 'the tools are there from tools.json');
      return {
        exitCode: ended.exitCode,
        message: lineWith(ended, /warning: .*store\.db/v),
        survived: 'every tool, from tools.json; the damaged file under another name',
      };
    },
  },
  {
    what: 'A later version of gts has written tools.json',
    command: 'gts top',
    async provoke(world) {
      const user = await scraped(world);
      const later = { schema: 'gts.tools/99', tools: [] };
      await layToolsFile(toolsFileOf(user), later);
      const ended = await user.gts(['top']);
      check(JSON.stringify(await readToolsFile(toolsFileOf(user))).includes('gts.tools/99'), 'it is as it was');
      return { exitCode: ended.exitCode, message: errorLine(ended), survived: 'the file, untouched' };
    },
  },
  {
    what: 'The disk of the catalogue is full',
    command: 'gts scrape --namespaces acme',
    async provoke(world) {
      const user = await scraped(world);
      const disk = world.own(await tinyFileSystem(1));
      const directory = join(disk.path, 'data');
      await run('dd', ['if=/dev/zero', `of=${join(disk.path, 'filler')}`, 'bs=64k']).catch(() => undefined);
      const ended = await user.gts([...SCRAPE, '--data-dir', directory]);
      return { exitCode: ended.exitCode, message: errorLine(ended), survived: 'nothing was begun' };
    },
  },
  {
    what: 'SIGKILL in the middle of gts scan',
    command: 'gts scan --namespace library',
    async provoke(world) {
      const user = await world.catalogueUser();
      await user.gts(['scrape', '--namespaces', 'library']);
      const running = user.start([
        'scan',
        '--namespace',
        'library',
        '--concurrency',
        '1',
        '--verbose',
        '--log-format',
        'json',
      ]);
      await waitUntil(() => (running.stderrSoFar().includes('"saved":true') ? true : undefined), {
        what: 'the first saved result',
        timeoutMs: 60_000,
      });
      running.kill('SIGKILL');
      const ended = await running.ended;
      const saved = ended.stderr.split('"saved":true').length - 1;
      const next = await user.gts(['scan', '--namespace', 'library']);
      check(next.exitCode === 0, 'the next command finishes it');
      check(scannedIn(await readToolsFile(toolsFileOf(user))).length >= saved, 'what was reported as saved is there');
      return { exitCode: ended.exitCode, message: '', survived: 'every result that was reported as saved' };
    },
  },
  {
    what: 'A registry grants no more pulls',
    command: 'gts scan --namespace library --max-wait 1s',
    async provoke(world) {
      const { limitRegistry } = await import('../../e2e/support/limited-registry.ts');
      const { registry } = await world.catalogue();
      const limited = world.own(await limitRegistry(registry.url, { pulls: 1, windowSeconds: 3600 }));
      const user = await world.catalogueUser({ ...limited.environment, REGISTRY_MIRRORS: undefined });
      await user.gts(['scrape', '--namespaces', 'library']);
      const ended = await user.gts(['scan', '--namespace', 'library', '--concurrency', '1', '--max-wait', '1s']);
      return {
        exitCode: ended.exitCode,
        message: lineWith(ended, /go on after/v),
        survived: 'what was scanned; nothing is held against the tools that were not',
      };
    },
  },
];

/** Somebody with one tool, and a Docker Hub that then answers like this. */
const faultyHub = async (world: World, fault: HubFault): Promise<Outcome> => {
  const user = await scraped(world);
  const faulty = world.own(await startDockerHub({ repositories: [anApi()], limit: false }));
  faulty.fail({ path: /acme/v, fault });
  const ended = await user.gts([...SCRAPE, '--refresh'], { DOCKERHUB_URL: faulty.url });
  check(!ended.stderr.includes('internal'), 'it is named as what it is');
  check(/acme\/api/v.test((await user.gts(['scan', '--dry-run'])).stdout), 'the tool is still there');
  return {
    exitCode: ended.exitCode,
    message: lineWith(ended, /acme|error\[/v),
    survived: 'the tools that are known, with their tags',
  };
};

const anApi = () => aRepository({ namespace: 'acme', name: 'api' });

const scraped = async (world: World): Promise<GtsUser> => {
  const hub = world.own(await startDockerHub({ repositories: [anApi()], limit: false }));
  const user = await world.user({ DOCKERHUB_URL: hub.url });
  const { exitCode, stderr } = await user.gts(SCRAPE);
  check(exitCode === 0, `the catalogue is there: ${stderr}`);
  return user;
};
