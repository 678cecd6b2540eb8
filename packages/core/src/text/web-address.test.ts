import { expect, test } from 'vitest';

import { webAddress } from './web-address.ts';

test('keeps the address of an advisory', () => {
  const url = 'https://avd.aquasec.com/nvd/cve-2026-1000?a=b#c';
  expect(webAddress(url)).toBe(url);
});

test.each([
  null,
  '',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,<script>',
  'file:///etc/passwd',
  '//evil.example',
  '/relative',
  'https://user:secret@evil.example/',
  `https://example.com/${'a'.repeat(3000)}`,
])('makes no link of %j', (url) => {
  expect(webAddress(url)).toBeNull();
});

test('escapes what could end an attribute, a link or a table cell', () => {
  expect(webAddress(`https://example.com/a"b'c<d>e|f)g h\n`)).toBe('https://example.com/a%22b%27c%3Cd%3Ee%7cf%29g%20h');
});
