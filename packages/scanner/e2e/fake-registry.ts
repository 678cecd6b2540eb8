import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';

import { onTestFinished } from 'vitest';

/** A registry that answers as it is told; its host. */
export const fakeRegistry = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  return `127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
};
