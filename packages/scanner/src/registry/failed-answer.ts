import { networkFailureOf } from '@scanner/core';
import type { DigestAnswer, Failure, FailureCode, NetworkFailure } from '@scanner/core';

import { headerOf } from './answer-headers.ts';
import { readAllowance } from './pull-allowance.ts';
import { UnusableAnswer } from './registry-client.ts';
import type { RegistryAnswer } from './registry-client.ts';
import { readRetryAfter } from './retry-after.ts';

export type FailedAnswer = Extract<DigestAnswer, { status: 'failed' }>;

/** Who is asked for what, as messages name it. */
export interface Asked {
  /** Host of the registry or token server. */
  readonly host: string;
  readonly repository: string;
}

export const failed = (code: FailureCode, message: string): FailedAnswer => ({
  status: 'failed',
  reason: { code, message },
  allowance: null,
  retryAt: null,
});

/** What an answer that is no success means. */
export const refusalOf = (answer: RegistryAnswer, { host, repository }: Asked, now: Date): FailedAnswer => {
  const allowance = readAllowance(answer.headers, now);
  const text = answer.body.toString('utf8');
  if (answer.status === 429 || /"TOOMANYREQUESTS"/i.test(text)) {
    const retryAt = readRetryAfter(headerOf(answer.headers, 'retry-after'), text, now)?.toISOString();
    const resetAt = allowance?.remaining === 0 ? allowance.resetAt : null;
    return {
      ...failed('rate_limited', `${host} grants no more requests for now`),
      allowance,
      retryAt: retryAt ?? resetAt,
    };
  }
  if (answer.status === 401 || answer.status === 403)
    return { ...failed('unauthorized', `${host} gives no access to ${repository}, or does not have it`), allowance };
  if (answer.status === 404) return { ...failed('not_found', `${host} has no such image in ${repository}`), allowance };
  return { ...failed('registry_error', `${host} answered with status ${answer.status}`), allowance };
};

/** What it means that no answer came, or none of a registry. */
export const failureOf = (error: unknown, host: string): FailedAnswer => {
  if (error instanceof UnusableAnswer) return failed('registry_error', `${host} ${error.message}`);
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return failed('network', `${host} did not answer in time`);
  const code = codeOf(error);
  if (NOT_HTTP.test(code))
    return failed('registry_error', `${host} answers with something that is not HTTP, or too long (${code})`);
  return { ...failed('network', ''), reason: networkReason(networkFailureOf(error, host)) };
};

const PLAIN_ADVICE = 'plain HTTP is spoken to what is on this machine only';

/** A failing of the network as the reason why an image has no result. */
export const networkReason = ({ kind, message, advice }: NetworkFailure): Failure => {
  const helps = kind === 'no_tls' ? PLAIN_ADVICE : advice;
  return { code: 'network', message: helps === null ? message : `${message}: ${helps}` };
};

const NOT_HTTP = /^(?:HTTPParserError|HPE_(?!INVALID_EOF_STATE)|UND_ERR_HEADERS_OVERFLOW)/;

/** Several addresses of one host fail together as an error of errors. */
const codeOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
};
