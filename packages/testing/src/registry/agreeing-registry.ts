import { createServer } from 'node:http';

/** A registry that has every image one asks for, as far as its digest. */
export interface AgreeingRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
}

/** Starts one in this process, for scans of images that only a fake Trivy could pull. */
export async function startAgreeingRegistry(): Promise<AgreeingRegistry> {
  const server = createServer((_asked, answer) => {
    answer.writeHead(200, {
      'docker-content-digest': `sha256:${'e'.repeat(64)}`,
      'content-type': 'application/vnd.oci.image.manifest.v1+json',
    });
    answer.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The registry has no port.');
  return {
    host: `127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
