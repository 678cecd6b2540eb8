import { createServer, connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

import { type Engine, temporaryDirectory } from '@scanner/testing';

/** A socket that leads to an engine while it is open, and is not there while it is closed: an engine that restarts. */
export interface EngineDoor extends AsyncDisposable, Pick<Engine, 'dockerHost'> {
  open(): Promise<void>;
  /** Breaks what goes through it, and removes the socket. */
  close(): Promise<void>;
}

/** Closed until it is opened. */
export const doorTo = async (engine: Engine): Promise<EngineDoor> => {
  const directory = await temporaryDirectory();
  const path = join(directory.path, 'docker.sock');
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    const closing = server;
    server = null;
    if (closing !== null) await new Promise((resolve) => closing.close(resolve));
  };
  return {
    dockerHost: `unix://${path}`,
    open: async () => {
      server = createServer((socket) => joinEnds(socket, connect(engine.dockerHost.replace('unix://', '')), sockets));
      await new Promise<void>((resolve) => server?.listen(path, resolve));
    },
    close,
    [Symbol.asyncDispose]: async () => {
      await close();
      await directory[Symbol.asyncDispose]();
    },
  };
};

/** Each end goes with the other. */
const joinEnds = (one: Socket, other: Socket, sockets: Set<Socket>): void => {
  for (const [socket, partner] of [
    [one, other],
    [other, one],
  ] as const) {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      partner.destroy();
    });
    socket.pipe(partner);
  }
};
