import { sanitizeForTerminal } from '@scanner/report';

import type { Output } from './output.ts';

const BAR_WIDTH = 20;
/** Without a terminal a line is written when this share of the work is done since the last one. */
const PLAIN_STEP = 0.1;

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is counted, in the plural. */
  readonly unit: string;
  /** What was worked on last. */
  readonly what: string;
}

/** `live` moves one line of a terminal, `plain` writes a line now and then. */
export type ProgressMode = 'live' | 'plain' | 'none';

/** Tells how far long work is: one line that moves on a terminal, a plain line now and then elsewhere. */
export class ProgressLine {
  readonly #output: Output;
  readonly #mode: ProgressMode;
  #startedAt = performance.now();
  #shown = false;
  #lastPlain = 0;

  constructor(output: Output, mode: ProgressMode) {
    this.#output = output;
    this.#mode = mode;
  }

  start(): void {
    this.#startedAt = performance.now();
    this.#lastPlain = 0;
  }

  update(progress: Progress): void {
    const { done, total, unit, what } = progress;
    if (total === 0 || this.#mode === 'none') return;
    if (this.#mode === 'live') return this.#draw(progress);
    const share = done / total;
    if (done < total && share - this.#lastPlain < PLAIN_STEP) return;
    this.#lastPlain = share;
    this.#output.write(`${done}/${total} ${unit}${this.#pace(done, total)}: ${sanitizeForTerminal(what)}\n`);
  }

  clear(): void {
    if (!this.#shown) return;
    this.#output.write('\r\u001B[K');
    this.#shown = false;
  }

  #draw({ done, total, unit, what }: Progress): void {
    const filled = Math.round((done / total) * BAR_WIDTH);
    const bar = `[${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}]`;
    const line = `${bar} ${done}/${total} ${unit}${this.#pace(done, total)}  ${sanitizeForTerminal(what)}`;
    this.#output.write(`\r\u001B[K${line.slice(0, Math.max(20, (this.#output.columns ?? 80) - 1))}`);
    this.#shown = true;
  }

  #pace(done: number, total: number): string {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    if (done === 0 || seconds < 1) return '';
    const rate = done / seconds;
    const left = done < total ? `, ${duration((total - done) / rate)} left` : '';
    return `, ${rate.toFixed(1)}/s${left}`;
  }
}

const duration = (seconds: number): string =>
  seconds < 90
    ? `${Math.ceil(seconds)} s`
    : seconds < 5400
      ? `${Math.ceil(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;
