import { setTimeout as sleep } from 'node:timers/promises';

import { type CommandContext, type CommonFlags, EXIT, type ExitCode } from '@scanner/app';
import { type Health, readHealth } from '@scanner/app/daemon-state';
import type { ServiceContainer } from '@scanner/scanner';

import { composeFailed } from '../host-service/compose-program.ts';
import { HostService, type OpenService, SERVICE, type ServiceFlags } from '../host-service/host-service.ts';
import { serviceStatus, tellStatus } from '../host-service/service-status.ts';

interface UpFlags extends ServiceFlags {
  /** False for `--no-build`. */
  readonly build?: boolean;
}

/** `gts host up`: builds the daemon's image and starts it, or with `--once` makes one pass and ends as that does. */
export const hostUp = async (context: CommandContext, flags: UpFlags): Promise<ExitCode> => {
  const service = await HostService.of(context, flags);
  const open = await service.prepare();
  if (flags.build !== false) {
    context.console.say('building the image of the service');
    await open.succeed(['build', SERVICE], flags.quiet === true ? 'nowhere' : 'messages');
  }
  if (service.read.settings.SCAN_ONCE) return passOnce(open, flags);
  await service.removeOthers();
  await open.succeed(['up', '-d', '--no-build', SERVICE], 'messages');
  await untilItLives(context, service);
  await tellStatus(context, await serviceStatus(service));
  return EXIT.done;
};

/** The container's standard output is ours. */
const passOnce = async (open: OpenService, flags: CommonFlags): Promise<ExitCode> => {
  const code = await open.run(['run', '--rm', '-T', SERVICE, '--once', ...commonArguments(flags)], 'result');
  const known = Object.values(EXIT).find((exit) => exit === code);
  if (known === undefined || known === EXIT.gate)
    throw composeFailed(`the pass could not be started (exit code ${code})`);
  return known;
};

const commonArguments = ({ json, quiet, verbose, logFormat }: CommonFlags): string[] => [
  ...(json === true ? ['--json'] : []),
  ...(quiet === true ? ['--quiet'] : []),
  ...(verbose === true ? ['--verbose'] : []),
  ...(logFormat === undefined ? [] : ['--log-format', logFormat]),
];

const LONGEST_START_MS = 60_000;
const LOOK_MS = 250;

/** A container that is started may still end at once, over an owner or a lock, and be started again and again. */
const untilItLives = async ({ signal }: CommandContext, service: HostService): Promise<void> => {
  const deadline = Date.now() + LONGEST_START_MS;
  const restarts = (await service.container())?.restarts ?? 0;
  while (Date.now() < deadline) {
    const container = await service.container();
    if (container !== null && hasToldOfItself(container, readHealth(service.state))) return;
    if (container === null || container.state === 'exited' || container.restarts > restarts)
      throw composeFailed(`the service ends as soon as it is started (exit code ${container?.exitCode ?? 'unknown'})`);
    await sleep(LOOK_MS, undefined, { signal });
  }
  throw composeFailed('the service was started and gives no sign of life');
};

/** A sign of life may be left of a container before; and not everybody may read it. */
const hasToldOfItself = ({ startedAt, health: checked }: ServiceContainer, health: Health | null): boolean =>
  checked === 'healthy' ||
  (health !== null && startedAt !== null && Date.parse(health.started_at) >= Date.parse(startedAt));
