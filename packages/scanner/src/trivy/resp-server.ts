import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

import type { BlobCache, Log } from '@scanner/core';

import { AnalysisClaims } from './analysis-claims.ts';
import type { Claimant } from './analysis-claims.ts';
import { AccountCache } from './cache-use.ts';
import type { CacheUse } from './cache-use.ts';
import { reply, RespProtocolError, RespReader, send, wrongArguments } from './resp-protocol.ts';
import type { Answer, RespLimits } from './resp-protocol.ts';
import { isBlobKey, isTrivyKey, ScanTrace } from './scan-trace.ts';
import { Strangers } from './strangers.ts';

const BEFORE_LOGIN: RespLimits = { argumentBytes: 1024, argumentsPerCommand: 16 };
const AFTER_LOGIN: RespLimits = { argumentBytes: 256 * 1024 * 1024, argumentsPerCommand: 1024 };
/** How long an answer that waits for nobody may take. */
const READ_SECONDS = 30;

/** One scan's way to the cache: its own user and password, so that what it reads and writes is known to be its own. */
export interface CacheAccess extends Disposable {
  /** `redis://user:password@127.0.0.1:port`: a secret. */
  readonly url: string;
  readonly trace: ScanTrace;
  /** Lets others have what was held back. */
  keep(): void;
}

export interface AccessOptions {
  readonly use: CacheUse;
  /** Told of every value that was stored in the cache, or found there. */
  readonly sees?: (key: string, value: Buffer) => void;
  /** Given for who makes analyses: what another is making it waits for; without it nothing is waited for or made. */
  readonly maker?: Claimant;
  /** What it stores is there for others only when it is said to be kept. */
  readonly held?: boolean;
}

interface Account extends Pick<AccessOptions, 'sees' | 'maker'> {
  readonly cache: AccountCache;
  readonly password: Buffer;
  readonly trace: ScanTrace;
  readonly sockets: Set<Socket>;
}

interface Connection {
  readonly socket: Socket;
  readonly reader: RespReader;
  account: Account | null;
  /** Whether the answer to its last command is still to come. */
  waiting: boolean;
}

/**
 * Serves a {@link BlobCache} to Trivy processes as a Redis on loopback: only the few commands Trivy's client sends.
 * Anyone on the host can connect, nobody without a password given to one scan gets further than AUTH, and who does not
 * get that far at once loses his place.
 */
