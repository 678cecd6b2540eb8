import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withGo } from './go.mjs';
import { publishDirectory } from './publish-directory.mjs';
import { runStep } from './run.mjs';
import { during } from './say.mjs';
import { fingerprint, isStamped, leaveStamp } from './stamp.mjs';

/**
 * @typedef {object} GoProgram
 * @property {string} name of the executable
 * @property {string} package its import path
 * @property {string} version what it is to say of itself: a variable of Go and its value, `path.Name=value`
 *
 * @typedef {object} GoPrograms
 * @property {string} sources the directory whose `go.mod` and `go.sum` pin the modules
 * @property {string} home where the executables go
 * @property {string} tags build tags, separated by blanks
 * @property {string} message what is said while they are built
 * @property {readonly GoProgram[]} programs
 */

/**
 * Builds programs that no package has, unless they were built from the same sources before.
 *
 * @param {GoPrograms} wanted
 * @param {NodeJS.ProcessEnv} env
 */
export async function provideGoPrograms({ sources, home, tags, message, programs }, env) {
  const pins = [join(sources, 'go.mod'), join(sources, 'go.sum')];
  const current = await fingerprint(sources, pins, [process.arch]);
  if (await isStamped(join(home, 'built-from'), current)) return;
  await during(message, async () => {
    const buildEnvironment = { ...(await withGo(env)), CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' };
    await rm(home, { recursive: true, force: true });
    await publishDirectory(home, async (directory) => {
      for (const program of programs) await build(program, { sources, directory, tags }, buildEnvironment);
      await leaveStamp(join(directory, 'built-from'), current);
    });
  });
}

/**
 * @param {GoProgram} program
 * @param {{ sources: string, directory: string, tags: string }} how
 * @param {NodeJS.ProcessEnv} env
 */
const build = ({ name, package: importPath, version }, { sources, directory, tags }, env) =>
  runStep(
    'go',
    ['build', '-trimpath', `-tags=${tags}`, `-ldflags=-s -w -X ${version}`, `-o=${join(directory, name)}`, importPath],
    {
      cwd: sources,
      env,
      hint: 'Check that this machine reaches its Go module proxy and has 3 GB of disk left, then run npm test again.',
    },
  );
