import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { runTimed } from '../command.ts';
import type { RunOutcome } from '../command.ts';
import type { HostSetting } from './host-setting.ts';

/** Has the engine write all images to one file in `directory`, which is the least that any export of them costs. */
export async function saveImages(
  { set, environment }: Pick<HostSetting, 'set' | 'environment'>,
  directory: string,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const archive = join(directory, 'saved.tar');
  const args = ['save', '--output', archive, ...set.references];
  const outcome = await runTimed({ file: 'docker', args, env: environment, workingDirectory: directory }, signal);
  const { size } = await stat(archive);
  if (size === 0) throw new Error('docker save wrote nothing.');
  return outcome;
}
