import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { SEVERITIES } from '@scanner/core';
import { placeDatabase, temporaryDirectory } from '@scanner/testing';

import { builtGts, runNode } from '../built-gts.ts';
import type { SuiteContext } from '../suite.ts';
import { Workplace } from '../workplace.ts';
import { documentKeys } from './document-keys.ts';
import { expectedKeys, type HostSize, makeInventedTrivy, startInventedEngine } from './invented-host.ts';

export const PASSES = ['first pass', 'nothing changed', 'other database'] as const;
export type PassName = (typeof PASSES)[number];

/** What one pass over an invented host took. */
export interface LargePass extends HostSize {
  readonly pass: PassName;
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  readonly cpuSeconds: number;
}

export interface LargeHost {
  readonly passes: readonly LargePass[];
  /** Why the figures mean nothing, as sentences. */
  readonly problems: readonly string[];
}

/** Three passes over one host, with `--json`, logs, history and a webhook that takes the notices. */
export async function measureHost(size: HostSize, { signal, note }: SuiteContext): Promise<LargeHost> {
  await using directory = await temporaryDirectory();
  await using webhook = await startWebhook();
  const socket = join(directory.path, 'engine');
  await using _engine = await startInventedEngine(socket, size);
  const place = await Workplace.in(directory.path);
  const own = join(directory.path, 'security');
  const programs = join(directory.path, 'programs');
  await mkdir(join(own, 'cache'), { recursive: true });
  await mkdir(programs);
  const passes: LargePass[] = [];
  const problems: string[] = [];
  for (const pass of PASSES) {
    note(`${size.images} images × ${size.findings} findings: ${pass}`);
    const generation = pass === 'other database' ? 2 : 1;
    await placeDatabase(join(own, 'cache'), generation);
    const trivy = await makeInventedTrivy(programs, size, generation);
    await place.settle(signal);
    const document = join(directory.path, 'document.json');
    const { milliseconds, peakMemoryBytes, cpuSeconds } = await runNode(
      {
        args: [builtGts(), 'host', 'scan', '--json', '--skip-db-update', '--severity', SEVERITIES.join(), '--dir', own],
        env: { ...place.environment, TRIVY_PATH: trivy, DOCKER_HOST: `unix://${socket}`, WEBHOOK_URL: webhook.url },
        workingDirectory: directory.path,
        stdoutFile: document,
      },
      signal,
    );
    passes.push({ ...size, pass, seconds: Math.round(milliseconds) / 1000, peakMemoryBytes, cpuSeconds });
    problems.push(...(await differences(document, size, generation)).map((problem) => `${pass}: ${problem}`));
  }
  const notices = 2;
  if (webhook.received() !== notices) problems.push(`${webhook.received()} notices came instead of ${notices}.`);
  return { passes, problems: problems.map((problem) => `${size.images} × ${size.findings}, ${problem}`) };
}

async function differences(document: string, size: HostSize, generation: 1 | 2): Promise<string[]> {
  const expected = expectedKeys(size, generation);
  const wanted = new Map<string, string[]>();
  for await (const [reference, found] of documentKeys(document)) {
    const next = expected.next();
    if (next.done !== true) wanted.set(...next.value);
    const keys = wanted.get(reference);
    wanted.delete(reference);
    if (keys === undefined || keys.toSorted().join('\n') !== found.toSorted().join('\n'))
      return [`${reference} has ${found.length} findings, and not those of its report.`];
  }
  const missing = wanted.size + [...expected].length;
  return missing === 0 ? [] : [`${missing} images are not in the document.`];
}

async function startWebhook(): Promise<AsyncDisposable & { readonly url: string; received(): number }> {
  let received = 0;
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      received += 1;
      response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    received: () => received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
