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
  #stopped = false;
  #told: string | undefined;

  constructor(view: Pick<ToolsView, 'publish' | 'publishUnlessBusy'>, { clock, log }: { clock: Clock; log: Log }) {
    this.#view = view;
    this.#clock = clock;
    this.#log = log;
  }

  /** There is something to publish. Never throws, and never keeps the process alive. */
  noteChange(): void {
    this.#changed = true;
    if (this.#stopped || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#underWay = this.#publishSoon();
    }, this.#pause).unref();
  }

  /** Publishes now what there is. @throws ScannerError as `ToolsView.publish` */
  async flush(signal?: AbortSignal): Promise<void> {
    await this.#underWay;
    this.#cancel();
    await this.#timed(() => this.#view.publish(signal));
  }

  /** Nothing is published after this. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#underWay;
    this.#cancel();
  }

  async #publishSoon(): Promise<void> {
    this.#changed = false;
    try {
      const publication = await this.#timed(() => this.#view.publishUnlessBusy());
      this.#changed ||= publication === undefined;
    } catch (error) {
      this.#changed = true;
      this.#tellOnce(error);
    }
    this.#timer = undefined;
    if (this.#changed) this.noteChange();
  }

  async #timed(publish: () => Promise<Publication | undefined>): Promise<Publication | undefined> {
    const start = this.#clock.elapsed();
    this.#pause = PROMPT_MS;
    const publication = await publish();
    this.#pause = pauseAfter(this.#clock.elapsed() - start, publication?.tools ?? 0);
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
