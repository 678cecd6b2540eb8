import { createServer, request, STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Server, Socket } from 'node:net';

export interface ForwardProxyOptions {
  /** `name:password` that is asked for; none unless told. */
  readonly login?: string;
  /** The port of this machine that stands for a host; the port that is asked for unless told. */
  readonly ports?: Readonly<Record<string, number>>;
  /** What it answers instead of connecting. */
  readonly refuses?: number;
}

/** An HTTP proxy that leads to this machine, whichever host is asked for. */
export interface ForwardProxy extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** What was asked for, as `GET http://hub.example/…` or `CONNECT hub.example:443`, refused requests included. */
  readonly requests: readonly string[];
}

/**
 * Starts a proxy on the loopback interface.
 *
 * @example
 * await using proxy = await startForwardProxy({ ports: { 'registry.example': 5443 } });
 */
export async function startForwardProxy(options: ForwardProxyOptions = {}): Promise<ForwardProxy> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const portFor = (host: string, port: string): number => options.ports?.[host] ?? Number(port || '80');
  const wanted = options.login === undefined ? null : `Basic ${Buffer.from(options.login).toString('base64')}`;
  const refusal = (asked: IncomingMessage): number | null => {
    requests.push(`${asked.method} ${asked.url}`);
    return wanted !== null && asked.headers['proxy-authorization'] !== wanted ? 407 : (options.refuses ?? null);
  };

  const server = createServer((asked, answer) => {
    const status = refusal(asked);
    if (status !== null)
      answer.writeHead(status, { 'proxy-authenticate': 'Basic realm="p"' }).end('<html>proxy</html>');
    else passOn(asked, answer, portFor);
  });
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  server.on('connect', (asked: IncomingMessage, socket: Socket) => {
    const status = refusal(asked);
    if (status !== null) {
      socket.end(
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nproxy-authenticate: Basic realm="p"\r\ncontent-length: 0\r\n\r\n`,
      );
      return;
    }
    const { hostname, port } = new URL(`http://${asked.url ?? ''}`);
    const there = connect(portFor(hostname, port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    sockets.add(there);
    there.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${portOf(server)}`,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function passOn(asked: IncomingMessage, answer: ServerResponse, portFor: (host: string, port: string) => number): void {
  const { hostname, port, pathname, search } = new URL(asked.url ?? '');
  const { method, headers } = asked;
  const passed = request(
    { host: '127.0.0.1', port: portFor(hostname, port), path: pathname + search, method, headers },
    (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    },
  );
  passed.on('error', () => answer.writeHead(502).end());
  asked.pipe(passed);
}

/** Of a server that listens. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
