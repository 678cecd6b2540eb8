import { createServer, type Server } from 'node:http';
import { join } from 'node:path';

import { ScannerError } from '@scanner/core';
import { temporaryDirectory } from '@scanner/testing';
import { fuzzTarget, type FuzzTarget, mutatedBytes, mutatedJson, mutatedText } from '@scanner/testing/fuzz';
import fc from 'fast-check';

import { createDockerEngine } from '../../src/docker-engine/docker-engine.ts';
import { parseDockerHost } from '../../src/docker-engine/docker-endpoint.ts';
import { JsonSieve } from '../../src/docker-engine/json-sieve.ts';

const ID = `sha256:${'c'.repeat(64)}`;

const ANSWERS = {
  '/version': {
    Version: '28.5.1',
    ApiVersion: '1.51',
    MinAPIVersion: '1.24',
    Components: [{ Name: 'Engine', Version: '28.5.1', Details: { GitCommit: 'abc' } }],
  },
  '/info': { Name: 'host-1', Driver: 'overlayfs', DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] },
  '/images/json': [
    {
      Id: ID,
      RepoTags: ['registry.example/shop/web:1', '<none>:<none>'],
      RepoDigests: [`registry.example/shop/web@${ID}`],
      Size: 1234,
      Labels: { 'org.example': 'x' },
    },
    { Id: `sha256:${'d'.repeat(64)}`, RepoTags: null, RepoDigests: [], Size: 0 },
  ],
  '/containers/json': [
    {
      ImageID: ID,
      Names: ['/web-1', '/other/web'],
      State: 'running',
      Labels: { 'com.docker.compose.project': 'shop' },
    },
  ],
  inspect: {
    Id: ID,
    Os: 'linux',
    Architecture: 'amd64',
    Variant: '',
    Size: 1234,
    RootFS: { Type: 'layers', Layers: [`sha256:${'0'.repeat(64)}`] },
  },
} as const;
type Asked = keyof typeof ANSWERS;

type Answers = Readonly<Record<Asked, string>>;

const answersWith = (part: Partial<Answers>): Answers => ({
  '/version': JSON.stringify(ANSWERS['/version']),
  '/info': JSON.stringify(ANSWERS['/info']),
  '/images/json': JSON.stringify(ANSWERS['/images/json']),
  '/containers/json': JSON.stringify(ANSWERS['/containers/json']),
  inspect: JSON.stringify(ANSWERS.inspect),
  ...part,
});

const answers = fc.record({
  '/version': fc.oneof(
    { weight: 3, arbitrary: fc.constant(JSON.stringify(ANSWERS['/version'])) },
    mutatedJson([ANSWERS['/version']]),
  ),
  '/info': mutatedJson([ANSWERS['/info']]),
  '/images/json': mutatedJson([ANSWERS['/images/json']]),
  '/containers/json': mutatedJson([ANSWERS['/containers/json']]),
  inspect: mutatedJson([ANSWERS.inspect]),
}) satisfies fc.Arbitrary<Answers>;

const askedFor = (path: string): Asked => {
  const known = (['/version', '/info', '/images/json', '/containers/json'] as const).find((end) =>
    path.split('?', 1)[0]?.endsWith(end),
  );
  return known ?? 'inspect';
};

const listening = async (answers: Answers, path: string): Promise<Server> => {
  const server = createServer((request, response) => {
    response.end(answers[askedFor(request.url ?? '')]);
  });
  await new Promise<void>((resolve) => server.listen(path, () => resolve()));
  return server;
};

/** Only the run's own failures, and never one that says that we were wrong. */
const isTold = (error: unknown): boolean => ScannerError.is(error) && error.code !== 'internal';

const askEverything = async (answers: Answers): Promise<unknown> => {
  await using directory = await temporaryDirectory();
  const socket = join(directory.path, 'docker.sock');
  const server = await listening(answers, socket);
  try {
    const engine = createDockerEngine({ host: `unix://${socket}`, tls: null, origin: 'flag' });
    const said = [
      await engine.list().catch(throwUnless(isTold)),
      await engine.describe().catch(throwUnless(isTold)),
      await engine.hostName().catch(throwUnless(isTold)),
      await engine.describeImage?.(ID, AbortSignal.timeout(60_000)).catch(throwUnless(isTold)),
      await engine.stillThere([ID], AbortSignal.timeout(60_000)).catch(throwUnless(isTold)),
    ];
    return said;
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

const throwUnless =
  (isFine: (error: unknown) => boolean) =>
  (error: unknown): null => {
    if (isFine(error)) return null;
    throw error;
  };

const WANTED = { Id: 'all', RepoTags: 'all', Config: { Labels: 'all' } } as const;

const through = (pieces: readonly Buffer[]): string => {
  const sieve = new JsonSieve(WANTED, 10_000_000);
  for (const piece of pieces) sieve.push(piece);
  return sieve.text();
};

/** What comes through is the same however it was cut. */
const sieve = ({ bytes, cut }: { bytes: Buffer; cut: number }): string => {
  const at = cut % (bytes.length + 1);
  const [whole, parted] = [through([bytes]), through([bytes.subarray(0, at), bytes.subarray(at)])];
  if (whole !== parted) throw new Error('what comes through depends on how it was cut');
  return whole;
};

export const ENGINE_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'the answers of a Docker engine',
    inputs: answers,
    read: askEverything,
    ofText: (text) => answersWith({ '/images/json': text, inspect: text }),
  }),
  fuzzTarget({
    name: 'what of a long answer is wanted',
    inputs: fc.record({ bytes: mutatedBytes([JSON.stringify(ANSWERS['/images/json'])]), cut: fc.nat() }),
    read: sieve,
    ofText: (text) => ({ bytes: Buffer.from(text), cut: 100 }),
  }),
  fuzzTarget({
    name: 'the address of a Docker engine',
    inputs: mutatedText(['unix:///var/run/docker.sock', 'tcp://host.example:2376', 'ssh://user@host', '[::1]:2375']),
    read: (text) => parseDockerHost(text, null, 'environment'),
    mayThrow: isTold,
    ofText: (text) => text,
  }),
];
