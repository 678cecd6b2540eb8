import { type CommandContext, EXIT, type ExitCode } from '@scanner/app';
import { type HostLogsDocument, ScannerError } from '@scanner/core';

import { HostService, type ServiceFlags } from '../host-service/host-service.ts';

interface LogsFlags extends ServiceFlags {
  readonly follow?: boolean;
  readonly tail?: number;
}

const MOST_CHARACTERS = 100_000_000;

/** `gts host logs`: what the container of the service has written, whoever started it. */
export const hostLogs = async (context: CommandContext, flags: LogsFlags): Promise<ExitCode> => {
  const { console } = context;
  if (console.json && flags.follow === true)
    throw new ScannerError('--json and --follow cannot be combined', {
      code: 'usage',
      hint: 'leave out --json or --follow',
    });
  const service = await HostService.find(context, flags);
  if (!console.json) {
    for await (const text of written(context, service, flags)) await console.result(text);
    return EXIT.done;
  }
  let text = '';
  for await (const more of written(context, service, flags)) text = (text + more).slice(-MOST_CHARACTERS);
  const lines = text.split('\n').filter((line) => line !== '');
  await console.document({ schema: 'gts.host-logs/1', lines } satisfies HostLogsDocument);
  return EXIT.done;
};

async function* written(
  { console, signal }: CommandContext,
  service: HostService,
  { tail, follow = false }: LogsFlags,
): AsyncGenerator<string> {
  using containers = await service.containers();
  const [container] = await service.found(containers);
  if (container === undefined) return console.say('there is no container of the service: gts host up starts it');
  const decoder = new TextDecoder();
  const asked = { follow, signal, ...(tail !== undefined && { tail }) };
  for await (const piece of containers.logs(container, asked)) yield decoder.decode(piece, { stream: true });
}
