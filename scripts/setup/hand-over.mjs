import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { root } from './places.mjs';
import { run } from './run.mjs';

const leash = pathToFileURL(join(root, 'scripts', 'setup', 'leave-with-parent.mjs')).href;

/**
 * Runs the program that everything was prepared for, on this terminal and in the user's directory.
 *
 * @param {import('./toolchain.mjs').Toolchain} toolchain
 * @param {readonly string[]} args Node's options, the program and its arguments
 * @returns {Promise<number>} its exit code
 */
export async function handOver({ node, env }, args) {
  const { code } = await run(node, [`--import=${leash}`, ...args], {
    env,
    cwd: process.cwd(),
    show: true,
    leash: true,
  });
  return code;
}
