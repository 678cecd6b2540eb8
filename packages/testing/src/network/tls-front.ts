import { request } from 'node:http';
import { createServer } from 'node:https';

import { selfSignedCertificate } from '../smtp/certificate.ts';
import { portOf } from './forward-proxy.ts';

/** A server that speaks TLS in front of another that does not. */
export interface TlsFront extends AsyncDisposable {
  readonly port: number;
  /** Of its own authority, as PEM. */
  readonly certificate: string;
  /** Connections that came to be, so many as shook hands. */
  readonly connections: number;
  /** Those that did not, since the certificate was not trusted, say. */
  readonly failed: number;
}

/** Starts one for `localhost`, 127.0.0.1 and the names, in front of `target`, such as `http://127.0.0.1:5000`. */
export async function startTlsFront(target: string, names: readonly string[] = []): Promise<TlsFront> {
  const { key, certificate } = await selfSignedCertificate(names);
  const counted = { connections: 0, failed: 0 };
  const server = createServer({ key, cert: certificate }, (asked, answer) => {
    const { method, headers } = asked;
    const passed = request(new URL(asked.url ?? '/', target), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  server.on('secureConnection', () => (counted.connections += 1));
  server.on('tlsClientError', () => (counted.failed += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server),
    certificate,
    get connections() {
      return counted.connections;
    },
    get failed() {
      return counted.failed;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
