import { setTimeout as sleep } from 'node:timers/promises';

import {
  factsOf,
  type Health,
  type LastPass,
  missingPass,
  SIGN_OF_LIFE_MS,
  writeHealth,
  writeLastPass,
} from '@scanner/app/daemon-state';
import { type Clock, type HostPassEvent, type HostPassOutcome, type Log, ScannerError } from '@scanner/core';

import type { Metrics } from './metrics.ts';
import type { Schedule } from './schedule.ts';

/** What the service makes passes with and delivers by, opened anew when a secret or the ignore list changed. */
export interface OpenParts extends AsyncDisposable {
  pass(options: {
    readonly signal: AbortSignal;
    readonly observe: (event: HostPassEvent) => void;
  }): Promise<HostPassOutcome>;
  /** Delivers until the signal; throws where the outbox cannot be used. */
  deliver(signal: AbortSignal): Promise<void>;
  /** Says that there may be something new to deliver. */
  wake(): void;
  deliveries(): Health['deliveries'];
}

export interface ServiceParts {
  readonly state: string;
  readonly intervalSeconds: number;
  /** Names the settings that say what a pass looks at. */
  readonly settings: string;
  readonly schedule: Schedule;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
  open(): Promise<OpenParts>;
  /** Whether the ignore list or a secret changed since this was last asked. */
  filesChanged(): boolean;
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
  #runningSince: string | null = null;
  #last: LastPass | null;
  #reload = new AbortController();
  /** Whether it was said that the state directory cannot be written. */
  #toldOfState = false;

