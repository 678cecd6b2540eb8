import { collected, HOST_SETTINGS, withCommonOptions, withSettings } from '@scanner/app';
import { type Command, InvalidArgumentError, Option } from 'commander';

import type { Bind } from './command-binding.ts';

const SERVICE_SETTINGS = ['SCANNER_DIR', 'DOCKER_HOST'] as const;
const SCHEDULE_SETTINGS = ['SCAN_ONCE', 'SCAN_INTERVAL_SECONDS', 'SCAN_JITTER_SECONDS', 'HTTP_LISTEN'] as const;

/** Adds the commands about this host: one pass, and the service that makes them by itself. */
export const addHostCommands = (gts: Command, bind: Bind): void => {
  const host = gts.command('host').description("this host's images");
  withCommonOptions(withSettings(host.command('scan'), HOST_SETTINGS))
    .description("scan every image of this host's Docker engine once and say what is vulnerable")
    .addHelpText(
      'after',
      '\nExamples:\n  $ gts host scan\n  $ gts host scan --image nginx --severity CRITICAL\n  $ gts host scan --json | jq .totals\n',
    )
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).hostScan));
  withServiceOptions(withSettings(host.command('up'), [...HOST_SETTINGS, ...SCHEDULE_SETTINGS]))
    .description('build the container that scans this host again and again, and start it with Docker Compose')
    .addOption(new Option('--no-build', 'start the image that is there'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ gts host up\n  $ gts host up --interval 3600 --severity CRITICAL\n  $ gts host up --once --save-snapshot\n',
    )
    .action(bind(async () => (await import('./commands/host-service-commands.ts')).hostUp));
  withServiceOptions(withSettings(host.command('status'), SERVICE_SETTINGS))
    .description('say how that container is, when it last looked and when it will again; 1 where it is not well')
    .addHelpText('after', '\nExamples:\n  $ gts host status\n  $ gts host status --json | jq .problems\n')
    .action(bind(async () => (await import('./commands/host-service-commands.ts')).hostStatus));
  withServiceOptions(withSettings(host.command('logs'), SERVICE_SETTINGS))
    .description('show what that container has written')
    .addOption(new Option('--follow', 'go on with what it writes from now on'))
    .addOption(new Option('--tail <lines>', 'only the last lines').argParser(lines))
    .addHelpText('after', '\nExamples:\n  $ gts host logs --tail 50\n  $ gts host logs --follow\n')
    .action(bind(async () => (await import('./commands/host-service-commands.ts')).hostLogs));
  withServiceOptions(withSettings(host.command('down'), SERVICE_SETTINGS))
    .description('stop that container and remove it; its data stay')
    .addOption(new Option('--purge', 'remove the images that it was built of and run from, too'))
    .addOption(new Option('--data', 'with --purge: remove its logs, snapshots, cache and state, too'))
    .addHelpText('after', '\nExamples:\n  $ gts host down\n  $ gts host down --purge\n')
    .action(bind(async () => (await import('./commands/host-service-commands.ts')).hostDown));
};

const withServiceOptions = (command: Command): Command =>
  withCommonOptions(command)
    .addOption(
      new Option('--socket-proxy', 'let the container reach Docker through a proxy that only hands out images'),
    )
    .addOption(new Option('--file <path>', 'one more compose file; may be repeated').argParser(collected));

const lines = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Accepted: a whole number.');
};
