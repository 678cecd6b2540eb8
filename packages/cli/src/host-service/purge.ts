import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { type CommandContext, holdState } from '@scanner/app';
import { placeError } from '@scanner/core';
import { parseDotEnv } from '@scanner/core/config';
import { createLockKeeper } from '@scanner/store';

import { type HostService, IMAGE_LABEL } from './host-service.ts';

/** What the container made by itself; what people wrote stays. */
const KEPT_BY_THE_SERVICE = ['state', 'cache', 'logs', 'snapshots'] as const;

/** As docker/compose.yaml has it. */
const USUAL_IMAGE = 'image-scanner:local';

/** @returns the names of the images that the service has been using or would use; to be asked while its containers are there */
export const imagesOf = async (context: CommandContext, service: HostService): Promise<readonly string[]> => {
  using containers = await service.containers();
  const found = await service.found(containers);
  const proxies = await containers.imagesOf({ project: service.project, service: 'socket-proxy' });
  const { SCANNER_IMAGE: written } = parseDotEnv(service.read.dotEnv ?? '');
  const built = context.env['SCANNER_IMAGE'] || written || USUAL_IMAGE;
  return [...new Set([...found.map(({ image }) => image), ...proxies, built])];
};

/**
 * Removes images, and what building them left without a name, and says of each what became of it.
 *
 * @throws ScannerError as `ServiceContainers.removeImage` does
 */
export const removeImages = async (
  { console }: CommandContext,
  service: HostService,
  names: readonly string[],
): Promise<void> => {
  using containers = await service.containers();
  for (const name of names) {
    const { removed, kept } = await containers.removeImage(name);
    if (removed) console.say(console.inert(`removed the image ${name}`));
    if (kept !== null) console.complain(console.inert(`the image ${name} is still there: ${kept}`));
  }
  const left = await containers.untaggedImages(IMAGE_LABEL);
  for (const id of left) await containers.removeImage(id);
  if (left.length > 0) console.say(`removed ${left.length} images without a name, which building it had left`);
};

/**
 * Removes what the service keeps, and says what is left: what people wrote.
 *
 * @throws ScannerError `directory_busy` while something works on it, `directory_unusable` where it may not be removed
 */
export const removeData = async (context: CommandContext, { directory, state }: HostService): Promise<void> => {
  const { console, commandLine: command } = context;
  try {
    using _held = holdState(createLockKeeper(), state, { command, hostName: null });
    for (const name of KEPT_BY_THE_SERVICE) await rm(join(directory, name), { recursive: true, force: true });
  } catch (error) {
    throw placeError(directory, error) ?? error;
  }
  console.say(console.inert(`removed ${KEPT_BY_THE_SERVICE.join(', ')} from ${directory}`));
  console.say('settings, secrets and the list of images to skip are still there');
};
