import { type Log, ScannerError } from '@scanner/core';
import { renderJsonPieces, sanitizeForTerminal, type TableOptions } from '@scanner/report';

import type { Output } from './output.ts';
import { ProgressLine, type ProgressMode } from './progress-line.ts';
import { createStderrLog, type LogFormat, messageAsJson } from './stderr-log.ts';

export interface ConsoleOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly logFormat: LogFormat;
  readonly color: boolean;
  /** Whether the locale can show more than ASCII. */
  readonly unicode: boolean;
}

/** Where a command's result and its messages go: results to stdout, everything for people beside them to stderr. */
export class Console {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly log: Log;
  readonly progress: ProgressLine;
  /** How results for people are to look. */
  readonly appearance: TableOptions;

  readonly #stdout: Output;
  readonly #stderr: Output;
  readonly #quiet: boolean;
  readonly #logFormat: LogFormat;
  #stdoutIsGone = false;

  constructor(stdout: Output, stderr: Output, options: ConsoleOptions) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#quiet = options.quiet;
    this.#logFormat = options.logFormat;
    this.json = options.json;
    this.verbose = options.verbose;
    this.progress = new ProgressLine(stderr, progressMode(stderr, options));
    this.appearance = {
      width: stdout.columns ?? Infinity,
      color: options.color && stdout.isTTY === true,
      unicode: options.unicode,
    };
    this.log = createStderrLog((line) => this.#message(line), options);
  }

  /**
   * Writes a result as it is, whole or piece by piece; resolves when it has left the process, so that nothing is cut by
   * the exit. A reader that has closed its end has had enough: that is no error.
   *
   * @throws ScannerError once, when stdout takes no more
   */
  async result(text: string | Iterable<string>): Promise<void> {
    this.progress.clear();
    for (const piece of typeof text === 'string' ? [text] : text) {
      if (this.#stdoutIsGone) return;
      await this.#write(piece);
    }
  }

  async document(value: unknown): Promise<void> {
    await this.result(renderJsonPieces(value));
  }

  async #write(text: string): Promise<void> {
    const error = await new Promise<Error | null | undefined>((resolve) => {
      this.#stdout.write(text, resolve);
    });
    if (!error) return;
    this.#stdoutIsGone = true;
    if (codeOf(error) !== 'EPIPE') throw lostResult(error);
  }

  /** Text from outside, made harmless for a terminal. */
  readonly inert = sanitizeForTerminal;

  /** A line for people, kept back by `--quiet`. */
  say(line: string): void {
    if (!this.#quiet) this.#tell('info', line);
  }

  /** A line that is told whatever the options are. */
  complain(line: string): void {
    this.#tell('warn', line);
  }

  /** What ended the command, and what to do about it. */
  fail({ code, message, hint }: ScannerError): void {
    if (this.#logFormat === 'json') return this.#message(messageAsJson('error', message, { code, hint }));
    const [first, ...more] = message.split('\n').map(this.inert);
    this.#message(`error[${code}]: ${first}`);
    for (const line of more) this.#message(`  ${line}`);
    if (hint !== null) this.#message(`  what to do: ${this.inert(hint)}`);
  }

  #tell(level: 'info' | 'warn', line: string): void {
    this.#message(this.#logFormat === 'json' ? messageAsJson(level, line) : line);
  }

  #message(line: string): void {
    this.progress.clear();
    this.#stderr.write(`${line}\n`);
  }
}

const codeOf = (error: Error): unknown => ('code' in error ? error.code : undefined);

const lostResult = (cause: Error): ScannerError =>
  new ScannerError(`the result could not be written to stdout: ${cause.message}`, {
    code: codeOf(cause) === 'ENOSPC' ? 'disk_full' : 'directory_unusable',
    hint: 'check the pipe, the redirection or the disk that stdout writes to, then run the command again',
    cause,
  });

const progressMode = (stderr: Output, { quiet, logFormat }: ConsoleOptions): ProgressMode => {
  if (quiet || logFormat === 'json') return 'none';
  return stderr.isTTY === true ? 'live' : 'plain';
};
