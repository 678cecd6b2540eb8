import { createConnection } from 'node:net';
import type { IpcNetConnectOpts, Socket, TcpNetConnectOpts } from 'node:net';

export interface PlainRequest {
  readonly address: Pick<IpcNetConnectOpts, 'path'> | Pick<TcpNetConnectOpts, 'host' | 'port'>;
  readonly path: string;
  readonly signal: AbortSignal;
  /** How long nothing may come, and what is said then. */
  readonly silentMs: number;
  readonly silence: () => Error;
}

const PIECE_BYTES = 256 * 1024;
/** One is read into, one waits, one is with the reader. */
const PIECES = 3;
const MAX_HEAD_BYTES = 64 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * The answer to a GET without TLS, for what is gigabytes long: node:http makes garbage of each piece, which takes longer
 * than all that is done with it. Asked in HTTP/1.0, so that the body is sent as it is, up to the connection's end. A
 * piece is good until the next one is asked for. Dispose of it to hang up.
 */
export class PlainAnswer implements AsyncIterable<Buffer>, AsyncDisposable {
  readonly #socket: Socket;
  readonly #waiting: Buffer[] = [];
  #isLent = false;
  #isOver = false;
  #error: Error | null = null;
  #wake: () => void = () => {};
  #status = 0;

  private constructor({ address, path, signal, silentMs, silence }: PlainRequest) {
    const buffers = Array.from({ length: PIECES }, () => Buffer.allocUnsafeSlow(PIECE_BYTES));
    let turn = 0;
    this.#socket = createConnection({
      ...address,
      signal,
      onread: {
        buffer: () => buffers[(turn += 1) % PIECES] ?? Buffer.alloc(PIECE_BYTES),
        callback: (length, buffer) => this.#take(Buffer.from(buffer.buffer, buffer.byteOffset, length)),
      },
    });
    this.#socket.setTimeout(silentMs, () => this.#socket.destroy(silence()));
    this.#socket.on('error', (error) => this.#end(error));
    this.#socket.on('close', () => this.#end(null));
    this.#socket.on('end', () => this.#end(null));
    this.#socket.write(`GET ${path} HTTP/1.0\r\nHost: docker\r\n\r\n`);
  }

  /**
   * @returns the answer with its head read; null where it is none in HTTP, or in a coding that was not asked for
   * @throws what the socket throws
   */
  static async to(request: PlainRequest): Promise<PlainAnswer | null> {
    const answer = new PlainAnswer(request);
    try {
      if (await answer.#readHead()) return answer;
    } catch (error) {
      answer.#socket.destroy();
      throw error;
    }
    answer.#socket.destroy();
    return null;
  }

  get status(): number {
    return this.#status;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      for (let piece = await this.#next(); piece !== null; piece = await this.#next()) yield piece;
    } finally {
      this.#socket.destroy();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    return Promise.resolve();
  }

  async #readHead(): Promise<boolean> {
    let head = Buffer.alloc(0);
    while (!head.includes(HEAD_END)) {
      const piece = head.length > MAX_HEAD_BYTES ? null : await this.#next();
      if (piece === null) return false;
      head = Buffer.concat([head, piece]);
    }
    const end = head.indexOf(HEAD_END);
    const lines = head.toString('latin1', 0, end);
    this.#status = Number(/^HTTP\/1\.[01] (\d{3})\b/.exec(lines)?.[1] ?? 0);
    const body = head.subarray(end + HEAD_END.length);
    if (body.length > 0) this.#waiting.unshift(body);
    return this.#status > 0 && !/^(transfer|content)-encoding:/im.test(lines);
  }

  async #next(): Promise<Buffer | null> {
    this.#isLent = false;
    for (;;) {
      const piece = this.#waiting.shift();
      if (this.#waiting.length < PIECES - 2) this.#socket.resume();
      if (piece !== undefined) {
        this.#isLent = true;
        return piece;
      }
      if (this.#error !== null) throw this.#error;
      if (this.#isOver) return null;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Whether there is room for another one. */
  #take(piece: Buffer): boolean {
    this.#waiting.push(piece);
    this.#wake();
    return this.#waiting.length + Number(this.#isLent) < PIECES - 1;
  }

  #end(error: Error | null): void {
    this.#isOver = true;
    this.#error ??= error;
    this.#wake();
  }
}
