import { setTimeout as sleep } from 'node:timers/promises';

import { type Health, missingPass, SIGN_OF_LIFE_MS, writeHealth } from '@scanner/app/daemon-state';
import type { Clock, Log, ScannerError } from '@scanner/core';

import type { MakePass, Passes } from './passes.ts';

/** What passes are made with and notices delivered by, opened anew when a secret or the ignore list changed. */
export interface OpenParts extends AsyncDisposable {
  readonly pass: MakePass;
  /** Delivers until the signal; throws where the outbox cannot be used. */
  deliver(signal: AbortSignal): Promise<void>;
  /** Says that there may be something new to deliver. */
  wake(): void;
  deliveries(): Deliveries;
}

/** How notices get through. */
export interface Deliveries {
  readonly summary: Health['deliveries'];
  /** Whether there is a notice that nobody got, and nobody gets until something is changed. */
  readonly heldForEverybody: boolean;
}

export interface ServiceParts {
  /** The state directory. */
  readonly state: string;
  readonly intervalSeconds: number;
  readonly passes: Passes;
  readonly clock: Clock;
  readonly log: Log;
  open(): Promise<OpenParts>;
  /** Whether the ignore list or a secret changed since this was last asked. */
  filesChanged(): boolean;
  /** Why an engine that was not found never will be by this process; null where it may come back. */
  engineIsGone(): ScannerError | null;
  /** Tells a watchdog that a pass came to its end. */
  ping(signal: AbortSignal): Promise<void>;
}

/** Whether there is something new is looked at so often. */
const LOOK_MS = 2000;
const OUTBOX_RETRY_MS = 60_000;

/** Passes over a host by the schedule, deliveries in between, and a sign of life, until it is stopped. */
export class Service {
  readonly #parts: ServiceParts;
  readonly #startedAt: string;
  #open: OpenParts | null = null;
  #reload = new AbortController();
  /** Whether it was said that the state directory cannot be written. */
  #toldOfState = false;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now().toISOString();
  }

  /** @throws ScannerError where the state directory cannot be used at the start, and `engine_unreachable` for ever */
  async run(stop: AbortSignal): Promise<void> {
    const { state, passes } = this.#parts;
    await writeHealth(state, this.health());
    if (passes.dueInMs > 0) passes.tellNext();
    const over = new AbortController();
    const living = this.#showLife(AbortSignal.any([stop, over.signal]));
    try {
      while (!stop.aborted) await this.#serveUntilReload(stop);
    } finally {
      over.abort();
      await living;
    }
  }

  /** Reads secrets and the ignore list again, once a pass that runs has ended. */
  reload(): void {
    this.#reload.abort();
  }

  /** Whether a pass has come to its end, by this process or one before it. */
  isReady(): boolean {
    const { last } = this.#parts.passes;
    return last !== null && last.last_end_at !== null;
  }

  health(): Health {
    const { clock, intervalSeconds, passes } = this.#parts;
    const { last, runningSince, nextAt } = passes;
    const now = clock.now();
    const outcome = last?.outcome ?? null;
    const pass: Health['pass'] = {
      running_since: runningSince,
      next_at: runningSince === null ? nextAt : null,
      last_end_at: last?.last_end_at ?? null,
      last_outcome: outcome === 'running' ? null : outcome,
      reason: last?.reason ?? null,
    };
    const isAwaited = runningSince !== null || nextAt !== null;
    const missing = isAwaited ? missingPass({ pass, started_at: this.#startedAt }, intervalSeconds, now) : null;
    const { summary, problems } = this.#deliveries();
    return {
      schema: 'gts.health/1',
      at: now.toISOString(),
      started_at: this.#startedAt,
      problems: [...(missing === null ? [] : [missing]), ...problems],
      pass,
      deliveries: summary,
    };
  }

  #deliveries(): Deliveries & { readonly problems: string[] } {
    try {
      const deliveries = this.#open?.deliveries() ?? NO_DELIVERIES;
      return { ...deliveries, problems: undelivered(deliveries.summary) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { ...NO_DELIVERIES, problems: [`what waits to be delivered cannot be read: ${why}`] };
    }
  }

  async #serveUntilReload(stop: AbortSignal): Promise<void> {
    this.#reload = new AbortController();
    const until = AbortSignal.any([stop, this.#reload.signal]);
    await using open = await this.#parts.open();
    this.#open = open;
    const delivering = this.#deliver(open, until);
    try {
      await this.#makePasses(open, { until, stop });
    } finally {
      this.#reload.abort();
      await delivering;
      this.#open = null;
    }
    if (!stop.aborted) this.#parts.log.info('secrets and the ignore list are read again');
  }

  /** A reload waits for the pass that runs; a stop ends it. */
  async #makePasses(open: OpenParts, { until, stop }: { until: AbortSignal; stop: AbortSignal }): Promise<void> {
    const { passes } = this.#parts;
    while (!until.aborted) {
      if (this.#parts.filesChanged()) this.#reload.abort();
      else if (passes.dueInMs > 0) await pause(Math.min(LOOK_MS, passes.dueInMs), until);
      else {
        const didAllItCould = await passes.make(open.pass, stop);
        open.wake();
        if (didAllItCould && !this.#deliveries().heldForEverybody) await this.#parts.ping(stop);
        if (!stop.aborted) passes.tellNext();
        await this.#signOfLife();
        const gone = passes.engineIsAway ? this.#parts.engineIsGone() : null;
        if (gone !== null) throw gone;
      }
    }
  }

  async #deliver(open: OpenParts, until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      try {
        await open.deliver(until);
      } catch (error) {
        this.#parts.log.warn('notices cannot be delivered for now', { error });
        await pause(OUTBOX_RETRY_MS, until);
      }
    }
  }

  async #showLife(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.#signOfLife();
      await pause(SIGN_OF_LIFE_MS, stop);
    }
  }

  async #signOfLife(): Promise<void> {
    const { state, log } = this.#parts;
    try {
      await writeHealth(state, this.health());
      this.#toldOfState = false;
    } catch (error) {
      if (!this.#toldOfState) log.warn('the state directory cannot be written', { error });
      this.#toldOfState = true;
    }
  }
}

const NO_DELIVERIES: Deliveries = {
  summary: { pending: 0, held: 0, held_since: null, dead: 0, oldest_pending_at: null, last_error: null },
  heldForEverybody: false,
};

/** Why notices do not get through by themselves, as sentences. */
const undelivered = ({ held = 0, held_since: since, dead, last_error: error }: Health['deliveries']): string[] => [
  ...(held === 0
    ? []
    : [`${held} deliveries of notices are held since ${since}: ${error ?? 'refused'} (gts notices list)`]),
  ...(dead === 0 ? [] : [`${dead} deliveries of notices were given up (gts notices list, gts notices retry)`]),
];

const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
};
