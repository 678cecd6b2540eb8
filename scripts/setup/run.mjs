import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { SetupError } from './say.mjs';
import { root } from './places.mjs';

const forwarded = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);

/** npm hands on the signals that the terminal has sent already, so one Ctrl-C arrives here twice within a moment. */
const sameKeyPressMs = 1000;

/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} [env] the whole environment of the child
 * @property {string} [cwd]
 * @property {boolean} [show] the child writes to our terminal; otherwise its output is collected
 * @property {boolean} [leash] opens a channel by which the child notices that this process is gone
 *
 * @typedef {object} RunResult
 * @property {number} code the exit code, 128 + n for a signal
 * @property {string} output both streams of a child that was not shown, as they came
 * @property {string} stdout its standard output alone
 */

/**
 * Runs a command to its end in a process group of its own: a signal to this process reaches the whole group exactly
 * once, and when the command has ended nothing of its group is left.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, { env = process.env, cwd = root, show = false, leash = false } = {}) {
  return new Promise((resolve, reject) => {
    const stream = show ? 'inherit' : 'pipe';
    /** @type {import('node:child_process').StdioOptions} */
    const stdio = [show ? 'inherit' : 'ignore', stream, stream];
    const child = spawn(command, args, { env, cwd, stdio: leash ? [...stdio, 'ipc'] : stdio, detached: true });
    /** @type {Buffer[]} */
    const all = [];
    /** @type {Buffer[]} */
    const answer = [];
    child.stdout?.on('data', (chunk) => all.push(chunk) && answer.push(chunk));
    child.stderr?.on('data', (chunk) => all.push(chunk));
    const stopForwarding = forwardSignals((signal) => signalGroup(child.pid, signal));
    child.once('error', (error) => {
      stopForwarding();
      reject(new SetupError(`${command} cannot be run: ${error.message}`, `Check that ${command} is installed.`));
    });
    child.once('exit', () => signalGroup(child.pid, 'SIGKILL'));
    child.once('close', (code, signal) => {
      stopForwarding();
      resolve({
        code: code ?? 128 + (signal ? constants.signals[signal] : 0),
        output: Buffer.concat(all).toString(),
        stdout: Buffer.concat(answer).toString(),
      });
    });
  });
}

/**
 * Runs a step of the setup; its output is shown only when it fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions & { hint: string }} options `hint` tells the user what to do about a failure
 * @returns {Promise<string>} its standard output
 */
export async function runStep(command, args, { hint, ...options }) {
  const { code, output, stdout } = await run(command, args, options);
  if (code === 0) return stdout;
  throwIfInterrupted(code);
  throw new SetupError(`${command} ${args.join(' ')} failed with exit code ${code}:\n${output.trimEnd()}`, hint);
}

/**
 * @param {number} code the exit code of a command
 * @throws {SetupError} when the user has stopped it
 */
export function throwIfInterrupted(code) {
  const isInterruption = forwarded.some((signal) => code === 128 + constants.signals[signal]);
  if (isInterruption) throw new SetupError('Interrupted.', '', code);
}

/** @param {(signal: NodeJS.Signals) => void} send */
function forwardSignals(send) {
  /** @type {Map<string, number>} */
  const lastSent = new Map();
  const subscriptions = forwarded.map((signal) => {
    const forward = () => {
      const isRepetition = Date.now() - (lastSent.get(signal) ?? 0) < sameKeyPressMs;
      if (isRepetition) return;
      lastSent.set(signal, Date.now());
      send(signal);
    };
    process.on(signal, forward);
    return () => process.off(signal, forward);
  });
  return () => {
    for (const unsubscribe of subscriptions) unsubscribe();
  };
}

/**
 * @param {number | undefined} group
 * @param {NodeJS.Signals} signal
 */
function signalGroup(group, signal) {
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}