  constructor(parts: ServiceParts, last: LastPass | null) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now().toISOString();
    this.#last = last;
    if (last !== null) parts.metrics.show(last);
    parts.schedule.resume(last, parts.settings);
  }

  /** @throws ScannerError where the state directory cannot be used at the start */
  async run(stop: AbortSignal): Promise<void> {
    await writeHealth(this.#parts.state, this.health());
    if (this.#parts.schedule.dueInMs() > 0) this.#tellNextPass();
    const living = this.#showLife(stop);
    try {
      while (!stop.aborted) await this.#serveUntilReload(stop);
    } finally {
      await living;
    }
  }

  /** Reads secrets and the ignore list again, once a pass that runs has ended. */
  reload(): void {
    this.#reload.abort();
  }

  /** Whether a pass has come to its end, by this process or one before it. */
  isReady(): boolean {
    return this.#last !== null && this.#last.last_end_at !== null;
  }

  health(): Health {
    const { clock, intervalSeconds } = this.#parts;
    const now = clock.now();
    const outcome = this.#last?.outcome ?? null;
    const pass: Health['pass'] = {
      running_since: this.#runningSince,
      next_at: this.#runningSince === null ? this.#nextPassAt() : null,
      last_end_at: this.#last?.last_end_at ?? null,
      last_outcome: outcome === 'running' ? null : outcome,
      reason: this.#last?.reason ?? null,
    };
    const missing = missingPass({ pass, started_at: this.#startedAt }, intervalSeconds, now);
    const { deliveries, problem } = this.#deliveries();
    return {
      schema: 'gts.health/1',
      at: now.toISOString(),
      started_at: this.#startedAt,
      problems: [missing, problem].filter((sentence) => sentence !== null),
      pass,
      deliveries,
    };
  }

  #deliveries(): { readonly deliveries: Health['deliveries']; readonly problem: string | null } {
    try {
      return { deliveries: this.#open?.deliveries() ?? NO_DELIVERIES, problem: null };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { deliveries: NO_DELIVERIES, problem: `what waits to be delivered cannot be read: ${why}` };
    }
  }

  async #serveUntilReload(stop: AbortSignal): Promise<void> {
    this.#reload = new AbortController();
    const until = AbortSignal.any([stop, this.#reload.signal]);
    await using open = await this.#parts.open();
    this.#open = open;
    const delivering = this.#deliver(open, until);
    try {
      while (!until.aborted) {
        if (this.#parts.filesChanged()) this.#reload.abort();
        else if (this.#parts.schedule.dueInMs() === 0) await this.#pass(open, stop);
        else await pause(Math.min(LOOK_MS, this.#parts.schedule.dueInMs()), until);
      }
    } finally {
      this.#reload.abort();
      await delivering;
      this.#open = null;
    }
    if (!stop.aborted) this.#parts.log.info('secrets and the ignore list are read again');
  }

  async #pass(open: OpenParts, stop: AbortSignal): Promise<void> {
    const { schedule, clock, log, metrics } = this.#parts;
    schedule.started();
    const startedAt = clock.now().toISOString();
    const from = clock.elapsed();
    this.#runningSince = startedAt;
    log.info('pass started');
    await this.#record(this.#passAt(startedAt, { outcome: 'running', ended_at: null, reason: null }));
    try {
      const outcome = await open.pass({ signal: stop, observe: (event) => this.#tellProgress(event) });
      await this.#ended(startedAt, outcome, secondsSince(clock, from));
      open.wake();
      if (endedWell(outcome)) await this.#parts.ping(stop);
    } catch (error) {
      await this.#failed(startedAt, error, secondsSince(clock, from), stop);
      open.wake();
    } finally {
      this.#runningSince = null;
      metrics.countSkippedPasses(Math.floor(secondsSince(clock, from) / this.#parts.intervalSeconds));
      if (!stop.aborted) this.#tellNextPass();
      await this.#signOfLife();
    }
  }

  async #ended(startedAt: string, outcome: HostPassOutcome, seconds: number): Promise<void> {
    const { log, metrics, clock } = this.#parts;
    const { document, problems, warnings, interrupted } = outcome;
    for (const sentence of [...warnings, ...problems]) log.warn(sentence);
    const { totals } = document;
    const how = interrupted ? 'interrupted' : totals.failed > 0 || problems.length > 0 ? 'partial' : 'complete';
    log.info('pass ended', { outcome: how, ...totals, seconds: Math.round(seconds * 10) / 10 });
    const endedAt = clock.now().toISOString();
    await this.#record({
      ...this.#passAt(startedAt, { outcome: how, ended_at: endedAt, reason: problems[0] ?? null }),
      ...(!interrupted && { last_end_at: endedAt, ...factsOf(document) }),
    });
    metrics.countPass(how, seconds, document);
  }

  async #failed(startedAt: string, error: unknown, seconds: number, stop: AbortSignal): Promise<void> {
    const { log, metrics, clock, schedule } = this.#parts;
    const outcome = stop.aborted ? 'interrupted' : 'failed';
    const reason = error instanceof Error ? error.message : String(error);
    if (outcome === 'failed') {
      const told = ScannerError.is(error) ? { code: error.code, hint: error.hint } : { code: 'internal', error };
      log.warn(`pass failed: ${reason}`, told);
      schedule.failed();
    }
    metrics.countPass(outcome, seconds, null);
    await this.#record(this.#passAt(startedAt, { outcome, ended_at: clock.now().toISOString(), reason }));
  }

  #nextPassAt(): string {
    const { clock, schedule } = this.#parts;
    return new Date(clock.now().getTime() + schedule.dueInMs()).toISOString();
  }

  #tellNextPass(): void {
    this.#parts.log.info('next pass', { at: this.#nextPassAt() });
  }

  /** What is known of the host stays as it was until a pass comes to its end. */
  #passAt(startedAt: string, how: Pick<LastPass, 'outcome' | 'ended_at' | 'reason'>): LastPass {
    return {
      schema: 'gts.last-pass/1',
      last_end_at: this.#last?.last_end_at ?? null,
      db_updated_at: this.#last?.db_updated_at ?? null,
      totals: this.#last?.totals ?? null,
      images: this.#last?.images ?? [],
      started_at: startedAt,
      settings: this.#parts.settings,
      ...how,
    };
  }

  /** A record that cannot be written costs an early pass after the next start, not this one. */
  async #record(pass: LastPass): Promise<void> {
    this.#last = pass;
    this.#parts.metrics.show(pass);
    try {
      await writeLastPass(this.#parts.state, pass);
    } catch (error) {
      this.#parts.log.warn('how the pass went could not be recorded', { error });
    }
  }

  #tellProgress(event: HostPassEvent): void {
    const { log, metrics } = this.#parts;
    if (event.type === 'scanned') metrics.countScan(event.seconds);
    if (event.type === 'listed') log.info('images listed', { images: event.images, to_look_at: event.selected });
    if (event.type !== 'image' || event.report.status !== 'failed') return;
    const { references, id, reason } = event.report;
    log.warn('an image could not be scanned', {
      image: references[0] ?? id,
      code: reason?.code,
      reason: reason?.message,
    });
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

const NO_DELIVERIES: Health['deliveries'] = { pending: 0, dead: 0, oldest_pending_at: null, last_error: null };

/** A watchdog is told of passes that did all they could, whatever single images are like. */
const endedWell = ({ interrupted, problems }: HostPassOutcome): boolean => !interrupted && problems.length === 0;

const secondsSince = (clock: Clock, from: number): number => Math.max(0, (clock.elapsed() - from) / 1000);

const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
};
