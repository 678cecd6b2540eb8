import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';

/** What is answered for one file: its content, or whatever the listener does. */
export type ServedFile = Buffer | string | RequestListener;

/** Serves releases as GitHub does: a redirect from the release's address to where the file really lies. */
export interface ReleaseServer extends AsyncDisposable {
  /** To be given as the place of releases. */
  readonly url: string;
  /** By name, e.g. `trivy_0.74.0_checksums.txt`; what is not in it is answered with 404. */
  readonly files: Map<string, ServedFile>;
  /** The names that were asked for, in order, each once per request. */
  readonly asked: readonly string[];
}

/** Starts it on a free port of the loopback interface. */
export const startReleaseServer = async (): Promise<ReleaseServer> => {
  const files = new Map<string, ServedFile>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (path.startsWith('/releases/')) {
      asked.push(name);
      response.writeHead(302, { location: `/storage/${name}` }).end();
      return;
    }
    const file = files.get(name);
    if (file === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('Not Found');
    else if (typeof file === 'function') file(request, response);
    else response.writeHead(200, { 'content-length': Buffer.byteLength(file) }).end(file);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}/releases/download`,
    files,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the release server has no port');
  return address.port;
};
