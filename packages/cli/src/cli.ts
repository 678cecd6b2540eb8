import {
  type CommandContext,
  type CommonFlags,
  Console,
  consoleOptions,
  EXIT,
  type ExitCode,
  letOthersWriteNothing,
  StopSignal,
  strongest,
  surroundings,
  tellFailure,
  toldCommandLine,
  withCommonOptions,
} from '@scanner/app';
import { type ErrorDocument } from '@scanner/core';
import { Command, CommanderError, Option } from 'commander';

import { addAcceptCommand, addBaselineCommands } from './baseline-commands.ts';
import { addCatalogueCommands } from './catalogue-commands.ts';
import type { Action, Bind } from './command-binding.ts';
import { addHostCommands } from './host-commands.ts';
import { addNoticesCommands } from './notices-commands.ts';
import { scanOptions } from './scan-options.ts';
import { version } from './version.ts';

/** What may be done instead when a command fails; `undefined` lets it fail. */
export type Rescue = (error: unknown, context: CommandContext) => Promise<ExitCode | undefined>;

const USAGE_HINT = 'see gts --help';

const noRescue: Rescue = () => Promise.resolve(undefined);

interface Invocation {
  readonly argv: readonly string[];
  readonly host: NodeJS.Process;
  readonly rescue: Rescue;
}

/**
 * Runs one command line.
 *
 * @returns the exit code
 */
export const run = async (
  argv: readonly string[],
  host: NodeJS.Process,
  rescue: Rescue = noRescue,
): Promise<number> => {
  // A stream that breaks is told by the write that met it; for the rest of the process it is no event to die of.
  for (const stream of [host.stdout, host.stderr]) stream.on('error', () => {});
  letOthersWriteNothing(host);
  let exitCode: ExitCode = EXIT.done;
  const bind =
    <Flags extends CommonFlags>(load: () => Promise<Action<Flags>>) =>
    async (...given: unknown[]): Promise<void> => {
      const command = given.at(-1);
      if (!(command instanceof Command)) throw new TypeError('commander called an action without its command');
      exitCode = await perform(load, command.opts<Flags>(), command.args, { argv, host, rescue });
    };
  try {
    await program(bind, host).parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return parsedToExit(error, argv, host);
  }
};

const program = (bind: Bind, host: NodeJS.Process): Command => {
  const gts = new Command('gts')
    .description('Find what is vulnerable in the container images you run or rely on')
    .version(version())
    .exitOverride()
    .configureOutput({ writeErr: (text) => host.stderr.write(text), writeOut: (text) => host.stdout.write(text) })
    .showSuggestionAfterError()
    .showHelpAfterError(`  what to do: ${USAGE_HINT}`)
    .addHelpText('after', '\nExamples:\n  $ gts host scan\n  $ gts image alpine:3.20 --fail-on high\n  $ gts doctor\n');
  addHostCommands(gts, bind);
  addAcceptCommand(gts, bind);
  addBaselineCommands(gts, bind);
  addNoticesCommands(gts, bind);
  addImageCommands(gts, bind);
  addCatalogueCommands(gts, bind);
  addUpkeepCommands(gts, bind);
  return gts;
};

const addImageCommands = (gts: Command, bind: Bind): void => {
  withCommonOptions(scanOptions.image(gts.command('image').argument('[reference...]', 'images to scan')))
    .description('scan images now: from their registry, else from the local engine, or from an archive')
    .addHelpText(
      'after',
      '\nExamples:\n  $ gts image alpine:3.20 nginx:stable --fail-on high\n  $ gts image --input app.tar --format sarif --output app.sarif\n  $ gts image debian:12 --source docker --format cyclonedx\n',
    )
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).image));
  withCommonOptions(
    scanOptions.compare(
      gts.command('compare').argument('<a>', 'image in use').argument('<b>', 'image to replace it with'),
    ),
  )
    .description('compare the findings of two images: which are removed, added and kept when B replaces A')
    .addHelpText('after', '\nExample:\n  $ gts compare debian:11 debian:12\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).compare));
};

