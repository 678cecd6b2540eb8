import { orAborted } from '../or-aborted.ts';

/** Layers that somebody makes known. Disposing gives them up: by then they are known, or free for the next. */
export interface LayerClaim extends Disposable {
  readonly diffIds: ReadonlySet<string>;
}

/**
 * Knows which layers are being made known right now, so that nobody gets them a second time meanwhile. Who holds a claim
 * waits for none, so nobody waits in a circle.
 */
export class LayerClaims {
  readonly #underWay = new Map<string, Promise<void>>();

  /** Takes those that nobody else is about. */
  take(diffIds: Iterable<string>): LayerClaim {
    const free = new Set([...diffIds].filter((diffId) => !this.#underWay.has(diffId)));
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const diffId of free) this.#underWay.set(diffId, promise);
    return {
      diffIds: free,
      [Symbol.dispose]: () => {
        for (const diffId of free) if (this.#underWay.get(diffId) === promise) this.#underWay.delete(diffId);
        free.clear();
        resolve();
      },
    };
  }

  /**
   * Settles when nobody is about any of them any more.
   *
   * @throws the signal's reason
   */
  async settled(diffIds: Iterable<string>, signal: AbortSignal): Promise<void> {
    const others = [...diffIds].flatMap((diffId) => this.#underWay.get(diffId) ?? []);
    await orAborted(Promise.all(others), signal);
  }
}
