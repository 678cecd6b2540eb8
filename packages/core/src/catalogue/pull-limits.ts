import type { Clock } from '../ports/clock.ts';
import type { PullAllowance } from '../ports/manifest-digests.ts';

/** Waits; rejects once the signal is aborted. */
export type Wait = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

export interface PullLimitsParts {
  readonly clock: Clock;
  readonly wait: Wait;
  /** How long a registry that grants nothing is waited for before its tools are left for another run. */
  readonly maxWaitMilliseconds: number;
}

/** Whether a registry may be asked; `resumeAt` is ISO 8601, null where nobody knows. */
export type Admission = { readonly open: true } | { readonly open: false; readonly resumeAt: string | null };

interface RegistryState {
  /** What the last answer granted, less what was pulled since; null where no limit is known. */
  remaining: number | null;
  resetAt: number | null;
  inFlight: number;
  /** Refusals since the last pull that was granted. */
  refusals: number;
  /** When the first of them came, on the monotonic clock. */
  limitedSince: number | null;
  /** When to ask again, by the wall clock. */
  closedUntil: number | null;
  ended: { readonly resumeAt: string | null } | null;
}

const UNKNOWN_RESET_MILLISECONDS = 30_000;
const LEAST_WAIT_MILLISECONDS = 1_000;
const MOST_DOUBLINGS = 6;

/** Keeps to what each registry grants: pulls are counted, a used-up allowance is waited for, or ends the registry's turn. */
export class PullLimits {
  readonly #parts: PullLimitsParts;
  readonly #registries = new Map<string, RegistryState>();

  constructor(parts: PullLimitsParts) {
    this.#parts = parts;
  }

  /** Waits while the registry grants nothing. Closed for good once that would take longer than may be waited. */
  async admit(registry: string, signal?: AbortSignal): Promise<Admission> {
    const state = this.#state(registry);
    while (state.ended === null && state.closedUntil !== null) {
      const pause = state.closedUntil - this.#now();
      if (pause <= 0) state.closedUntil = null;
      else if (this.#isTooLong(state, pause)) state.ended = { resumeAt: this.#resumeAt(state) };
      else await this.#parts.wait(pause, signal);
    }
    return state.ended === null ? { open: true } : { open: false, ...state.ended };
  }

  /** Takes note of what an answer said. */
  learn(registry: string, allowance: PullAllowance | null): void {
    const state = this.#state(registry);
    state.remaining = allowance?.remaining ?? null;
    state.resetAt = timeOf(allowance?.resetAt ?? null) ?? state.resetAt;
  }

  /** Counts a pull that is about to start; false, with the registry closed, where none is left. */
  take(registry: string): boolean {
    const state = this.#state(registry);
    if (state.remaining !== null && state.remaining <= state.inFlight) {
      this.refused(registry, null);
      return false;
    }
    state.inFlight += 1;
    return true;
  }

  /** A pull that was taken has ended; `granted` unless the limit refused it. */
  done(registry: string, granted: boolean): void {
    const state = this.#state(registry);
    state.inFlight -= 1;
    if (state.remaining !== null) state.remaining = Math.max(0, state.remaining - 1);
    if (!granted) return;
    state.refusals = 0;
    state.limitedSince = null;
  }

  /** The registry said no; `retryAt` is when it wants to be asked again, ISO 8601. */
  refused(registry: string, retryAt: string | null): void {
    const state = this.#state(registry);
    const now = this.#now();
    state.limitedSince ??= this.#parts.clock.elapsed();
    state.remaining = null;
    state.resetAt = timeOf(retryAt) ?? state.resetAt;
    const known = state.resetAt !== null && state.resetAt > now ? state.resetAt - now : null;
    const backOff = 2 ** Math.min(state.refusals, MOST_DOUBLINGS);
    const pause =
      known === null ? UNKNOWN_RESET_MILLISECONDS * backOff : Math.max(known, LEAST_WAIT_MILLISECONDS * backOff);
    state.closedUntil = Math.max(state.closedUntil ?? 0, now + pause);
    state.refusals += 1;
  }

  #isTooLong({ limitedSince }: RegistryState, pause: number): boolean {
    const { clock, maxWaitMilliseconds } = this.#parts;
    const waited = limitedSince === null ? 0 : clock.elapsed() - limitedSince;
    return waited + pause > maxWaitMilliseconds;
  }

  #resumeAt({ resetAt }: RegistryState): string | null {
    return resetAt !== null && resetAt > this.#now() ? new Date(resetAt).toISOString() : null;
  }

  #now(): number {
    return this.#parts.clock.now().getTime();
  }

  #state(registry: string): RegistryState {
    const known = this.#registries.get(registry);
    if (known !== undefined) return known;
    const state: RegistryState = {
      remaining: null,
      resetAt: null,
      inFlight: 0,
      refusals: 0,
      limitedSince: null,
      closedUntil: null,
      ended: null,
    };
    this.#registries.set(registry, state);
    return state;
  }
}

const timeOf = (date: string | null): number | null => {
  const time = date === null ? Number.NaN : Date.parse(date);
  return Number.isFinite(time) ? time : null;
};
