import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

import type { BlobCache, Log } from '@scanner/core';

import { reply, RespProtocolError, RespReader } from './resp-protocol.ts';
import type { RespLimits } from './resp-protocol.ts';
import { ScanTrace } from './scan-trace.ts';

const BEFORE_LOGIN: RespLimits = { argumentBytes: 1024, argumentsPerCommand: 16 };
const AFTER_LOGIN: RespLimits = { argumentBytes: 256 * 1024 * 1024, argumentsPerCommand: 1024 };
const LOGIN_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 1024;

/** One scan's way to the cache: its own user and password, so that what it reads and writes is known to be its own. */
export interface CacheAccess extends Disposable {
  /** `redis://user:password@127.0.0.1:port`: a secret. */
  readonly url: string;
  readonly trace: ScanTrace;
}

/** Told of every value that a scan stored in the cache, or found there. */
export type SeesValue = (key: string, value: Buffer) => void;

interface Account {
  readonly password: Buffer;
  readonly trace: ScanTrace;
  readonly sees: SeesValue;
  readonly sockets: Set<Socket>;
}

interface Connection {
  readonly socket: Socket;
  readonly reader: RespReader;
  account: Account | null;
}

/**
 * Serves a {@link BlobCache} to Trivy processes as a Redis on loopback: only the few commands Trivy's client sends.
 * Anyone on the host can connect, nobody without a password given to one scan gets further than AUTH.
 */
export class RespServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #cache: BlobCache;
  readonly #log: Log;
  readonly #accounts = new Map<string, Account>();
  readonly #sockets = new Set<Socket>();
  #accountCount = 0;

  private constructor(cache: BlobCache, log: Log) {
    this.#cache = cache;
    this.#log = log;
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Listens on a free port of 127.0.0.1. */
  static async listen(cache: BlobCache, log: Log): Promise<RespServer> {
    const server = new RespServer(cache, log);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  openAccess(sees: SeesValue = () => {}): CacheAccess {
    this.#accountCount += 1;
    const user = `scan-${this.#accountCount}`;
    const password = randomBytes(24).toString('hex');
    const account: Account = { password: Buffer.from(password), trace: new ScanTrace(), sees, sockets: new Set() };
    this.#accounts.set(user, account);
    return {
      url: `redis://${user}:${password}@127.0.0.1:${this.port}`,
      trace: account.trace,
      [Symbol.dispose]: () => {
        this.#accounts.delete(user);
        for (const socket of account.sockets) socket.destroy();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #serve(socket: Socket): void {
    const connection: Connection = { socket, reader: new RespReader(BEFORE_LOGIN), account: null };
    this.#sockets.add(socket);
    socket.setTimeout(LOGIN_TIMEOUT_MS, () => socket.destroy());
    socket.on('data', (chunk) => {
      connection.reader.push(chunk);
      this.#answer(connection);
    });
    socket.on('drain', () => {
      socket.resume();
      this.#answer(connection);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      connection.account?.sockets.delete(socket);
    });
  }

  /** Answers whole commands in turn; stops while the client does not read what it asked for. */
  #answer(connection: Connection): void {
    const { socket, reader } = connection;
    try {
      while (!socket.writableNeedDrain && !socket.destroyed && !socket.writableEnded) {
        const command = reader.next();
        if (command === undefined) return;
        socket.write(this.#execute(connection, command));
      }
      if (socket.writableNeedDrain) socket.pause();
    } catch (error) {
      if (!(error instanceof RespProtocolError)) throw error;
      this.#log.debug('a client of the scan cache broke the protocol', { problem: error.message });
      socket.destroy();
    }
  }

  #execute(connection: Connection, [name, ...args]: Buffer[]): Buffer {
    const command = name?.toString('latin1').toUpperCase() ?? '';
    if (command === 'HELLO') return reply.error('NOPROTO only RESP2 is spoken here');
    if (command === 'AUTH') return this.#login(connection, args);
    if (command === 'QUIT') {
      connection.socket.end(reply.ok);
      return Buffer.alloc(0);
    }
    if (connection.account === null) return reply.error('NOAUTH Authentication required.');
    return this.#use(connection.account, command, args);
  }

  #use({ trace, sees }: Account, command: string, args: readonly Buffer[]): Buffer {
    const keys = args.map((key) => key.toString());
    const [key] = keys;
    switch (command) {
      case 'PING':
        return reply.pong;
      case 'CLIENT':
      case 'SELECT':
        return reply.ok;
      case 'GET':
        return key === undefined ? wrongArguments(command) : this.#get(trace, sees, key);
      case 'SET': {
        const value = args[1];
        return key === undefined || value === undefined ? wrongArguments(command) : this.#set(trace, sees, key, value);
      }
      case 'EXISTS':
        return reply.integer(keys.filter((asked) => this.#read(trace, asked) !== undefined).length);
      case 'DEL':
      case 'UNLINK':
        return reply.integer(this.#delete(keys));
      default:
        return reply.error('ERR unknown command');
    }
  }

  #login(connection: Connection, args: readonly Buffer[]): Buffer {
    const [user, password] = args;
    const account = user === undefined ? undefined : this.#accounts.get(user.toString());
    if (account === undefined || password === undefined || !isSame(account.password, password))
      return reply.error('WRONGPASS invalid username-password pair or user is disabled.');
    connection.account = account;
    connection.reader.limits = AFTER_LOGIN;
    connection.socket.setTimeout(0);
    account.sockets.add(connection.socket);
    return reply.ok;
  }

  #get(trace: ScanTrace, sees: SeesValue, key: string): Buffer {
    trace.sawRead(key);
    const value = this.#read(trace, key);
    if (value !== undefined && trace.kept(key) === undefined) this.#show(sees, key, value);
    return value === undefined ? reply.none : reply.bulk(value);
  }

  /** A cache that cannot be written costs the next scan time, not this one its result. */
  #set(trace: ScanTrace, sees: SeesValue, key: string, value: Buffer): Buffer {
    trace.sawWrite(key);
    if (this.#write(key, value)) this.#show(sees, key, value);
    else trace.keep(key, value);
    return reply.ok;
  }

  #write(key: string, value: Buffer): boolean {
    try {
      return this.#cache.set(key, value);
    } catch (cause) {
      this.#log.warn('the scan cache could not be written', { cause });
      return false;
    }
  }

  #read(trace: ScanTrace, key: string): Buffer | undefined {
    const kept = trace.kept(key);
    if (kept !== undefined) return kept;
    try {
      return this.#cache.get(key);
    } catch (cause) {
      this.#log.warn('the scan cache could not be read', { cause });
      return undefined;
    }
  }

  #show(sees: SeesValue, key: string, value: Buffer): void {
    try {
      sees(key, value);
    } catch (cause) {
      this.#log.warn('the scan cache could not be written', { cause });
    }
  }

  #delete(keys: readonly string[]): number {
    try {
      return this.#cache.delete(keys);
    } catch (cause) {
      this.#log.warn('the scan cache could not be written', { cause });
      return 0;
    }
  }
}

const wrongArguments = (command: string): Buffer =>
  reply.error(`ERR wrong number of arguments for '${command.toLowerCase()}' command`);

const isSame = (expected: Buffer, given: Buffer): boolean =>
  expected.length === given.length && timingSafeEqual(expected, given);
