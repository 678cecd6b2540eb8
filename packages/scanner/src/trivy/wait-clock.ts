/** How long something stood still, waiting for others; waits at the same time count once. */
export class WaitClock {
  #waits = 0;
  #since = 0;
  #totalMs = 0;

  get waitedMs(): number {
    return this.#totalMs + (this.#waits > 0 ? performance.now() - this.#since : 0);
  }

  /** Call what is returned when the wait is over. */
  start(): () => void {
    if (this.#waits === 0) this.#since = performance.now();
    this.#waits += 1;
    return () => {
      this.#waits -= 1;
      if (this.#waits === 0) this.#totalMs += performance.now() - this.#since;
    };
  }
}
