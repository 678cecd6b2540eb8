import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run, runStep } from './run.mjs';

const module = new URL('run.mjs', import.meta.url).href;
const preload = fileURLToPath(new URL('leave-with-parent.mjs', import.meta.url));

/** A program that tells what it hears and ends on its own terms at the first SIGTERM. @type {string} */
const listener = `
  process.on('SIGINT', () => console.log('heard SIGINT'));
  process.on('SIGTERM', () => { console.log('heard SIGTERM'); process.exit(7); });
  setInterval(() => {}, 1000);
  console.log('ready ' + process.pid);
`;

/** Starts a script that runs the program through \`run\`. @param {string} program @param {string[]} [options] */
function startScript(program, options = []) {
  const args = JSON.stringify([...options, '-e', program]);
  const body = `
    import { run } from ${JSON.stringify(module)};
    const { code } = await run(process.execPath, ${args}, { show: true, leash: ${options.length > 0} });
    process.exitCode = code;
  `;
  const script = spawn(process.execPath, ['--input-type=module', '-e', body], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { script, lines: createInterface(script.stdout)[Symbol.asyncIterator]() };
}

it('collects the output of a command and tells its exit code', async () => {
  const result = await run(process.execPath, ['-e', 'console.log("out"); console.error("err"); process.exit(3)']);
  expect(result).toMatchObject({ code: 3, stdout: 'out\n', output: expect.stringContaining('err\n') });
});

it('tells a command that cannot be found by its name', async () => {
  await expect(run('no-such-command', [])).rejects.toThrow('no-such-command cannot be run');
});

it('shows what a failed step wrote and what to do', async () => {
  const step = runStep(process.execPath, ['-e', 'console.log("the reason"); process.exit(1)'], { hint: 'Do this.' });
  await expect(step).rejects.toMatchObject({ message: expect.stringContaining('the reason'), hint: 'Do this.' });
});

it('hands on a signal that comes twice at once, as npm sends it, only once, and passes on the exit code', async () => {
  const { script, lines } = startScript(listener);
  await lines.next();
  script.kill('SIGINT');
  script.kill('SIGINT');
  expect((await lines.next()).value).toBe('heard SIGINT');
  script.kill('SIGINT');
  script.kill('SIGTERM');
  expect((await lines.next()).value).toBe('heard SIGTERM');
  const [code] = await once(script, 'exit');
  expect(code).toBe(7);
});

it('leaves no process of the group behind, which would keep its output open', async () => {
  const program = `
    const { spawn } = require('node:child_process');
    spawn('sleep', ['600'], { stdio: 'inherit' }).unref();
    console.log('done');
  `;
  expect(await run(process.execPath, ['-e', program])).toMatchObject({ code: 0, output: 'done\n' });
});

it('has the program end when the script itself is killed', async () => {
  const { script, lines } = startScript(listener, ['--import', preload]);
  await lines.next();
  script.kill('SIGKILL');
  expect((await lines.next()).value).toBe('heard SIGTERM');
  expect((await lines.next()).done).toBe(true);
});
