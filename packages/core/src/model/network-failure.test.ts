import { expect, test } from 'vitest';

import { networkFailureOf } from './network-failure.ts';

const failing = (code: string, more: object = {}, message = 'x'): Error =>
  Object.assign(new Error(message), { code, ...more });

test.each([
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'is not trusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'is not trusted'],
  ['CERT_HAS_EXPIRED', 'has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'is for another name'],
])('a certificate (%s) is not asked for again', (code, says) => {
  const failure = networkFailureOf(failing(code), 'hub.example');
  expect(failure).toMatchObject({ mayPass: false });
  expect(failure.message).toBe(`the certificate of hub.example ${says} (${code})`);
});

test('an authority that is not known is advised on by the names of the settings', () => {
  const { advice } = networkFailureOf(failing('SELF_SIGNED_CERT_IN_CHAIN'), 'hub.example');
  expect(advice).toContain('SSL_CERT_FILE');
  expect(advice).toContain('NODE_EXTRA_CA_CERTS');
});

test('what does not speak TLS is told apart from what cannot be reached', () => {
  expect(networkFailureOf(failing('ERR_SSL_WRONG_VERSION_NUMBER'), 'registry:5000')).toMatchObject({
    message: expect.stringContaining('registry:5000 does not speak TLS'),
    mayPass: false,
  });
  expect(networkFailureOf(failing('ECONNREFUSED'), 'hub.example')).toStrictEqual({
    kind: 'other',
    message: 'the connection to hub.example failed (ECONNREFUSED)',
    advice: null,
    mayPass: true,
  });
});

test('the proxy is named, and what it said', () => {
  const proxy = 'http://proxy.example:3128';
  const refused = failing('ECONNREFUSED', { proxy, proxyStatus: null });
  expect(networkFailureOf(refused, 'hub.example').message).toBe(
    `the connection to hub.example through the proxy ${proxy} failed (ECONNREFUSED)`,
  );
  expect(networkFailureOf(failing('X', { proxy, proxyStatus: 407 }), 'hub.example')).toMatchObject({
    message: `the proxy ${proxy} wants a login (407)`,
    mayPass: false,
  });
  expect(networkFailureOf(failing('X', { proxy, proxyStatus: 502 }), 'hub.example')).toMatchObject({ mayPass: true });
});

test('a limit in time is the one that was hit', () => {
  const error = failing('UND_ERR_CONNECT_TIMEOUT', {}, 'Connect Timeout Error (attempted: x, timeout: 10000ms)');
  expect(networkFailureOf(error, 'hub.example').message).toBe(
    'hub.example did not answer within 10 s (UND_ERR_CONNECT_TIMEOUT)',
  );
});

test('several addresses that failed together are one failure', () => {
  const error = new AggregateError([failing('ENETUNREACH'), failing('ECONNREFUSED')]);
  expect(networkFailureOf(error, 'hub.example').message).toContain('ENETUNREACH');
  expect(networkFailureOf('thrown', 'hub.example').message).toContain('unknown');
});
