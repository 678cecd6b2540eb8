import { EXIT, type ExitCode } from './exit-code.ts';

/** Turns the first SIGINT or SIGTERM into an abort, and the second into an end at once. */
export class StopSignal implements Disposable {
  readonly #controller = new AbortController();
  readonly #onFirst: (name: NodeJS.Signals) => void;
  readonly #onSecond: (code: ExitCode) => void;
  #received: NodeJS.Signals | undefined;

  constructor(onFirst: (name: NodeJS.Signals) => void, onSecond: (code: ExitCode) => void) {
    this.#onFirst = onFirst;
    this.#onSecond = onSecond;
    process.on('SIGINT', this.#receive);
    process.on('SIGTERM', this.#receive);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code that the stop asks for; 0 while there was none. */
  get exitCode(): ExitCode {
    if (this.#received === undefined) return EXIT.done;
    return this.#received === 'SIGTERM' ? EXIT.sigterm : EXIT.sigint;
  }

  [Symbol.dispose](): void {
    process.off('SIGINT', this.#receive);
    process.off('SIGTERM', this.#receive);
  }

  readonly #receive = (name: NodeJS.Signals): void => {
    if (this.#received !== undefined) return this.#onSecond(this.exitCode);
    this.#received = name;
    this.#onFirst(name);
    this.#controller.abort(new Error(`stopped by ${name}`));
  };
}
