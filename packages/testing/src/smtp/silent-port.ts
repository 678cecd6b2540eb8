import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';

/** A port that takes connections and never says a word. */
export interface SilentPort extends AsyncDisposable {
  readonly port: number;
  readonly connections: number;
}

/** Opens one on 127.0.0.1. */
export async function openSilentPort(): Promise<SilentPort> {
  const sockets = new Set<Socket>();
  const seen = { connections: 0 };
  const server = createServer((socket) => {
    seen.connections += 1;
    sockets.add(socket.on('error', () => {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The port is not open.');
  return {
    port: address.port,
    get connections() {
      return seen.connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
