import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { build } from 'tsup';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { lazyBuiltins } from './lazy-builtins.mjs';

/** @type {string} */
let directory;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gts-lazy-'));
});
afterEach(() => rm(directory, { recursive: true }));

/**
 * What a program writes once it is built with the plugin.
 *
 * @param {string} source
 */
const outputOf = async (source) => {
  const file = join(directory, 'program.mjs');
  await writeFile(file, source);
  await build({
    ...{ config: false, entry: [file], outDir: join(directory, 'dist'), format: 'esm', platform: 'node' },
    ...{
      removeNodeProtocol: false,
      silent: true,
      outExtension: () => ({ js: '.mjs' }),
      esbuildPlugins: [lazyBuiltins],
    },
  });
  const { stdout } = await promisify(execFile)(process.execPath, [join(directory, 'dist', 'program.mjs')]);
  return stdout.trim();
};

it("loads a module of Node's when something of it is first used", async () => {
  const output = await outputOf(`
    import { deflateSync } from 'node:zlib';
    import { createHash } from 'crypto';
    const loaded = () => process.moduleLoadList.includes('NativeModule zlib');
    const before = loaded();
    deflateSync('');
    console.log(before, loaded(), typeof createHash('sha256').update);
  `);
  expect(output).toBe('false true function');
});

it('gives a module whole, by default, and in CommonJS, and one that is a function', async () => {
  const output = await outputOf(`
    import path from 'node:path';
    import * as os from 'node:os';
    import EventEmitter from 'node:events';
    import { Readable } from 'node:stream';
    console.log(path.join('a', 'b'), typeof os.tmpdir(), new EventEmitter() instanceof EventEmitter, typeof Readable.from);
  `);
  expect(output).toBe('a/b string true function');
});
