import {
  type CommandContext,
  type CommonFlags,
  Console,
  consoleOptions,
  EXIT,
  type ExitCode,
  exitCodeOf,
  HOST_SETTINGS,
  packageVersion,
  placeOf,
  readSettings,
  type ReadSettings,
  letOthersWriteNothing,
  StopSignal,
  strongest,
  surroundings,
  tellFailure,
  toldCommandLine,
  withCommonOptions,
  withSettings,
} from '@scanner/app';
import { judgeHealth, readHealth } from '@scanner/app/daemon-state';
import { systemClock } from '@scanner/core';
import { CONTAINER_DIRECTORY } from '@scanner/core/config';
import { Command, CommanderError } from 'commander';

type Action = (context: CommandContext, flags: object, stop: StopSignal) => Promise<ExitCode>;

/**
 * Runs one command line of `image-scanner`.
 *
 * @returns the exit code
 */
export const run = async (argv: readonly string[], host: NodeJS.Process): Promise<number> => {
  for (const stream of [host.stdout, host.stderr]) stream.on('error', () => {});
  letOthersWriteNothing(host);
  let exitCode: ExitCode = EXIT.done;
  const perform = (action: Action) => async (flags: CommonFlags) => {
    exitCode = await performed(action, flags, argv, host);
  };
  try {
    await program(perform, host).parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
};

const program = (perform: (action: Action) => (flags: CommonFlags) => Promise<void>, host: NodeJS.Process): Command => {
  const described = withCommonOptions(
    withSettings(new Command('image-scanner'), [...HOST_SETTINGS, ...DAEMON_FLAGS]),
    host.stderr.isTTY ? 'pretty' : 'json',
  )
    .description('scan the images of a Docker host again and again, and mail only what changed')
    .version(version())
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({ writeErr: (text) => host.stderr.write(text), writeOut: (text) => host.stdout.write(text) })
    .showHelpAfterError('  what to do: see image-scanner --help')
    .addHelpText(
      'after',
      '\nExamples:\n  $ image-scanner\n  $ image-scanner --once --severity CRITICAL\n  $ image-scanner healthcheck\n',
    )
    .action(perform(scan));
  withCommonOptions(withSettings(described.command('healthcheck'), ['SCANNER_DIR']))
    .description('say whether the daemon on the same state directory is well: 0, or 1 with the reasons')
    .addHelpText('after', '\nExample:\n  $ image-scanner healthcheck\n')
    .action(perform(healthcheck));
  return described;
};

const DAEMON_FLAGS = ['SCAN_ONCE', 'SCAN_INTERVAL_SECONDS', 'SCAN_JITTER_SECONDS', 'HTTP_LISTEN'] as const;

const performed = async (
  action: Action,
  flags: CommonFlags,
  argv: readonly string[],
  host: NodeJS.Process,
): Promise<ExitCode> => {
  const console = new Console(host.stdout, host.stderr, consoleOptions(flags, host.env));
  using stop = new StopSignal(host, () => console.say('stopping: what is finished is kept'));
  try {
    const context = {
      ...surroundings(host),
      console,
      signal: stop.signal,
      commandLine: toldCommandLine('image-scanner', argv),
    };
    return await action(context, flags, stop);
  } catch (error) {
    return stop.exitCode === EXIT.done ? tellFailure(error, console) : stop.exitCode;
  }
};

const scan: Action = async (context, flags, stop) => {
  const read = readSettings(context, flags, { layout: 'container' });
  return endsAfterPass(read) ? scanOnce(context, read, stop) : serve({ context, flags, read, version: version() });
};

/** In its container only the flag says so: a restart policy would start what ends again and again. */
const endsAfterPass = ({ settings, sources }: ReadSettings): boolean =>
  settings.SCAN_ONCE && (sources.SCAN_ONCE === 'flag' || settings.SCANNER_DIR !== CONTAINER_DIRECTORY);

const scanOnce = async (context: CommandContext, read: ReadSettings, stop: StopSignal): Promise<ExitCode> => {
  const { hostPassOnce } = await import('@scanner/app/host');
  return strongest(await hostPassOnce(context, read), stop.exitCode);
};

const serve = async (input: {
  readonly context: CommandContext;
  readonly flags: object;
  readonly read: ReadSettings;
  readonly version: string;
}): Promise<ExitCode> => {
  const { console, signal } = input.context;
  const { settings } = input.read;
  if (settings.SNAPSHOT_WRITE && !settings.SCAN_ONCE)
    console.log.warn(
      'SNAPSHOT_WRITE is on without SCAN_ONCE: every pass accepts everything, so nothing is ever mailed',
    );
  const { openService } = await import('./compose.ts');
  await using opened = await openService(input);
  const { service, url } = opened;
  console.log.info('image-scanner started', {
    version: input.version,
    interval_seconds: settings.SCAN_INTERVAL_SECONDS,
    ...(url !== null && { http: url }),
  });
  const reload = (): void => service.reload();
  process.on('SIGHUP', reload);
  try {
    await service.run(signal);
  } finally {
    process.off('SIGHUP', reload);
  }
  console.log.info('image-scanner stopped');
  return EXIT.done;
};

const healthcheck: Action = async (context, flags) => {
  const { console } = context;
  try {
    const { settings } = readSettings(context, flags, { layout: 'container' });
    const health = readHealth(placeOf(settings, context.cwd).state);
    const problems = judgeHealth(health, systemClock);
    if (console.json) await console.document(health);
    for (const problem of problems) console.complain(console.inert(problem));
    if (problems.length === 0) console.say('well');
    return problems.length === 0 ? EXIT.done : EXIT.gate;
  } catch (error) {
    await tellFailure(error, console);
    return exitCodeOf(error) === EXIT.usage ? EXIT.usage : EXIT.gate;
  }
};

const version = (): string => packageVersion(new URL('../package.json', import.meta.url));
