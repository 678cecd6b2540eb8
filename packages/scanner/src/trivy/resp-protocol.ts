import type { Socket } from 'node:net';

/** What a client may send at most; beyond it the connection is not worth keeping. */
export interface RespLimits {
  /** Bytes of one argument. */
  readonly argumentBytes: number;
  readonly argumentsPerCommand: number;
}

/** What a client sent is not the protocol, or more than it may send. */
export class RespProtocolError extends Error {
  override readonly name = 'RespProtocolError';
}

const CR = 0x0d;
const LF = 0x0a;
const ARRAY = 0x2a;
const BULK = 0x24;
const MAX_HEADER_BYTES = 32;

/**
 * Takes the bytes of one connection apart into commands (RESP2: arrays of bulk strings), however the network cut them.
 *
 * @example
 * reader.push(Buffer.from('*1\r\n$4\r\nPING\r\n'));
 * reader.next(); // [<Buffer 'PING'>]
 */
export class RespReader {
  limits: RespLimits;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #remaining = 0;
  #arguments: Buffer[] = [];
  #expectedBytes: number | null = null;

  constructor(limits: RespLimits) {
    this.limits = limits;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
  }

  /**
   * The next whole command, or `undefined` until more bytes come.
   *
   * @throws RespProtocolError
   */
  next(): Buffer[] | undefined {
    while (this.#remaining === 0) {
      const count = this.#readHeader(ARRAY);
      if (count === undefined) return undefined;
      if (count > this.limits.argumentsPerCommand) throw new RespProtocolError('too many arguments');
      this.#remaining = count;
    }
    return this.#readArguments();
  }

  #readArguments(): Buffer[] | undefined {
    while (this.#remaining > 0) {
      const argument = this.#readArgument();
      if (argument === undefined) return undefined;
      this.#arguments.push(argument);
      this.#remaining -= 1;
    }
    const command = this.#arguments;
    this.#arguments = [];
    return command;
  }

  #readArgument(): Buffer | undefined {
    this.#expectedBytes ??= this.#readHeader(BULK) ?? null;
    if (this.#expectedBytes === null) return undefined;
    if (this.#expectedBytes > this.limits.argumentBytes) throw new RespProtocolError('argument too long');
    if (this.#buffered < this.#expectedBytes + 2) return undefined;
    const argument = this.#take(this.#expectedBytes);
    const end = this.#take(2);
    if (end[0] !== CR || end[1] !== LF) throw new RespProtocolError('argument does not end where it said');
    this.#expectedBytes = null;
    return argument;
  }

  /** A type byte, a decimal count and CRLF. */
  #readHeader(type: number): number | undefined {
    if (this.#buffered === 0) return undefined;
    const head = this.#peek(MAX_HEADER_BYTES);
    if (head[0] !== type) throw new RespProtocolError('unexpected type');
    const end = head.indexOf('\r\n');
    if (end === -1) {
      if (head.length === MAX_HEADER_BYTES) throw new RespProtocolError('count too long');
      return undefined;
    }
    const digits = head.toString('latin1', 1, end);
    if (!/^\d{1,10}$/.test(digits)) throw new RespProtocolError('not a count');
    this.#take(end + 2);
    return Number(digits);
  }

  #peek(bytes: number): Buffer {
    const first = this.#chunks[0] ?? Buffer.alloc(0);
    if (first.length >= bytes || this.#chunks.length <= 1) return first.subarray(0, bytes);
    return Buffer.concat(this.#chunks.slice(0, bytes), Math.min(bytes, this.#buffered));
  }

  #take(bytes: number): Buffer {
    const taken: Buffer[] = [];
    let missing = bytes;
    let used = 0;
    while (missing > 0) {
      const chunk = this.#chunks[used];
      if (chunk === undefined) throw new RespProtocolError('ran out of bytes');
      taken.push(chunk.subarray(0, missing));
      if (chunk.length > missing) this.#chunks[used] = chunk.subarray(missing);
      else used += 1;
      missing -= Math.min(chunk.length, missing);
    }
    this.#chunks.splice(0, used);
    this.#buffered -= bytes;
    return taken.length === 1 && taken[0] !== undefined ? taken[0] : Buffer.concat(taken);
  }
}

const END = Buffer.from('\r\n');

/** Answers, encoded. */
export const reply = {
  ok: Buffer.from('+OK\r\n'),
  pong: Buffer.from('+PONG\r\n'),
  none: Buffer.from('$-1\r\n'),
  /** `text` is ours: one line. */
  error: (text: string): Buffer => Buffer.from(`-${text}\r\n`),
  integer: (value: number): Buffer => Buffer.from(`:${value}\r\n`),
  /** In pieces: `value` is not copied. */
  bulk: (value: Buffer): readonly Buffer[] => [Buffer.from(`$${value.length}\r\n`), value, END],
} as const;

/** Whole, or in pieces. */
export type Answer = Buffer | readonly Buffer[];

export const send = (socket: Socket, answer: Answer): void => {
  socket.cork();
  for (const piece of Buffer.isBuffer(answer) ? [answer] : answer) socket.write(piece);
  socket.uncork();
};

/** What Redis answers to a command with too few or too many arguments. */
export const wrongArguments = (command: string): Buffer =>
  reply.error(`ERR wrong number of arguments for '${command.toLowerCase()}' command`);
