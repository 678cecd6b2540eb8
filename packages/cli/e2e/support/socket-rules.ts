import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Engine } from '@scanner/testing';
import { parse } from 'yaml';
import { z } from 'zod';

const FILE = new URL('../../../../docker/compose.socket-proxy.yaml', import.meta.url);

const ProxyFile = z.object({ services: z.object({ 'socket-proxy': z.object({ environment: z.array(z.string()) }) }) });

/** Lets through to an engine what the shipped socket proxy would, by the variables of its compose file. */
export interface SocketRules extends AsyncDisposable {
  /** Value for `DOCKER_HOST`. */
  readonly dockerHost: string;
  /** `METHOD /path` of every request that was refused. */
  readonly refused: readonly string[];
}

export const socketRules = async ({ dockerHost }: Engine): Promise<SocketRules> => {
  const allowed = await allowedParts();
  const refused: string[] = [];
  const server = createServer((asked, answer) => {
    const { method = '', url = '' } = asked;
    const part = /^(?:\/v[\d.]+)?\/(\w+)/.exec(url)?.[1] ?? '';
    if (!['GET', 'HEAD'].includes(method) || !allowed.has(part)) {
      refused.push(`${method} ${url}`);
      answer.writeHead(403).end('Forbidden');
      return;
    }
    const through = request(
      { socketPath: dockerHost.replace('unix://', ''), method, path: url, headers: asked.headers },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    through.on('error', () => answer.destroy());
    asked.pipe(through);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The server listens on a port, so its address is one.
  const { port } = AddressOfPort.parse(server.address());
  return {
    dockerHost: `tcp://127.0.0.1:${port}`,
    refused,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const AddressOfPort = z.object({ port: z.number() }) satisfies z.ZodType<Pick<AddressInfo, 'port'>>;

/** A variable that is 1 lets through the paths that begin with its name. */
const allowedParts = async (): Promise<ReadonlySet<string>> => {
  const { services } = ProxyFile.parse(parse(await readFile(FILE, 'utf8')));
  const on = services['socket-proxy'].environment.filter((line) => line.endsWith('=1'));
  return new Set(on.map((line) => (line.startsWith('PING') ? '_ping' : line.replace(/=1$/, '').toLowerCase())));
};
