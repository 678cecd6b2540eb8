import { type CommandContext, EXIT, type ExitCode } from '@scanner/app';
import { ScannerError } from '@scanner/core';

import { HostService, type ServiceFlags } from '../host-service/host-service.ts';
import { imagesOf, removeData, removeImages } from '../host-service/purge.ts';
import { serviceStatus } from '../host-service/service-status.ts';

interface DownFlags extends ServiceFlags {
  readonly purge?: boolean;
  readonly data?: boolean;
}

/** `gts host down`: stops the service and removes its container; its images go with `--purge`, its data with `--data` too. */
export const hostDown = async (context: CommandContext, flags: DownFlags): Promise<ExitCode> => {
  const { console } = context;
  if (flags.data === true && flags.purge !== true)
    throw new ScannerError('--data removes what the service keeps, and goes with --purge only', {
      code: 'usage',
      hint: 'to remove the service, its images and its data: gts host down --purge --data',
    });
  const service = await HostService.find(context, flags);
  const open = await service.open();
  const images = flags.purge === true ? await imagesOf(context, service) : [];
  await open.succeed(['down', '--remove-orphans'], flags.quiet === true ? 'nowhere' : 'messages');
  await service.removeOthers();
  if (flags.purge === true) await removeImages(context, service, images);
  if (flags.data === true) await removeData(context, service);
  if (console.json) await console.document(await serviceStatus(service));
  else if (flags.data !== true) console.say(`stopped; its data are still in ${console.inert(service.directory)}`);
  return EXIT.done;
};
