import { fuzzTarget, type FuzzTarget, mutatedBytes, mutatedJson, mutatedText } from '@scanner/testing/fuzz';
import fc from 'fast-check';

import type { AnswerHeaders } from '../../src/registry/answer-headers.ts';
import { BearerTokens } from '../../src/registry/bearer-tokens.ts';
import { parseChallenges } from '../../src/registry/challenge.ts';
import { refusalOf } from '../../src/registry/failed-answer.ts';
import { readConfig, readManifest } from '../../src/registry/image-manifest.ts';
import { digestInHeaders, digestOfBytes } from '../../src/registry/manifest-digest.ts';
import { readAllowance } from '../../src/registry/pull-allowance.ts';
import { placeOf } from '../../src/registry/registry-address.ts';
import {
  DEFAULT_DEADLINES,
  type RegistryAnswer,
  RegistryClient,
  UnusableAnswer,
} from '../../src/registry/registry-client.ts';
import { readRetryAfter } from '../../src/registry/retry-after.ts';

const NOW = new Date('2026-11-22T01:02:03Z');
const HEX = 'ab'.repeat(32);
const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
const IMAGE_TYPE = 'application/vnd.oci.image.manifest.v1+json';

const descriptor = (mediaType: string) => ({ mediaType, digest: `sha256:${HEX}`, size: 1234 });

