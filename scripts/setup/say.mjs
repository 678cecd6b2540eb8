/** A setup that cannot go on: `message` says what and where, `hint` what to do, `exitCode` what the script ends with. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} hint
   * @param {number} [exitCode]
   */
  constructor(message, hint, exitCode = 1) {
    super(message);
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/**
 * Tells the user something about the setup; on standard error, since standard output belongs to the command that follows.
 *
 * @param {string} line
 */
export const say = (line) => process.stderr.write(`${line}\n`);

/**
 * Announces a step that takes long, runs it and says how long it took.
 *
 * @template T
 * @param {string} what what is done and why, and roughly how long it takes
 * @param {() => Promise<T>} step
 * @returns {Promise<T>}
 */
export async function during(what, step) {
  say(`• ${what} …`);
  const started = Date.now();
  const result = await step();
  say(`  done in ${seconds(Date.now() - started)}`);
  return result;
}

/** @param {number} milliseconds */
export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/**
 * Runs a script's body and ends the process with its exit code; what went wrong is told in words.
 *
 * @param {() => Promise<number>} body
 */
export async function runScript(body) {
  try {
    process.exitCode = await body();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`\n${error.message}`);
    if (error.hint) say(error.hint);
    process.exitCode = error.exitCode;
  }
}
