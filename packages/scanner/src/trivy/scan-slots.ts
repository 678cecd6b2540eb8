/** A scan's turn. */
export interface Turn {
  /** Gives its place to the next one while it waits for others; what is returned takes it back. */
  lend(): () => void;
}

/**
 * Lets so many scans run at once, in the order they came; one that wants to be alone waits for all others to end,
 * and those behind it wait for it.
 */
export class ScanSlots {
  readonly #total: number;
  #free: number;
  #lent = 0;
  readonly #waiting: Array<{ readonly wanted: number; readonly go: () => void }> = [];

  constructor(total: number) {
    this.#total = total;
    this.#free = total;
  }

  /** Runs the work when there is room for it. Rejects when aborted before that. */
  async run<T>(room: 'one' | 'all', signal: AbortSignal | undefined, work: (turn: Turn) => Promise<T>): Promise<T> {
    const wanted = room === 'one' ? 1 : this.#total;
    await this.#take(wanted, signal);
    try {
      return await work({ lend: () => this.#lend(wanted) });
    } finally {
      this.#free += wanted;
      this.#serve();
    }
  }

  /** Not for all at once: what waits is started too, and takes memory. What comes back is not made to wait again. */
  #lend(room: number): () => void {
    if (room > 1 || this.#lent >= this.#total) return () => {};
    this.#lent += 1;
    this.#free += 1;
    this.#serve();
    return () => {
      this.#lent -= 1;
      this.#free -= 1;
    };
  }

  async #take(wanted: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        const place = this.#waiting.findIndex((waiting) => waiting.go === go);
        if (place !== -1) this.#waiting.splice(place, 1);
        this.#serve();
        reject(new Error('gave up waiting for a turn', { cause: signal?.reason }));
      };
      const go = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push({ wanted, go });
      this.#serve();
    });
  }

  #serve(): void {
    for (let [next] = this.#waiting; next !== undefined && next.wanted <= this.#free; [next] = this.#waiting) {
      this.#waiting.shift();
      this.#free -= next.wanted;
      next.go();
    }
  }
}
