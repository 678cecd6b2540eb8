import { sanitizeForTerminal } from '@scanner/core';

import type { DeliveryFailure } from '../outbox/channel-sender.ts';
import { ForbiddenAddressError } from './guarded-connector.ts';

const LONGEST_REQUEST_TO_WAIT_S = 3600;

const soon = (reason: string): DeliveryFailure => ({ again: 'soon', scope: 'channel', reason });
const held = (reason: string): DeliveryFailure => ({ again: 'held', scope: 'channel', reason });

/**
 * What an answer other than success means. Of the answer nothing but its status is repeated.
 *
 * @param retryAfter the header of that name
 */
export const webhookRefusal = (status: number, retryAfter: unknown): DeliveryFailure => {
  const answered = `the webhook answered ${status}`;
  if (status >= 300 && status < 400)
    return held(`${answered}: redirects are not followed; set WEBHOOK_URL to where it leads`);
  if ([401, 403, 407].includes(status)) return held(`${answered}: it does not let us in; check WEBHOOK_URL`);
  if ([404, 405, 410].includes(status)) return held(`${answered}: it takes nothing there; check WEBHOOK_URL`);
  if ([408, 421, 425, 429].includes(status) || status >= 500) return { ...soon(answered), ...asked(retryAfter) };
  return { again: 'never', scope: 'recipient', reason: `${answered}: it refused this message` };
};

const asked = (retryAfter: unknown): Pick<DeliveryFailure, 'retryAfterMs'> => {
  const written = typeof retryAfter === 'string' && /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : null;
  return written === null ? {} : { retryAfterMs: Math.min(written, LONGEST_REQUEST_TO_WAIT_S) * 1000 };
};

/** What it means that there was no answer. The address stays out of it, since it can hold a secret. */
export const webhookSilence = (error: unknown): DeliveryFailure => {
  const causes = causesOf(error);
  const forbidden = causes.find((cause) => cause instanceof ForbiddenAddressError);
  if (forbidden !== undefined) return held(`the webhook was not called: ${forbidden.message}; check WEBHOOK_URL`);
  const code = causes.map(codeOf).find((code) => code !== null) ?? 'unknown';
  if (/CERT|SSL|TLS|SELF_SIGNED|ALTNAME/.test(code))
    return held(
      `the webhook has no certificate that can be trusted (${sanitizeForTerminal(code)}); check SSL_CERT_FILE`,
    );
  return soon(`the webhook does not answer (${sanitizeForTerminal(code)})`);
};

const causesOf = (error: unknown): readonly Error[] => {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 10; cause = cause.cause) causes.push(cause);
  return causes;
};

const codeOf = (error: Error): string | null =>
  'code' in error && typeof error.code === 'string' ? error.code : error.name === 'TimeoutError' ? 'timeout' : null;
