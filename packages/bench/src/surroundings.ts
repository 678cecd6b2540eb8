import { runTimed } from './command.ts';

export interface Homes {
  readonly home: string;
  readonly temporary: string;
}

/** The environment of what is measured: nothing of the caller's own but the search path. */
export function plainEnvironment({ home, temporary }: Homes): Readonly<Record<string, string>> {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: home, TMPDIR: temporary };
}

/** Waits until what was written to the file system of `directory` is on the disk, so that the next run does not pay. */
export async function settle(directory: string, signal: AbortSignal): Promise<void> {
  const env = plainEnvironment({ home: directory, temporary: directory });
  await runTimed({ file: 'sync', args: ['--file-system', directory], env, workingDirectory: directory }, signal);
}
