import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ImageDocument } from '@scanner/core';
import {
  anImage,
  corruptLayerImage,
  type Fault,
  hostileImage,
  lyingImage,
  pythonImage,
  startFaultyProxy,
} from '@scanner/testing';

import type { GtsUser } from '../../e2e/support/gts.ts';
import { archiveOf, publish } from '../../e2e/support/image-files.ts';
import { readDocument } from '../../e2e/support/schemas.ts';
import { check, errorLine, type Failure, lineWith, reasonOf } from './failure.ts';
import type { World } from './world.ts';

const run = promisify(execFile);
/** What a terminal would act on: control characters but for line ends and tabs, and marks that turn text around. */
const CONTROL = /[[\p{Cc}\p{Bidi_Control}]--[\t\n\r]]/v;
const PATH_THAT_CONVERT_FAILS_ON = 'srv/%zz\u001B[31m/node_modules/bad/package.json';

/** What goes wrong with an image, with its registry, and with where a report goes. */
export const IMAGE_FAILURES: readonly Failure[] = [
  {
    what: 'An archive says that its layers are those of another image',
    command: 'gts image --input lie.tar --json',
    async provoke(world) {
      const { user, reference, directory } = await published(world);
      const honest = await findingsOf(await user.gts(['image', reference, '--json']));
      const lie = await archiveOf(await lyingImage((await pythonImage()).image), directory, 'lie');
      const other = await world.user();
      const ended = await other.gts(['image', '--input', lie, '--json']);
      const after = await findingsOf(await other.gts(['image', reference, '--json']));
      check(honest > 0 && after === honest, 'the other image has the findings that it had');
      return {
        exitCode: ended.exitCode,
        message: await reasonOf(ended, 'lie'),
        survived: 'every finding of the other image',
      };
    },
  },
  {
    what: 'A layer is not what its digest says',
    command: 'gts image --input damaged.tar --input good.tar --json',
    async provoke(world) {
      const user = await world.user();
      const directory = await world.directory();
      const damaged = await archiveOf(await corruptLayerImage(), directory, 'damaged');
      const good = await archiveOf((await pythonImage()).image, directory, 'good');
      const ended = await user.gts(['image', '--input', damaged, '--input', good, '--json']);
      return {
        exitCode: ended.exitCode,
        message: await reasonOf(ended, 'damaged'),
        survived: 'the result of the other image',
      };
    },
  },
  {
    what: 'The registry breaks off in the middle of a layer',
    command: 'gts image REGISTRY/shop/worker:1 --json',
    provoke: (world) => faultyRegistry(world, { kind: 'truncated', bytes: 100 }),
  },
  {
    what: 'The registry gives no answer for a layer',
    command: 'gts image REGISTRY/shop/worker:1 --timeout 3 --json',
    provoke: (world) => faultyRegistry(world, { kind: 'stall' }, ['--timeout', '3']),
  },
  {
    what: 'A file of an image has control characters and a broken escape in its path',
    command: 'gts image --input hostile.tar --input good.tar --format sarif',
    async provoke(world) {
      const user = await world.user();
      const directory = await world.directory();
      const package_ = JSON.stringify({ name: 'minimist', version: '0.0.8' });
      const odd = await anImage({ layers: [{ [PATH_THAT_CONVERT_FAILS_ON]: package_ }] });
      const hostile = await archiveOf(odd, directory, 'hostile');
      const good = await archiveOf((await pythonImage()).image, directory, 'good');
      const ended = await user.gts(['image', '--input', hostile, '--input', good, '--format', 'sarif']);
      check(JSON.stringify(JSON.parse(ended.stdout)).includes('CVE-'), 'the report holds the findings of the good one');
      check(!CONTROL.test(ended.stdout), 'no control character is in the report');
      return { exitCode: ended.exitCode, message: '', survived: 'the report, with the findings of both' };
    },
  },
  {
    what: 'Names, labels and packages of an image hold escape sequences, markup and formulas',
    command: 'gts image --input hostile.tar',
    async provoke(world) {
      const user = await world.user();
      const hostile = await archiveOf((await hostileImage()).image, await world.directory(), 'hostile');
      for (const format of ['table', 'json', 'html', 'markdown', 'csv', 'junit']) {
        const { stdout, stderr } = await user.gts(['image', '--input', hostile, '--format', format]);
        check(!CONTROL.test(stdout) && !CONTROL.test(stderr), `nothing moves a terminal's cursor in ${format}`);
        if (format === 'html') check(!/<script>(?!\()/v.test(stdout), 'nothing that the image says is markup');
      }
      const ended = await user.gts(['image', '--input', hostile]);
      return { exitCode: ended.exitCode, message: '', survived: 'every format, with inert text' };
    },
  },
  {
    what: 'Nobody reads the pipe that a report is written to, and SIGTERM comes',
    command: 'gts image --input good.tar --output PIPE',
    async provoke(world) {
      const user = await world.user();
      const directory = await world.directory();
      const good = await archiveOf((await pythonImage()).image, directory, 'good');
      const pipe = join(directory, 'pipe');
      await run('mkfifo', [pipe]);
      const running = user.start(['image', '--input', good, '--format', 'csv', '--output', pipe]);
      setTimeout(() => running.kill('SIGTERM'), 4000);
      const ended = await running.ended;
      check((await readdir(user.temporary)).length === 0, 'no temporary file is left');
      return {
        exitCode: ended.exitCode,
        message: lineWith(ended, /\S/v),
        survived: 'the result, which is stored; the process ends within 8 s',
      };
    },
  },
  {
    what: 'The report’s place cannot be written',
    command: 'gts image --input good.tar --format csv --output /proc/none/report.csv',
    async provoke(world) {
      const user = await world.user();
      const good = await archiveOf((await pythonImage()).image, await world.directory(), 'good');
      const ended = await user.gts(['image', '--input', good, '--format', 'csv', '--output', '/proc/none/report.csv']);
      return { exitCode: ended.exitCode, message: errorLine(ended), survived: 'nothing was begun' };
    },
  },
  {
    what: 'The Docker configuration is damaged',
    command: 'gts image REGISTRY/shop/worker:1',
    async provoke(world) {
      const { user, reference, directory } = await published(world);
      await writeFile(join(directory, 'config.json'), '{"auths":');
      const ended = await user.gts(['image', reference], { DOCKER_CONFIG: directory });
      return { exitCode: ended.exitCode, message: errorLine(ended), survived: 'nothing was begun' };
    },
  },
];

const findingsOf = async ({ stdout }: { readonly stdout: string }): Promise<number> =>
  (await readDocument(ImageDocument, stdout)).images.reduce((sum, { findings }) => sum + findings.length, 0);

/** An image in a registry, and somebody to scan it. */
const published = async (world: World): Promise<{ user: GtsUser; reference: string; directory: string }> => {
  const [user, directory, { registry }] = [await world.user(), await world.directory(), await world.database()];
  await publish(registry, [(await pythonImage()).image], directory, 'shop/worker');
  return { user, directory, reference: `${registry.host}/shop/worker:1` };
};

const faultyRegistry = async (world: World, fault: Fault, more: readonly string[] = []) => {
  const { user, reference } = await published(world);
  const { registry } = await world.database();
  const proxy = world.own(await startFaultyProxy(registry.url, [{ path: /\/shop\/worker\/blobs\//v, fault }]));
  const ended = await user.gts(['image', `${proxy.host}/shop/worker:1`, '--json', ...more]);
  check((await findingsOf(await user.gts(['image', reference, '--json']))) > 0, 'the true image has its findings');
  return {
    exitCode: ended.exitCode,
    message: await reasonOf(ended, 'shop/worker'),
    survived: 'nothing is stored of it; the same image from elsewhere has all its findings',
  };
};
