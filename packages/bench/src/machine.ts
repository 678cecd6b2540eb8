import { spawnSync } from 'node:child_process';
import { arch, availableParallelism, cpus, release, totalmem } from 'node:os';

/** Where something was measured. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** What inflates large layers; null where zlib does. */
  readonly igzip: string | null;
}

export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    system: `${process.platform} ${release()} ${arch()}`,
    node: process.version,
    igzip: igzipVersion(),
  };
}

function igzipVersion(): string | null {
  const { stdout } = spawnSync('igzip', ['--version'], { encoding: 'utf8' });
  return /\d+(?:\.\d+)+/.exec(stdout ?? '')?.[0] ?? null;
}