const MANIFEST = {
  schemaVersion: 2,
  mediaType: IMAGE_TYPE,
  config: descriptor('application/vnd.oci.image.config.v1+json'),
  layers: [
    descriptor('application/vnd.oci.image.layer.v1.tar+gzip'),
    descriptor('application/vnd.oci.image.layer.v1.tar+zstd'),
  ],
};
const INDEX = {
  schemaVersion: 2,
  mediaType: INDEX_TYPE,
  manifests: [
    { ...descriptor(IMAGE_TYPE), platform: { os: 'linux', architecture: 'amd64' } },
    { ...descriptor(IMAGE_TYPE), platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
    { ...descriptor(IMAGE_TYPE), artifactType: 'application/vnd.in-toto+json' },
  ],
};
const CONFIG = {
  os: 'linux',
  architecture: 'amd64',
  variant: '',
  config: { Env: ['PATH=/bin'], Labels: { a: 'b' } },
  rootfs: { type: 'layers', diff_ids: [`sha256:${HEX}`, `sha256:${'0'.repeat(64)}`] },
  history: [{ created_by: 'COPY a' }, { created_by: 'ENV b', empty_layer: true }, { created_by: 'RUN c' }],
};

const CHALLENGES = [
  'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull,push"',
  'Negotiate, Digest abc==, BASIC realm="a, Bearer b" , bearer  Realm = https://t.example , scope="s"',
  String.raw`Bearer realm="a\"b\\c", realm="d", Basic`,
];
const RETRY_TEXTS = [
  '30',
  'Sun, 22 Nov 2026 01:05:00 GMT',
  'Sunday, 22-Nov-26 01:05:00 GMT',
  '1m0.5s',
  '{"errors":[{"code":"TOOMANYREQUESTS","message":"retry-after: 1.5s, allowed: 2000/minute"}]}',
];
const QUOTAS = ['100;w=21600', '76 ; w = 21600;burst=4', '0', '100, 100;w=60'];

const isUnusable = (error: unknown): boolean => error instanceof UnusableAnswer;

const aDigest = (): fc.Arbitrary<string> => mutatedText([`sha256:${HEX}`, `"sha256:${HEX}"`, 'W/"etag"']);

const headers: fc.Arbitrary<AnswerHeaders> = fc.record({
  'retry-after': mutatedText(RETRY_TEXTS),
  'ratelimit-limit': mutatedText(QUOTAS),
  'ratelimit-remaining': fc.oneof(mutatedText(QUOTAS), fc.array(mutatedText(QUOTAS))),
  'content-type': mutatedText(['text/html; charset=utf-8', INDEX_TYPE]),
  'docker-content-digest': aDigest(),
  etag: aDigest(),
});

const TOKEN = { token: 'abc.def', access_token: 'abc.def', expires_in: 300, issued_at: '2026-11-22T01:02:03Z' };

/** A token server that answers what it is told. */
class AnsweringClient extends RegistryClient {
  readonly #answer: RegistryAnswer;

  constructor(body: string) {
    super(DEFAULT_DEADLINES);
    this.#answer = { status: 200, headers: {}, body: Buffer.from(body), elsewhere: false };
  }

  override ask(): Promise<RegistryAnswer> {
    return Promise.resolve(this.#answer);
  }
}

const PLACE = placeOf({ host: 'registry.example', path: 'shop/web', tag: '1', digest: null });

const askForToken = async ({ challenge, body }: { challenge: string; body: string }): Promise<unknown> => {
  const clock = { now: () => NOW, elapsed: () => 0 };
  const tokens = new BearerTokens(new AnsweringClient(body), clock);
  const asked = parseChallenges(challenge).filter((one) => one.scheme === 'bearer');
  if (PLACE === null) throw new Error('the place is one');
  const place = PLACE;
  return Promise.all(asked.map((one) => tokens.fetch(one, place, null, AbortSignal.timeout(60_000))));
};

export const REGISTRY_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'a manifest or index',
    inputs: fc.record({
      text: mutatedJson([MANIFEST, INDEX]),
      type: fc.oneof(fc.constantFrom(INDEX_TYPE, IMAGE_TYPE, null), mutatedText([INDEX_TYPE])),
      platform: fc.oneof(fc.constantFrom(undefined, 'linux/arm/v7'), mutatedText(['linux/amd64'])),
    }),
    read: ({ text, type, platform }) => readManifest(Buffer.from(text), type, platform),
    mayThrow: isUnusable,
    ofText: (text) => ({ text, type: IMAGE_TYPE, platform: undefined }),
  }),
  fuzzTarget({
    name: "an image's configuration",
    inputs: mutatedJson([CONFIG]),
    read: (text) => readConfig(Buffer.from(text)),
    mayThrow: isUnusable,
    ofText: (text) => text,
  }),
  fuzzTarget({
    name: "a manifest's digest",
    inputs: mutatedJson([MANIFEST]),
    read: (text) => digestOfBytes(Buffer.from(text), null),
    mayThrow: isUnusable,
    ofText: (text) => text,
  }),
  fuzzTarget({
    name: 'a WWW-Authenticate header',
    inputs: mutatedText(CHALLENGES),
    read: parseChallenges,
    ofText: (text) => text,
  }),
  fuzzTarget({
    name: 'the answer of a token server',
    inputs: fc.record({ challenge: mutatedText(CHALLENGES), body: mutatedJson([TOKEN]) }),
    read: askForToken,
    ofText: (body) => ({ challenge: CHALLENGES[0] ?? '', body }),
  }),
  fuzzTarget({
    name: "a registry's Retry-After",
    inputs: fc.record({ header: fc.option(mutatedText(RETRY_TEXTS)), body: mutatedText(RETRY_TEXTS) }),
    read: ({ header, body }) => readRetryAfter(header, body, NOW)?.toISOString(),
    ofText: (text) => ({ header: text, body: text }),
  }),
  fuzzTarget({
    name: "a registry's refusal",
    inputs: fc.record({
      status: fc.constantFrom<number>(400, 401, 403, 404, 429, 500),
      headers,
      body: mutatedBytes(RETRY_TEXTS),
    }),
    read: ({ status, headers, body }) => [
      refusalOf({ status, headers, body, elsewhere: false }, { host: 'r.example', repository: 'a/b' }, NOW),
      readAllowance(headers, NOW),
      digestInHeaders(headers),
    ],
    ofText: (text) => ({
      status: 429,
      headers: Object.fromEntries(['retry-after', 'ratelimit-remaining', 'etag', 'content-type'].map((n) => [n, text])),
      body: Buffer.from(text),
    }),
  }),
];
