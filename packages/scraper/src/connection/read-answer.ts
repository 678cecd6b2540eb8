import { parseOutsideJson } from '@scanner/core';

import { DockerHubError } from '../docker-hub-error.ts';
import { RefusalAnswer } from '../schema.ts';
import type { Exchange } from './exchange.ts';
import { readRetryAfter, timeOfAnswer } from './retry-after.ts';

/** A request as it stands in messages: host and path, without the query. */
export type Address = Pick<URL, 'host' | 'pathname'>;

/**
 * Tells what an answer means: its JSON, or null where Docker Hub does not have what was asked for. A web page never
 * counts as either, whatever its status.
 *
 * @param now milliseconds since 1970
 * @throws DockerHubError
 */
export const readAnswer = (answer: Exchange, address: Address, now: number): unknown => {
  const { status, headers } = answer;
  if (status === 200) return jsonOf(answer, address);
  if (status === 404) {
    jsonOf(answer, address);
    return null;
  }
  const failed = `${address.host} answered ${status} for ${address.pathname}`;
  if (status === 429) {
    const retryAfterMs = readRetryAfter(headers, timeOfAnswer(headers, now));
    throw new DockerHubError(`${failed}: too many requests`, { code: 'rate_limited', retryAfterMs });
  }
  if (status >= 500 || status === 408) {
    const retryAfterMs = readRetryAfter(headers, timeOfAnswer(headers, now));
    throw new DockerHubError(failed, { code: 'server_error', retryAfterMs });
  }
  if (status === 401)
    throw new DockerHubError(`${failed}: not signed in`, { code: 'unauthorized', said: saidIn(answer) });
  if (status === 403) throw refusal(answer, failed);
  throw new DockerHubError(failed, { code: 'bad_answer' });
};

/** Docker Hub refuses to page on without signing in by 403 and a sentence; any other 403 is about something else. */
const refusal = (answer: Exchange, failed: string): DockerHubError => {
  const said = saidIn(answer);
  if (said !== null && /\bpagination offset\b/i.test(said)) {
    return new DockerHubError('Docker Hub shows no more without signing in', { code: 'depth_limit' });
  }
  return new DockerHubError(`${failed}: refused`, { code: 'forbidden', said });
};

/** What a refusal says of itself. */
const saidIn = (answer: Exchange): string | null => {
  const body = RefusalAnswer.safeParse(parsed(answer));
  return body.success ? body.data.detail || body.data.message || null : null;
};

const jsonOf = (answer: Exchange, { host, pathname }: Address): unknown => {
  const value = parsed(answer);
  if (value !== undefined) return value;
  const what = isCalledJson(answer) ? 'JSON that cannot be read' : 'something other than JSON';
  throw new DockerHubError(`${host} answered ${pathname} with ${what}`, { code: 'bad_answer' });
};

/** Undefined where the body is no JSON, whatever it is called: proxies and mirrors are careless about that. */
const parsed = (answer: Exchange): unknown => {
  try {
    return parseOutsideJson(answer.body.toString('utf8'));
  } catch {
    return undefined;
  }
};

const isCalledJson = ({ headers }: Exchange): boolean => {
  const type = headers['content-type'];
  return typeof type === 'string' && /^application\/(?:[\w.-]+\+)?json\b/i.test(type.trim());
};
