import { setTimeout as sleep } from 'node:timers/promises';

import { type Clock, type Log, ScannerError } from '@scanner/core';

import type { Publication, ToolsView } from './tools-view.ts';

/** Publishing takes at most every twentieth moment of a run. */
const PERIODS_PER_PUBLICATION = 20;
/** A catalogue of up to so many tools is published within a second of each change, whatever that takes. */
const SMALL_CATALOGUE = 5000;
const PROMPT_MS = 1000;
/** What comes within half a second is published together: each publication makes the disk's other writers wait. */
const USUAL_PAUSE_MS = 500;
const SHORTEST_PAUSE_MS = 100;
/** A catalogue of up to so many tools shows each result before it is told. */
const SHOWN_AT_ONCE = 1000;
/** Nobody waits longer for somebody else who holds the file. */
const LONGEST_WAIT_MS = 3000;
const BUSY_PAUSE_MS = 20;

/** How long to wait after a publication that took so long before the next may start, in milliseconds. */
export const pauseAfter = (durationMs: number, tools: number): number => {
  const affordable = Math.max(USUAL_PAUSE_MS, (PERIODS_PER_PUBLICATION - 1) * durationMs);
  if (tools > SMALL_CATALOGUE) return affordable;
  return Math.max(SHORTEST_PAUSE_MS, Math.min(affordable, PROMPT_MS - 2 * durationMs));
};

/** Publishes a while after a change, with all that came in between, and seldom enough not to slow the run down. */
export class PublishingSchedule {
  readonly #view: Pick<ToolsView, 'publish' | 'publishUnlessBusy'>;
  readonly #clock: Clock;
  readonly #log: Log;
  #pause = USUAL_PAUSE_MS;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #changed = false;
  #publishing = false;
  #stopped = false;
  #told: string | undefined;
  /** The publication that will show everything that is saved by the time it begins. */
  #next: Promise<void> | undefined;
  #tools = Infinity;

  constructor(view: Pick<ToolsView, 'publish' | 'publishUnlessBusy'>, { clock, log }: { clock: Clock; log: Log }) {
    this.#view = view;
    this.#clock = clock;
    this.#log = log;
  }

  /** There is something to publish. Never throws, and never keeps the process alive. */
  noteChange(): void {
    this.#changed = true;
    if (this.#stopped || this.#publishing || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#inTurn(() => this.#publishSoon(() => this.#view.publishUnlessBusy()));
      this.#publishing = true;
    }, this.#pause).unref();
  }

  /**
   * In a catalogue of up to 1,000 tools, publishes what was saved before the call; who calls meanwhile shares the next
   * publication. In a larger one, or while the file cannot be written, nobody waits. Never throws: what is saved is saved.
   */
  showNow(): Promise<void> {
    if (this.#stopped || this.#tools > SHOWN_AT_ONCE || this.#told !== undefined) return Promise.resolve();
    this.#next ??= this.#inTurn(() => {
      this.#next = undefined;
      this.#cancel();
      return this.#publishSoon(() => this.#publishInTime());
    });
    return this.#next;
  }

  /** Publishes now what there is. @throws ScannerError as `ToolsView.publish` */
  async flush(signal?: AbortSignal): Promise<void> {
    const publication = this.#underWay.then(() => {
      this.#cancel();
      return this.#timed(() => this.#view.publish(signal));
    });
    this.#underWay = publication.then(
      () => {},
      () => {},
    );
    await publication;
    this.#told = undefined;
  }

  /** Nothing is published after this. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#underWay;
    this.#cancel();
  }

  /** One publication after the other. */
  #inTurn(publish: () => Promise<void>): Promise<void> {
    this.#underWay = this.#underWay.then(publish);
    return this.#underWay;
  }

  /** Whoever else holds the file publishes too, and is soon done. */
  async #publishInTime(): Promise<Publication> {
    const end = this.#clock.elapsed() + LONGEST_WAIT_MS;
    for (;;) {
      const publication = await this.#view.publishUnlessBusy();
      if (publication !== undefined) return publication;
      if (this.#clock.elapsed() > end)
        throw new ScannerError(`another process has not let go of tools.json for ${LONGEST_WAIT_MS / 1000} s`, {
          code: 'directory_busy',
          hint: 'end what holds it, then run the command again: nothing is lost',
        });
      await sleep(BUSY_PAUSE_MS);
    }
  }

  async #publishSoon(publish: () => Promise<Publication | undefined>): Promise<void> {
    this.#publishing = true;
    this.#changed = false;
    try {
      const publication = await this.#timed(publish);
      if (publication === undefined) this.#changed = true;
      else this.#told = undefined;
    } catch (error) {
      this.#changed = true;
      this.#tellOnce(error);
    }
    this.#publishing = false;
    if (this.#changed) this.noteChange();
  }

  async #timed(publish: () => Promise<Publication | undefined>): Promise<Publication | undefined> {
    const start = this.#clock.elapsed();
    this.#pause = PROMPT_MS;
    const publication = await publish();
    this.#pause = pauseAfter(this.#clock.elapsed() - start, publication?.tools ?? 0);
    this.#tools = publication?.tools ?? this.#tools;
    return publication;
  }

  /** The same trouble again and again is one line; at the end it is an error. */
  #tellOnce(error: unknown): void {
    const code = ScannerError.is(error) ? error.code : 'internal';
    if (this.#told === code) return;
    this.#told = code;
    this.#log.warn('tools.json could not be written: the results are safe in the store, and it is tried again', {
      code,
      reason: error instanceof Error ? error.message : String(error),
    });
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
