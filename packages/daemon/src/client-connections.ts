import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Open at once, of all clients. */
  readonly connections: number;
  /** Of these, of one client. */
  readonly connectionsOfOne: number;
}

interface Connection {
  readonly socket: Socket;
  readonly client: string;
  /** Requests that are being answered. */
  answering: number;
}

/**
 * The open connections of a server. Where there are too many, the oldest one makes room for the new one: first those that
 * ask for nothing, then those whose answer has been under way for longest. So a client that keeps connections open and
 * sends or reads nothing locks nobody out, not even others at its own address.
 */
export class ClientConnections {
  readonly #limits: ConnectionLimits;
  /** The oldest first. */
  readonly #open = new Map<Socket, Connection>();

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** Counts a new connection until it is closed, and closes another one where that makes one too many. */
  add(socket: Socket): void {
    const client = clientOf(socket.remoteAddress ?? '');
    this.#open.set(socket, { socket, client, answering: 0 });
    socket.once('close', () => this.#open.delete(socket));
    const all = [...this.#open.values()];
    const own = all.filter((connection) => connection.client === client);
    if (own.length > this.#limits.connectionsOfOne) this.#drop(own);
    else if (all.length > this.#limits.connections) this.#drop(all);
  }

  beginAnswer(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (connection !== undefined) connection.answering += 1;
  }

  endAnswer(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (connection !== undefined) connection.answering -= 1;
  }

  /** @param connections the oldest first, with the new one at the end */
  #drop(connections: readonly Connection[]): void {
    const others = connections.slice(0, -1);
    const dropped = others.find(({ answering }) => answering === 0) ?? others[0];
    if (dropped === undefined) return;
    this.#open.delete(dropped.socket);
    dropped.socket.destroy();
  }
}

const MAPPED_IPV4 = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/** Who has one address of a loopback or IPv6 network has all of it, so all of it counts as one client. */
const clientOf = (address: string): string => {
  const plain = address.replace(MAPPED_IPV4, '');
  if (plain === '::1' || plain.startsWith('127.')) return 'loopback';
  return plain.includes(':') ? networkOf(plain) : plain;
};

/** The first 64 bits, written in full. */
const networkOf = (address: string): string => {
  const [before = '', after] = (address.split('%', 1)[0] ?? '').split('::');
  const groups = before === '' ? [] : before.split(':');
  const last = after === undefined || after === '' ? [] : after.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - last.length) }, () => '0');
  return [...groups, ...zeros, ...last].slice(0, 4).join(':');
};
