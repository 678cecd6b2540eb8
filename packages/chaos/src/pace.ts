const REMEMBERED = 9;

/** What unharmed runs take, learned as they are made, since a machine is not always as fast. */
export class Pace {
  readonly #times = new Map<string, number[]>();

  learn(scenario: string, milliseconds: number): void {
    const times = [...(this.#times.get(scenario) ?? []), milliseconds];
    this.#times.set(scenario, times.slice(-REMEMBERED));
  }

  /** The median of the last unharmed runs; undefined before the first. */
  of(scenario: string): number | undefined {
    const times = (this.#times.get(scenario) ?? []).toSorted((one, other) => one - other);
    return times[Math.floor(times.length / 2)];
  }
}
