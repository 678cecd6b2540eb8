import { type CommandContext, EXIT, type ExitCode } from '@scanner/app';

import { HostService, type ServiceFlags } from '../host-service/host-service.ts';
import { serviceStatus, tellStatus } from '../host-service/service-status.ts';

/** `gts host status`: how the service is; ends with 1 where it is not well, as the health check of its container does. */
export const hostStatus = async (context: CommandContext, flags: ServiceFlags): Promise<ExitCode> => {
  const status = await serviceStatus(await HostService.find(context, flags));
  await tellStatus(context, status);
  return status.problems.length === 0 ? EXIT.done : EXIT.gate;
};
