import { createHash } from 'node:crypto';

import { parseOutsideJson } from '@scanner/core';
import { z } from 'zod';

import { headerOf } from './answer-headers.ts';
import type { AnswerHeaders } from './answer-headers.ts';
import { UnusableAnswer } from './registry-client.ts';

/** Of an index: a manifest for each platform. */
export const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
/** Of one image's manifest. */
export const IMAGE_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
/** What a registry is asked for, as an `Accept` header. */
export const MANIFEST_TYPES = [...INDEX_TYPES, ...IMAGE_TYPES].join(', ');

const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

const Manifest = z.object({ schemaVersion: z.literal(2) });

/**
 * The digest that an answer's headers tell: `Docker-Content-Digest`, which registries need not send, or an `ETag` that is
 * one. Null where the answer itself must be looked at, as with a web page.
 */
export const digestInHeaders = (headers: AnswerHeaders): string | null => {
  if (isWebPage(headers)) return null;
  const etag = /^"([^"]*)"$/.exec(headerOf(headers, 'etag') ?? '')?.[1];
  return [headerOf(headers, 'docker-content-digest'), etag].find((text) => DIGEST.test(text ?? '')) ?? null;
};

export const isWebPage = (headers: AnswerHeaders): boolean =>
  /^\s*text\/html\b/i.test(headerOf(headers, 'content-type') ?? '');

/**
 * The digest of a manifest's bytes.
 *
 * @param wanted what it must be, where it was asked for by digest
 * @throws UnusableAnswer for what is no manifest, or not the wanted one
 */
export const digestOfBytes = (bytes: Buffer, wanted: string | null): string => {
  if (!Manifest.safeParse(parseJson(bytes)).success) throw new UnusableAnswer('answers with what is no manifest');
  const algorithm = wanted?.startsWith('sha512:') ? 'sha512' : 'sha256';
  const digest = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  if (wanted !== null && digest !== wanted)
    throw new UnusableAnswer('answers with another manifest than was asked for');
  return digest;
};

const parseJson = (bytes: Buffer): unknown => {
  try {
    return parseOutsideJson(bytes.toString('utf8'));
  } catch {
    return null;
  }
};
