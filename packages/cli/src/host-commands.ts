import { collected, HOST_SETTINGS, withCommonOptions, withSettings } from '@scanner/app';
import { type Command, InvalidArgumentError, Option } from 'commander';

import type { Bind } from './command-binding.ts';

const SERVICE_SETTINGS = ['SCANNER_DIR', 'DOCKER_HOST'] as const;
const SCHEDULE_SETTINGS = ['SCAN_ONCE', 'SCAN_INTERVAL_SECONDS', 'SCAN_JITTER_SECONDS', 'HTTP_LISTEN'] as const;

/** Adds the commands about this host: one pass, and the service that makes them by itself. */
export const addHostCommands = (gts: Command, bind: Bind): void => {
  const host = gts.command('host').description("scan the images of this host's Docker engine, once or continuously");
  withCommonOptions(withSettings(host.command('scan'), HOST_SETTINGS))
    .description("scan every image of this host's Docker engine once and report what is vulnerable")
    .addHelpText(
      'after',
      '\nExamples:\n  $ gts host scan\n  $ gts host scan --image nginx --severity CRITICAL\n  $ gts host scan --json | jq .totals\n',
    )
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).hostScan));
  withServiceOptions(withSettings(host.command('up'), [...HOST_SETTINGS, ...SCHEDULE_SETTINGS]))
    .description('build the scanner container, which scans this host regularly, and start it with Docker Compose')
    .addOption(
      new Option('--no-build', 'do not build the image of the scanner container; start the existing local one'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ gts host up\n  $ gts host up --interval 3600 --severity CRITICAL\n  $ gts host up --once --save-snapshot\n',
    )
    .action(bind(async () => (await import('./commands/host-service-commands.ts')).hostUp));
  withServiceOptions(withSettings(host.command('status'), SERVICE_SETTINGS))
    .description(
      'show the health of the scanner container, its last pass and its next; exit code 1 if it is unhealthy or not running',
    )
    .addHelpText('after', '\nExamples:\n  $ gts host status\n  $ gts host status --json | jq .problems\n')
    .action(bind(async () => (await import('./commands/host-service-commands.ts')).hostStatus));
  withServiceOptions(withSettings(host.command('logs'), SERVICE_SETTINGS))
    .description('show the log of the scanner container')
    .addOption(new Option('--follow', 'keep printing new lines until Ctrl-C'))
    .addOption(new Option('--tail <lines>', 'print only this many of the last lines').argParser(lines))
    .addHelpText('after', '\nExamples:\n  $ gts host logs --tail 50\n  $ gts host logs --follow\n')
    .action(bind(async () => (await import('./commands/host-service-commands.ts')).hostLogs));
  withServiceOptions(withSettings(host.command('down'), SERVICE_SETTINGS))
    .description('stop and remove the scanner container; the data in --dir are kept')
    .addOption(new Option('--purge', 'also remove the image of the scanner container and those it was built from'))
    .addOption(new Option('--data', 'with --purge: also delete its logs, snapshots (baselines), cache and state'))
    .addHelpText('after', '\nExamples:\n  $ gts host down\n  $ gts host down --purge\n')
    .action(bind(async () => (await import('./commands/host-service-commands.ts')).hostDown));
};

const withServiceOptions = (command: Command): Command =>
  withCommonOptions(command)
    .addOption(
      new Option(
        '--socket-proxy',
        'put a read-only proxy between the container and the Docker socket: images are scanned, but reports cannot name containers',
      ),
    )
    .addOption(new Option('--file <path>', 'additional compose file; may be repeated').argParser(collected));

const lines = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Accepted: a whole number.');
};
