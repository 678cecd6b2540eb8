import { expect, test } from 'vitest';

import { isMeantForUs } from './requested-host.ts';

const NAMES = ['image-scanner', 'scanner.example.org'];

test.each([
  undefined,
  '127.0.0.1:9090',
  '192.0.2.7',
  '[::1]:9090',
  '[2001:db8::7]',
  'localhost:9090',
  'LOCALHOST.',
  'image-scanner:9090',
  'Scanner.Example.org',
])('a request for %s is answered', (host) => {
  expect(isMeantForUs(host, NAMES)).toBe(true);
});

test.each([
  '',
  'evil.example',
  'evil.example:9090',
  'localhost.evil.example',
  'image-scanner.evil.example',
  '127.0.0.1.evil.example',
  '127.1',
  '::1',
  '[evil.example]',
  'localhost:9090:9090',
  'localhost@evil.example',
  'localhost evil.example',
])('a request for %j is refused', (host) => {
  expect(isMeantForUs(host, NAMES)).toBe(false);
});

test('a header of any length is judged at once', () => {
  expect(isMeantForUs(`${'a.'.repeat(1_000_000)}:1`, NAMES)).toBe(false);
});
