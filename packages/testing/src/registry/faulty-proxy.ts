import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** A web page with status 200 where JSON is expected, as a captive portal gives. */
  | { readonly kind: 'html' }
  /** The true headers and so many bytes of the true body, then the connection breaks. */
  | { readonly kind: 'truncated'; readonly bytes: number }
  /** No answer, ever. */
  | { readonly kind: 'stall' }
  | { readonly kind: 'redirect'; readonly location: string };

/** Which requests meet a fault. The first rule that fits holds. */
export interface FaultRule {
  /** Matched against the path with its query, such as `/v2/trivy-db/manifests/2`. */
  readonly path: RegExp;
  readonly fault: Fault;
  /** How many requests meet it; all unless told. */
  readonly times?: number;
}

/** A server in front of another. */
export interface FaultyProxy extends AsyncDisposable {
  /** `127.0.0.1:PORT`, as it stands at the beginning of a reference. */
  readonly host: string;
  readonly url: string;
  /** Method and path of every request so far. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** Starts a server that passes requests on to `target`, such as `http://127.0.0.1:5000`, but for those of the rules. */
export async function startFaultyProxy(target: string, rules: readonly FaultRule[]): Promise<FaultyProxy> {
  const requests: string[] = [];
  const remaining = rules.map(({ times }) => times ?? Number.POSITIVE_INFINITY);
  const server = createServer((asked, answer) => {
    const path = asked.url ?? '/';
    requests.push(`${asked.method ?? 'GET'} ${path}`);
    const index = rules.findIndex((rule, at) => rule.path.test(path) && (remaining[at] ?? 0) > 0);
    remaining[index] = (remaining[index] ?? 0) - 1;
    const fault = rules[index]?.fault;
    if (fault === undefined || fault.kind === 'truncated') passOn(target, asked, answer, fault?.bytes);
    else misbehave(fault, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${portOf(server.address())}`;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { host, url: `http://${host}`, requests, stop, [Symbol.asyncDispose]: stop };
}

function misbehave(fault: Exclude<Fault, { kind: 'truncated' }>, answer: ServerResponse): void {
  switch (fault.kind) {
    case 'status':
      answer.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end('{"errors":[]}');
      break;
    case 'html':
      answer.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Please sign in.</body></html>');
      break;
    case 'redirect':
      answer.writeHead(307, { location: fault.location }).end();
      break;
    case 'stall':
      break;
  }
}

function passOn(target: string, asked: IncomingMessage, answer: ServerResponse, limit?: number): void {
  const { method, headers } = asked;
  const passed = request(new URL(asked.url ?? '/', target), { method, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    if (limit === undefined) response.pipe(answer);
    else breakOffAfter(limit, response, answer);
  });
  passed.on('error', () => answer.destroy());
  asked.pipe(passed);
}

function breakOffAfter(limit: number, response: IncomingMessage, answer: ServerResponse): void {
  let left = limit;
  response.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, left);
    left -= part.length;
    answer.write(part, () => {
      if (left === 0) answer.socket?.end();
    });
  });
  response.on('end', () => answer.socket?.end());
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return address.port;
}
