import type { Socket } from 'node:net';

import { portsOfOtherUsers } from './loopback-sockets.ts';

const LOGIN_WITHIN_MS = 1000;
/** Of those that have not logged in; who has is not counted. */
const MOST_STRANGERS = 32;

/** Connections to a port of ours of whom it is not known yet who they are: few, and not for long. */
export class Strangers {
  /** Oldest first. */
  readonly #sockets = new Set<Socket>();
  readonly #port: () => number;

  constructor(port: () => number) {
    this.#port = port;
  }

  /** Where there are too many, those of other users go first, and then the oldest. */
  admit(socket: Socket): void {
    this.#sockets.add(socket);
    // What has arrived meanwhile is looked at before: it may have been us who were busy.
    const login = setTimeout(() => setImmediate(() => this.#drop(socket)), LOGIN_WITHIN_MS);
    socket.once('close', () => {
      clearTimeout(login);
      this.#sockets.delete(socket);
    });
    if (this.#sockets.size > MOST_STRANGERS) this.#makeRoom();
  }

  /** It is known now. */
  acquaint(socket: Socket): void {
    this.#sockets.delete(socket);
  }

  #makeRoom(): void {
    const others = portsOfOtherUsers(this.#port());
    for (const socket of this.#sockets) {
      if (socket.remotePort === undefined || others.has(socket.remotePort)) this.#drop(socket);
    }
    for (const socket of this.#sockets) {
      if (this.#sockets.size > MOST_STRANGERS) this.#drop(socket);
    }
  }

  #drop(socket: Socket): void {
    if (this.#sockets.delete(socket)) socket.destroy();
  }
}
