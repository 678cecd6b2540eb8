import { createHmac } from 'node:crypto';

import { expect, it } from 'vitest';

import { signWebhook, verifyWebhook } from './signature.ts';

const body = '{"id":"1"}';

it('signs the moment together with the body', () => {
  const expected = createHmac('sha256', 'key').update('1700000000.{"id":"1"}').digest('hex');
  expect(signWebhook('key', 1_700_000_000, body)).toBe(`t=1700000000,v1=${expected}`);
});

it('is verified by whoever has the key, for a while', () => {
  const signature = signWebhook('key', 1000, body);
  expect(verifyWebhook('key', { signature, body, now: 1299 })).toBe(true);
  expect(verifyWebhook('key', { signature, body, now: 1301 })).toBe(false);
  expect(verifyWebhook('key', { signature, body: `${body} `, now: 1000 })).toBe(false);
  expect(verifyWebhook('other', { signature, body, now: 1000 })).toBe(false);
});

it.each(['', 't=,v1=', 't=1000', 't=1000,v1=00', 'v1=00,t=1000', `t=1000,v1=${'0'.repeat(64)}`])(
  'does not take %j for a signature',
  (signature) => {
    expect(verifyWebhook('key', { signature, body, now: 1000 })).toBe(false);
  },
);
