import { createHmac, timingSafeEqual } from 'node:crypto';

/** The header that carries a signature: `t=<seconds since 1970>,v1=<HMAC-SHA256 in hex>`. */
export const SIGNATURE_HEADER = 'x-scanner-signature';

/**
 * Signs a body, so that the receiver knows who sent it and when: HMAC-SHA256 with the secret as its key over the
 * seconds since 1970, a full stop, and the body as it is sent.
 *
 * @param seconds since 1970
 */
export const signWebhook = (secret: string, seconds: number, body: string): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;

/**
 * Whether a signature is that of the body, and not too old to be a replay.
 *
 * @param now seconds since 1970
 * @param toleranceSeconds how far the clocks may be apart; 300 unless told
 */
export const verifyWebhook = (
  secret: string,
  { signature, body, now, toleranceSeconds = 300 }: SignedWebhook,
): boolean => {
  const [, seconds] = /^t=(\d{1,12}),v1=[\da-f]{64}$/.exec(signature) ?? [];
  if (seconds === undefined || Math.abs(now - Number(seconds)) > toleranceSeconds) return false;
  return timingSafeEqual(Buffer.from(signature), Buffer.from(signWebhook(secret, Number(seconds), body)));
};

/** A request as its receiver sees it. */
export interface SignedWebhook {
  readonly signature: string;
  /** As it came, before it is parsed. */
  readonly body: string;
  readonly now: number;
  readonly toleranceSeconds?: number;
}
