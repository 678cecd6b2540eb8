/** Somebody who reads and writes analyses. */
export interface Claimant {
  /** For how long it may be kept waiting at most, in milliseconds; 0 for one that cannot wait. */
  readonly patienceMs: number;
  /** Told when it starts to wait; what it returns is called when the wait is over. */
  readonly onWait: () => () => void;
}

interface Wait {
  readonly claimant: Claimant;
  readonly goOn: () => void;
}

/**
 * Knows which analyses are being made right now, and by whom, so that nobody else makes them again meanwhile:
 * who looked for one and did not find it makes it, and until then others who look for it wait.
 */
export class AnalysisClaims {
  readonly #claims = new Map<string, Claimant>();
  readonly #waits = new Map<string, Wait[]>();

  /** Whether somebody else is making it, and can be waited for: nobody waits for one who waits for him. */
  isBeingMade(key: string, claimant: Claimant): boolean {
    const maker = this.#claims.get(key);
    if (maker === undefined || maker === claimant || claimant.patienceMs <= 0) return false;
    return !this.#waitsFor(maker, claimant);
  }

  /** It was looked for and is not there: the first who looked makes it. */
  claim(key: string, claimant: Claimant): void {
    if (!this.#claims.has(key)) this.#claims.set(key, claimant);
  }

  /** Settles when it has been made or given up, or when patience has an end. */
  async wait(key: string, claimant: Claimant): Promise<void> {
    const over = claimant.onWait();
    const { promise, resolve } = Promise.withResolvers<void>();
    const wait: Wait = { claimant, goOn: resolve };
    const timer = setTimeout(resolve, claimant.patienceMs);
    this.#waits.set(key, [...(this.#waits.get(key) ?? []), wait]);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#drop(key, wait);
      over();
    }
  }

  /** It is there now. */
  made(key: string): void {
    this.#claims.delete(key);
    for (const { goOn } of this.#waits.get(key) ?? []) goOn();
  }

  /** Whoever waits for what it was to make looks for it again. */
  leave(claimant: Claimant): void {
    for (const [key, maker] of this.#claims) if (maker === claimant) this.made(key);
    for (const wait of [...this.#waits.values()].flat()) if (wait.claimant === claimant) wait.goOn();
  }

  #waitsFor(claimant: Claimant, other: Claimant): boolean {
    for (const [key, waits] of this.#waits) {
      if (!waits.some((wait) => wait.claimant === claimant)) continue;
      const maker = this.#claims.get(key);
      if (maker !== undefined && (maker === other || this.#waitsFor(maker, other))) return true;
    }
    return false;
  }

  #drop(key: string, wait: Wait): void {
    const left = (this.#waits.get(key) ?? []).filter((waiting) => waiting !== wait);
    if (left.length === 0) this.#waits.delete(key);
    else this.#waits.set(key, left);
  }
}
