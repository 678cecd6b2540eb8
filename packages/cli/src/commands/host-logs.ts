import { stripVTControlCharacters } from 'node:util';

import { type CommandContext, EXIT, type ExitCode } from '@scanner/app';
import { type HostLogsDocument, ScannerError } from '@scanner/core';

import { HostService, SERVICE, type ServiceFlags } from '../host-service/host-service.ts';

interface LogsFlags extends ServiceFlags {
  readonly follow?: boolean;
  readonly tail?: number;
}

/** Compose 1 begins with words of its own. */
const OF_COMPOSE = 'Attaching to ';

/** `gts host logs`: what the service has written. */
export const hostLogs = async (context: CommandContext, flags: LogsFlags): Promise<ExitCode> => {
  const { console } = context;
  if (console.json && flags.follow === true)
    throw new ScannerError('one document cannot follow what is still to be written', {
      code: 'usage',
      hint: 'leave out --json or --follow',
    });
  const open = await (await HostService.find(context, flags)).open();
  const args = [
    'logs',
    '--no-color',
    '--no-log-prefix',
    ...(flags.tail === undefined ? [] : [`--tail=${flags.tail}`]),
    ...(flags.follow === true ? ['--follow'] : []),
    SERVICE,
  ];
  if (!console.json) {
    await open.succeed(args, 'result');
    return EXIT.done;
  }
  // Compose 2 clears lines of a terminal that is not there.
  const text = stripVTControlCharacters(await open.read(args));
  const document: HostLogsDocument = {
    schema: 'gts.host-logs/1',
    lines: text.split('\n').filter((line) => line !== '' && !line.startsWith(OF_COMPOSE)),
  };
  await console.document(document);
  return EXIT.done;
};
