import { type CommandContext, type CommonFlags, type ExitCode, readSettings } from '@scanner/app';
import { hostPassOnce } from '@scanner/app/host';

/** `gts host scan`: one pass over the images of this host's engine. */
export const hostScan = (context: CommandContext, flags: CommonFlags): Promise<ExitCode> =>
  hostPassOnce(context, readSettings(context, flags, { layout: 'directory' }));
