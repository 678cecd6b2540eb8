import { setTimeout as sleep } from 'node:timers/promises';

import type { HeldLock, LockAttempt, LockKeeper } from '../ports/lock-keeper.ts';

/** Keeps locks among those who share this object. */
export class InMemoryLockKeeper implements LockKeeper {
  readonly #holders = new Map<string, string>();

  tryAcquire(file: string, holder: string): LockAttempt {
    const heldBy = this.#holders.get(file);
    if (heldBy !== undefined) return { heldBy };
    this.#holders.set(file, holder);
    return { held: this.#lockOn(file) };
  }

  async acquire(
    file: string,
    holder: string,
    { signal, onWait }: { readonly signal?: AbortSignal; readonly onWait?: (heldBy: string) => void } = {},
  ): Promise<HeldLock> {
    let told = false;
    for (;;) {
      signal?.throwIfAborted();
      const attempt = this.tryAcquire(file, holder);
      if ('held' in attempt) return attempt.held;
      if (!told) onWait?.(attempt.heldBy);
      told = true;
      await sleep(5);
    }
  }

  #lockOn(file: string): HeldLock {
    let held = true;
    const release = (): void => {
      if (held) this.#holders.delete(file);
      held = false;
    };
    return { release, [Symbol.dispose]: release };
  }
}
