import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** A server in front of a registry that keeps who asks, and may want a login. */
export interface GuardedRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`, as it stands at the beginning of a reference. */
  readonly host: string;
  /** Every `Authorization` that it was shown. */
  readonly shown: readonly string[];
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** What a client sends for a login, and what a Docker configuration keeps of it behind `Basic `. */
export const basic = ({ username, password }: Login): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** Starts a server that passes requests on to `target`, such as `http://127.0.0.1:5000`; with a login only those that have it. */
export const guardRegistry = async (target: string, login?: Login): Promise<GuardedRegistry> => {
  const shown: string[] = [];
  const server = createServer((asked, answer) => {
    const { authorization } = asked.headers;
    if (authorization !== undefined) shown.push(authorization);
    if (login === undefined || authorization === basic(login)) passOn(target, asked, answer);
    else answer.writeHead(401, { 'www-authenticate': 'Basic realm="private"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    host: `127.0.0.1:${address.port}`,
    shown,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const passOn = (target: string, { method, url, headers }: IncomingMessage, answer: ServerResponse): void => {
  const { authorization: _kept, ...others } = headers;
  request(new URL(url ?? '/', target), { method, headers: others }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  })
    .on('error', () => answer.destroy())
    .end();
};
