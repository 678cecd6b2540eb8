import { factsOf, howItEnded, type LastPass, writeLastPass } from '@scanner/app/daemon-state';
import { type Clock, type HostPassEvent, type HostPassOutcome, type Log, ScannerError } from '@scanner/core';

import type { Metrics } from './metrics.ts';
import type { Schedule } from './schedule.ts';

export interface PassesParts {
  /** The state directory. */
  readonly state: string;
  readonly intervalSeconds: number;
  /** Names the settings that say what a pass looks at. */
  readonly settings: string;
  readonly schedule: Schedule;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** Makes one pass. */
export type MakePass = (options: {
  readonly signal: AbortSignal;
  readonly observe: (event: HostPassEvent) => void;
}) => Promise<HostPassOutcome>;

/** The passes of a host: each is told, counted and remembered, however it ended. */
export class Passes {
  readonly #parts: PassesParts;
  #last: LastPass | null;
  #runningSince: string | null = null;
  #engineIsAway = false;

  /** @param last what an earlier process left */
  constructor(parts: PassesParts, last: LastPass | null) {
    this.#parts = parts;
    this.#last = last;
    if (last !== null) parts.metrics.show(last);
    parts.schedule.resume(last, parts.settings);
  }

  get last(): LastPass | null {
    return this.#last;
  }

  /** ISO 8601; null while none is made. */
  get runningSince(): string | null {
    return this.#runningSince;
  }

  /** Whether the last pass did not find its engine. */
  get engineIsAway(): boolean {
    return this.#engineIsAway;
  }

  /** Milliseconds until the next one; infinite where none is to come. */
  get dueInMs(): number {
    return this.#parts.schedule.dueInMs();
  }

  /** When the next one is due, ISO 8601; null where none is to come. */
  get nextAt(): string | null {
    const { dueInMs } = this;
    return dueInMs === Infinity ? null : new Date(this.#parts.clock.now().getTime() + dueInMs).toISOString();
  }

  tellNext(): void {
    const { log } = this.#parts;
    const at = this.nextAt;
    if (at === null) log.info('the one pass is made: idle until stopped');
    else log.info('next pass', { at });
  }

  /**
   * Makes a pass that is due. What goes wrong is told and remembered, and the next one is due sooner.
   *
   * @returns whether it did all that it could, whatever single images are like
   */
  async make(pass: MakePass, stop: AbortSignal): Promise<boolean> {
    const { schedule, clock, log, metrics, intervalSeconds } = this.#parts;
    schedule.started();
    const startedAt = clock.now().toISOString();
    const from = clock.elapsed();
    this.#runningSince = startedAt;
    this.#engineIsAway = false;
    log.info('pass started');
    await this.#record(this.#passAt(startedAt, { outcome: 'running', ended_at: null, reason: null }));
    try {
      const outcome = await pass({ signal: stop, observe: (event) => this.#tellProgress(event) });
      await this.#ended(startedAt, outcome, secondsSince(clock, from));
      return !outcome.interrupted && outcome.problems.length === 0;
    } catch (error) {
      await this.#failed(startedAt, error, secondsSince(clock, from), stop);
      return false;
    } finally {
      this.#runningSince = null;
      metrics.countSkippedPasses(Math.floor(secondsSince(clock, from) / intervalSeconds));
    }
  }

  async #ended(startedAt: string, outcome: HostPassOutcome, seconds: number): Promise<void> {
    const { log, metrics, clock } = this.#parts;
    const { document, problems, warnings, interrupted } = outcome;
    for (const sentence of [...warnings, ...problems]) log.warn(sentence);
    const { totals } = document;
    const how = howItEnded(outcome);
    const facts = factsOf(document);
    log.info('pass ended', {
      outcome: how,
      ...totals,
      not_judged: facts.not_judged,
      seconds: Math.round(seconds * 10) / 10,
    });
    const endedAt = clock.now().toISOString();
    await this.#record({
      ...this.#passAt(startedAt, { outcome: how, ended_at: endedAt, reason: problems[0] ?? null }),
      ...(!interrupted && { last_end_at: endedAt, ...facts }),
    });
    metrics.countPass(how, seconds, document);
  }

  async #failed(startedAt: string, error: unknown, seconds: number, stop: AbortSignal): Promise<void> {
    const { log, metrics, clock, schedule } = this.#parts;
    const outcome = stop.aborted ? 'interrupted' : 'failed';
    const reason = error instanceof Error ? error.message : String(error);
    if (outcome === 'failed') {
      const told = ScannerError.is(error) ? { code: error.code, hint: error.hint } : { code: 'internal' };
      log.warn(`pass failed: ${reason}`, told);
      schedule.failed();
      this.#engineIsAway = told.code === 'engine_unreachable';
    }
    metrics.countPass(outcome, seconds, null);
    await this.#record(this.#passAt(startedAt, { outcome, ended_at: clock.now().toISOString(), reason }));
  }

  /** What is known of the host stays as it was until a pass comes to its end. */
  #passAt(startedAt: string, how: Pick<LastPass, 'outcome' | 'ended_at' | 'reason'>): LastPass {
    return {
      schema: 'gts.last-pass/1',
      last_end_at: this.#last?.last_end_at ?? null,
      db_updated_at: this.#last?.db_updated_at ?? null,
      totals: this.#last?.totals ?? null,
      ...(this.#last?.not_judged !== undefined && { not_judged: this.#last.not_judged }),
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
}

const secondsSince = (clock: Clock, from: number): number => Math.max(0, (clock.elapsed() - from) / 1000);