export class RespServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #cache: BlobCache;
  readonly #log: Log;
  readonly #accounts = new Map<string, Account>();
  readonly #sockets = new Set<Socket>();
  readonly #strangers = new Strangers(() => this.port);
  readonly #claims = new AnalysisClaims();
  #accountCount = 0;

  private constructor(cache: BlobCache, log: Log) {
    this.#cache = cache;
    this.#log = log;
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
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

  openAccess({ use, held = false, ...others }: AccessOptions): CacheAccess {
    this.#accountCount += 1;
    const user = `scan-${this.#accountCount}`;
    const password = randomBytes(24).toString('hex');
    const account: Account = {
      ...(use.reads && others),
      cache: new AccountCache(this.#cache, use, held),
      password: Buffer.from(password),
      trace: new ScanTrace(),
      sockets: new Set(),
    };
    this.#accounts.set(user, account);
    return {
      url: `redis://${user}:${password}@127.0.0.1:${this.port}${patienceOf(account)}`,
      trace: account.trace,
      keep: () => this.#keepHeldBack(account),
      [Symbol.dispose]: () => {
        this.#accounts.delete(user);
        if (account.maker !== undefined) this.#claims.leave(account.maker);
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
    const connection: Connection = { socket, reader: new RespReader(BEFORE_LOGIN), account: null, waiting: false };
    this.#sockets.add(socket);
    this.#strangers.admit(socket);
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
      while (!connection.waiting && !socket.writableNeedDrain && !socket.destroyed && !socket.writableEnded) {
        const command = reader.next();
        if (command === undefined) return;
        const answer = this.#execute(connection, command);
        if (answer instanceof Promise) void this.#answerLater(connection, answer);
        else send(socket, answer);
      }
      if (socket.writableNeedDrain) socket.pause();
    } catch (error) {
      if (!(error instanceof RespProtocolError)) throw error;
      this.#log.debug('a client of the scan cache broke the protocol', { problem: error.message });
      socket.destroy();
    }
  }

  async #answerLater(connection: Connection, answer: Promise<Answer>): Promise<void> {
    connection.waiting = true;
    const pieces = await answer;
    connection.waiting = false;
    if (!connection.socket.destroyed) send(connection.socket, pieces);
    this.#answer(connection);
  }

  #execute(connection: Connection, [name, ...args]: Buffer[]): Answer | Promise<Answer> {
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

  #use(account: Account, command: string, args: readonly Buffer[]): Answer | Promise<Answer> {
    const key = args[0]?.toString();
    if (KEYED.has(command) && !keysIn(command === 'SET' ? args.slice(0, 1) : args).every(isTrivyKey)) return notTrivys;
    switch (command) {
      case 'PING':
        return reply.pong;
      case 'CLIENT':
      case 'SELECT':
        return reply.ok;
      case 'GET':
        return key === undefined ? wrongArguments(command) : this.#get(account, key);
      case 'SET': {
        const value = args[1];
        return key === undefined || value === undefined ? wrongArguments(command) : this.#set(account, key, value);
      }
      case 'EXISTS':
        return reply.integer(keysIn(args).filter((asked) => this.#read(account, asked) !== undefined).length);
      case 'DEL':
      case 'UNLINK':
        return reply.integer(this.#delete(account, keysIn(args)));
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
    this.#strangers.acquaint(connection.socket);
    account.sockets.add(connection.socket);
    return reply.ok;
  }

  #get(account: Account, key: string): Answer | Promise<Answer> {
    const { trace, maker } = account;
    trace.sawRead(key);
    const value = this.#read(account, key);
    if (value !== undefined) {
      if (trace.kept(key) === undefined) this.#show(account, key, value);
      return reply.bulk(value);
    }
    if (maker === undefined || !isBlobKey(key)) return reply.none;
    if (this.#claims.isBeingMade(key, maker)) return this.#getWhenMade(account, key, maker);
    this.#claims.claim(key, maker);
    return reply.none;
  }

  async #getWhenMade(account: Account, key: string, maker: Claimant): Promise<Answer> {
    await this.#claims.wait(key, maker);
    return await this.#get(account, key);
  }

  /** A cache that cannot be written costs the next scan time, not this one its result. */
  #set(account: Account, key: string, value: Buffer): Buffer {
    const { trace, maker } = account;
    trace.sawWrite(key);
    if (this.#write(account, key, value)) this.#show(account, key, value);
    else trace.keep(key, value);
    if (maker !== undefined) this.#claims.made(key);
    return reply.ok;
  }

  #keepHeldBack(account: Account): void {
    for (const [key, value] of account.cache.release())
      if (this.#write(account, key, value)) this.#show(account, key, value);
  }

  #write({ cache }: Account, key: string, value: Buffer): boolean {
    try {
      return cache.set(key, value);
    } catch (cause) {
      this.#log.warn('the scan cache could not be written', { cause });
      return false;
    }
  }

  #read({ cache, trace }: Account, key: string): Buffer | undefined {
    const kept = trace.kept(key);
    if (kept !== undefined) return kept;
    try {
      return cache.get(key);
    } catch (cause) {
      this.#log.warn('the scan cache could not be read', { cause });
      return undefined;
    }
  }

  #show({ sees }: Account, key: string, value: Buffer): void {
    try {
      sees?.(key, value);
    } catch (cause) {
      this.#log.warn('the scan cache could not be written', { cause });
    }
  }

  #delete({ cache }: Account, keys: readonly string[]): number {
    try {
      return cache.delete(keys);
    } catch (cause) {
      this.#log.warn('the scan cache could not be written', { cause });
      return 0;
    }
  }
}

/** As Trivy's client reads it: it gives up after five seconds unless told. */
const patienceOf = ({ maker }: Pick<AccessOptions, 'maker'>): string =>
  maker === undefined ? '' : `?read_timeout=${Math.ceil(maker.patienceMs / 1000) + READ_SECONDS}s`;

const KEYED = new Set(['GET', 'SET', 'EXISTS', 'DEL', 'UNLINK']);

const notTrivys = reply.error("NOPERM this key is no scan's");

const keysIn = (args: readonly Buffer[]): string[] => args.map((key) => key.toString());

const isSame = (expected: Buffer, given: Buffer): boolean =>
  expected.length === given.length && timingSafeEqual(expected, given);
