import { type Command, Option } from 'commander';

import type { ConsoleOptions } from './console/console.ts';
import type { LogFormat } from './console/stderr-log.ts';

/** What commander makes of the options that every command has. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly logFormat?: LogFormat;
}

export const withCommonOptions = (command: Command, logFormat: LogFormat = 'pretty'): Command =>
  command
    .addOption(new Option('--json', 'print one JSON document on stdout and nothing else'))
    .addOption(new Option('-q, --quiet', 'print no progress and no messages except warnings and errors'))
    .addOption(new Option('-v, --verbose', 'print detailed messages'))
    .addOption(
      new Option('--log-format <format>', 'format of messages on stderr')
        .choices(['pretty', 'json'])
        .default(logFormat),
    );

export const consoleOptions = (flags: CommonFlags, env: NodeJS.ProcessEnv): ConsoleOptions => ({
  json: flags.json ?? false,
  quiet: flags.quiet ?? false,
  verbose: flags.verbose ?? false,
  logFormat: flags.logFormat ?? 'pretty',
  color: env['NO_COLOR'] === undefined || env['NO_COLOR'] === '',
  unicode: /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''),
});
