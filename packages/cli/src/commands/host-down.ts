import { type CommandContext, EXIT, type ExitCode } from '@scanner/app';

import { HostService, type ServiceFlags } from '../host-service/host-service.ts';
import { serviceStatus } from '../host-service/service-status.ts';

/** `gts host down`: stops the service and removes its container; its data stay. */
export const hostDown = async (context: CommandContext, flags: ServiceFlags): Promise<ExitCode> => {
  const service = await HostService.find(context, flags);
  const open = await service.open();
  await open.succeed(['down', '--remove-orphans'], flags.quiet === true ? 'nowhere' : 'messages');
  if (context.console.json) await context.console.document(await serviceStatus(service));
  else context.console.say(`stopped; its data are still in ${context.console.inert(service.directory)}`);
  return EXIT.done;
};
