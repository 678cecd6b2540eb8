import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Notices that files changed by looking at them now and then: what is mounted into a container sends no events
 * on every system. A directory stands for the files in it.
 */
export class WatchedFiles {
  readonly #paths: readonly string[];
  #seen: string;

  constructor(paths: readonly string[]) {
    this.#paths = paths;
    this.#seen = this.#look();
  }

  /** Whether anything is different since this was last asked. */
  changed(): boolean {
    const seen = this.#look();
    const changed = seen !== this.#seen;
    this.#seen = seen;
    return changed;
  }

  #look(): string {
    return this.#paths.flatMap(contentsOf).map(markOf).join('\n');
  }
}

const contentsOf = (path: string): string[] => {
  try {
    return [path, ...readdirSync(path).map((name) => join(path, name))];
  } catch {
    return [path];
  }
};

const markOf = (path: string): string => {
  try {
    const { ino, size, mtimeNs, mode } = statSync(path, { bigint: true });
    return `${path} ${ino} ${size} ${mtimeNs} ${mode}`;
  } catch {
    return path;
  }
};