const addUpkeepCommands = (gts: Command, bind: Bind): void => {
  withCommonOptions(scanOptions.place(gts.command('doctor')))
    .description('check everything that a host scan needs, and say how to fix what is missing')
    .addOption(new Option('--send-test-email', 'also send a real test mail to every recipient of SMTP_TO'))
    .addHelpText('after', '\nExamples:\n  $ gts doctor\n  $ gts doctor --send-test-email\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).doctor));
  const trivy = gts.command('trivy').description('install or show the Trivy that gts uses');
  withCommonOptions(trivy.command('install'))
    .description('install the pinned Trivy: its verified release, or a build from pinned source')
    .addOption(
      new Option('--method <method>', 'download the release, build from source, or try both (auto)')
        .choices(['auto', 'release', 'build'])
        .default('auto'),
    )
    .addOption(
      new Option('--release <version>', 'install this release instead of the pinned one, such as 0.74.0 or v0.74.0'),
    )
    .addHelpText('after', '\nExample:\n  $ gts trivy install\n')
    .action(bind(async () => (await import('./commands/trivy.ts')).trivyInstall));
  withCommonOptions(trivy.command('version'))
    .description('show which Trivy is used and where it was found')
    .addOption(
      new Option('--release <version>', 'check that it is this version, such as 0.74.0 or v0.74.0; exit code 4 if not'),
    )
    .addHelpText('after', '\nExample:\n  $ gts trivy version --json\n')
    .action(bind(async () => (await import('./commands/trivy.ts')).trivyVersion));
  withCommonOptions(gts.command('demo'))
    .description('scan the bundled demonstration images with the bundled database')
    .addHelpText('after', '\nExample:\n  $ gts demo\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).demo));
};

const perform = async <Flags extends CommonFlags>(
  load: () => Promise<Action<Flags>>,
  flags: Flags,
  args: readonly string[],
  { argv, host, rescue }: Invocation,
): Promise<ExitCode> => {
  const console = new Console(host.stdout, host.stderr, consoleOptions(flags, host.env));
  using stop = new StopSignal(host, () =>
    console.complain('stopping: what is finished is kept; once more stops at once'),
  );
  let context: CommandContext;
  try {
    context = { ...surroundings(host), console, signal: stop.signal, commandLine: toldCommandLine('gts', argv) };
  } catch (error) {
    return tellFailure(error, console);
  }
  try {
    const action = await load();
    const code = await action(context, flags, args);
    if (stop.exitCode !== EXIT.done) tellHowToGoOn(context);
    return strongest(code, stop.exitCode);
  } catch (error) {
    if (stop.exitCode === EXIT.done) return (await rescue(error, context)) ?? (await tellFailure(error, console));
    if (console.json) await console.document(STOPPED_EARLY);
    tellHowToGoOn(context);
    return stop.exitCode;
  }
};

const tellHowToGoOn = ({ console, commandLine }: CommandContext): void =>
  console.complain(`stopped; run the same command again to continue: ${console.inert(commandLine)}`);

const STOPPED_EARLY: ErrorDocument = {
  schema: 'gts.error/1',
  error: {
    code: 'interrupted',
    message: 'interrupted before a result was available',
    hint: 'run the same command again',
  },
};

/** Commander has already written what was wrong, or the help that was asked for. */
const parsedToExit = (error: CommanderError, argv: readonly string[], host: NodeJS.Process): ExitCode => {
  if (error.exitCode === 0) return EXIT.done;
  const message = error.message.replace(/^error: /, '');
  if (argv.includes('--json'))
    host.stdout.write(
      `${JSON.stringify({ schema: 'gts.error/1', error: { code: 'usage', message, hint: USAGE_HINT } }, null, 2)}\n`,
    );
  return EXIT.usage;
};
