import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { plainEnvironment, settle } from './surroundings.ts';

/** Where the measured commands run: a home, a place for temporary files, and directories for what they keep. */
export class Workplace {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async in(path: string): Promise<Workplace> {
    for (const name of ['home', 'tmp']) await mkdir(join(path, name));
    return new Workplace(path);
  }

  /** The whole environment of what is measured, but for what the command needs. */
  get environment(): Readonly<Record<string, string>> {
    return plainEnvironment({ home: join(this.#path, 'home'), temporary: join(this.#path, 'tmp') });
  }

  /** A new, empty directory. Disposing removes it. */
  async emptyDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
    const path = await mkdtemp(join(this.#path, 'run-'));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  }

  /** Waits until what the last run wrote is on the disk, so that the next one does not pay for it. */
  async settle(signal: AbortSignal): Promise<void> {
    await settle(this.#path, signal);
  }
}
