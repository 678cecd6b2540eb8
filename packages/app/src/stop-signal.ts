import { EXIT, type ExitCode } from './exit-code.ts';

/** Docker and systemd wait 10 s before they kill; what is finished is on the disk by then. */
const LONGEST_STOP_MS = 7000;
/** What Node calls what may hang outside of it: opening a pipe that nobody reads, a disk of the network, a name server. */
const MAY_HANG = /^(?:FSReq|GetAddrInfo|GetNameInfo)/;
const FIRST_OF_A_CONTAINER = 1;

/**
 * Turns the first SIGINT or SIGTERM into an abort, and the second into an end at once; so does the time, where what the
 * first has stopped does not come to an end.
 */
export class StopSignal implements Disposable {
  readonly #controller = new AbortController();
  readonly #host: NodeJS.Process;
  readonly #onFirst: (name: NodeJS.Signals) => void;
  #received: NodeJS.Signals | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor(host: NodeJS.Process, onFirst: (name: NodeJS.Signals) => void) {
    this.#host = host;
    this.#onFirst = onFirst;
    host.on('SIGINT', this.#receive);
    host.on('SIGTERM', this.#receive);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code that the stop asks for; 0 while there was none. */
  get exitCode(): ExitCode {
    if (this.#received === undefined) return EXIT.done;
    return this.#received === 'SIGTERM' ? EXIT.sigterm : EXIT.sigint;
  }

  /** The deadline stays: what is still open may keep a process that has done its work. */
  [Symbol.dispose](): void {
    this.#host.off('SIGINT', this.#receive);
    this.#host.off('SIGTERM', this.#receive);
  }

  readonly #receive = (name: NodeJS.Signals): void => {
    if (this.#received !== undefined) return this.#endNow(this.#received);
    this.#received = name;
    this.#deadline = setTimeout(() => this.#endNow(name), LONGEST_STOP_MS).unref();
    this.#onFirst(name);
    this.#controller.abort(new Error(`stopped by ${name}`));
  };

  /**
   * An exit waits for what hangs, so then it is the signal itself that ends the process, after all that is to be done at
   * an exit. Whoever started it sees the same code.
   */
  #endNow(name: NodeJS.Signals): void {
    clearTimeout(this.#deadline);
    const mayHang = this.#host.getActiveResourcesInfo().some((resource) => MAY_HANG.test(resource));
    if (mayHang && this.#host.pid !== FIRST_OF_A_CONTAINER) {
      this.#host.emit('exit', this.exitCode);
      this.#host.removeAllListeners(name);
      this.#host.kill(this.#host.pid, name);
    }
    this.#host.exit(this.exitCode);
  }
}
