import { styleText } from 'node:util';

import type { Severity } from '@scanner/core';

type Format = Parameters<typeof styleText>[0];

export interface TableOptions {
  /** Columns of the terminal; `Infinity` cuts nothing. */
  readonly width: number;
  readonly color: boolean;
  /** Whether our own signs may be more than ASCII; names from outside are shown as they are. */
  readonly unicode: boolean;
  /** How many findings of one image are listed. @default 10 */
  readonly findingsPerImage?: number;
}

/** Our own signs and colours, as the reader can have them. */
export class Style {
  readonly width: number;
  readonly ellipsis: string;
  readonly arrow: string;
  readonly #color: boolean;

  constructor({ width, color, unicode }: TableOptions) {
    this.width = Math.max(40, width);
    this.ellipsis = unicode ? '…' : '...';
    this.arrow = unicode ? '→' : '->';
    this.#color = color;
  }

  bold(text: string): string {
    return this.#paint('bold', text);
  }

  dim(text: string): string {
    return this.#paint('dim', text);
  }

  warning(text: string): string {
    return this.#paint(['bold', 'yellow'], text);
  }

  failure(text: string): string {
    return this.#paint('red', text);
  }

  good(text: string): string {
    return this.#paint('green', text);
  }

  severity(severity: Severity, text: string): string {
    return this.#paint(SEVERITY_FORMAT[severity], text);
  }

  #paint(format: Format, text: string): string {
    return this.#color ? styleText(format, text, { validateStream: false }) : text;
  }
}

const SEVERITY_FORMAT: Readonly<Record<Severity, Format>> = {
  CRITICAL: ['bold', 'red'],
  HIGH: 'red',
  MEDIUM: 'yellow',
  LOW: 'cyan',
  UNKNOWN: 'gray',
};
