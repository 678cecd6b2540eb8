import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

import type { Engine } from '@scanner/testing';

/** A server in front of an engine that does something before it passes a request on. */
export interface EngineProxy extends AsyncDisposable {
  /** Value for `DOCKER_HOST`. */
  readonly dockerHost: string;
}

export interface EngineProxyOptions {
  /** Called before a request is passed on. */
  readonly before?: (path: string) => Promise<void>;
  /** Makes another body of the engine's. */
  readonly change?: (path: string, body: Buffer) => Buffer;
}

export const engineProxy = async (
  { dockerHost }: Engine,
  { before, change }: EngineProxyOptions,
): Promise<EngineProxy> => {
  const socketPath = dockerHost.replace('unix://', '');
  const passOn = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const { method, url: path = '/', headers } = asked;
    await before?.(path);
    const through = request({ socketPath, method, path, headers }, (response) => {
      if (change !== undefined && path.includes('/json'))
        void answerWith(response, (body) => change(path, body), answer);
      else {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      }
    });
    through.on('error', () => answer.destroy());
    asked.pipe(through);
  };
  const server = createServer((asked, answer) => void passOn(asked, answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    dockerHost: `tcp://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const answerWith = async (
  response: IncomingMessage,
  change: (body: Buffer) => Buffer,
  answer: ServerResponse,
): Promise<void> => {
  const body = change(await buffer(response));
  const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = response.headers;
  answer.writeHead(response.statusCode ?? 502, { ...headers, 'content-length': body.length });
  answer.end(body);
};
