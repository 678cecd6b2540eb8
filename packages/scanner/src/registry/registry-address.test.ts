import { parseReference, ScannerError } from '@scanner/core';
import type { Reference } from '@scanner/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { isSafeNext, placeOf, RegistryMirrors } from './registry-address.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const reference = (text: string): Reference => {
  const parsed = parseReference(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.reference;
};

describe('a manifest is asked for', () => {
  test.each([
    ['nginx', 'https://registry-1.docker.io/v2/library/nginx/manifests/latest'],
    ['index.docker.io/bitnami/redis:7', 'https://registry-1.docker.io/v2/bitnami/redis/manifests/7'],
    [`ghcr.io/a/b:1@${DIGEST}`, `https://ghcr.io/v2/a/b/manifests/${DIGEST}`],
    ['localhost/app', 'http://localhost/v2/app/manifests/latest'],
    ['127.9.0.1:5000/app:1', 'http://127.9.0.1:5000/v2/app/manifests/1'],
    ['[::1]:5000/app:1', 'http://[::1]:5000/v2/app/manifests/1'],
    ['10.0.0.1:5000/app', 'https://10.0.0.1:5000/v2/app/manifests/latest'],
    ['127.0.0.1.example.com/app', 'https://127.0.0.1.example.com/v2/app/manifests/latest'],
    ['localhost.example.com/app', 'https://localhost.example.com/v2/app/manifests/latest'],
    ['0x7f.1:2375/app', 'https://127.0.0.1:2375/v2/app/manifests/latest'],
  ])('%s at %s', (text, url) => {
    expect(placeOf(reference(text))?.url.href).toBe(url);
  });

  test('nowhere when its registry is no host', () => {
    expect(placeOf(reference('127.0.0.999/app'))).toBeNull();
    expect(placeOf(reference('[::1::]/app'))).toBeNull();
  });

  test('under /v2/ of an http or https address only, whatever the reference', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9.:[\]/@_-]{1,60}$/), (text) => {
        const parsed = parseReference(text);
        const url = parsed.ok ? placeOf(parsed.reference)?.url : undefined;
        expect(url?.protocol ?? 'https:').toMatch(/^https?:$/);
        expect(url?.pathname ?? '/v2/').toMatch(/^\/v2\//);
        expect(`${url?.search ?? ''}${url?.hash ?? ''}${url?.username ?? ''}`).toBe('');
      }),
    );
  });
});

describe('a mirror', () => {
  test('takes the place of the registry, under its own path, in the order given', () => {
    const mirrors = new RegistryMirrors({ 'docker.io': ['localhost:5000', 'harbor.example/hub'] });
    expect(mirrors.of(reference('nginx:1'))).toEqual([
      reference('localhost:5000/library/nginx:1'),
      reference('harbor.example/hub/library/nginx:1'),
    ]);
    expect(mirrors.of(reference('ghcr.io/a/b'))).toEqual([]);
  });

  test('holds for all names of Docker Hub', () => {
    const mirrors = new RegistryMirrors({ 'index.docker.io': ['mirror.example'] });
    expect(mirrors.of(reference(`docker.io/a/b@${DIGEST}`))).toEqual([reference(`mirror.example/a/b@${DIGEST}`)]);
  });

  test.each(['', 'https://mirror.example', 'mirror', 'mirror.example/', 'mirror.example/A', 'file:///etc', 'a.b/c:1'])(
    'cannot be %j',
    (mirror) => {
      const make = (): RegistryMirrors => new RegistryMirrors({ 'docker.io': [mirror] });
      expect(make).toThrow(ScannerError);
      expect(make).toThrow(`${JSON.stringify(mirror)} cannot be the mirror of a registry`);
    },
  );
});

test.each([
  ['https://auth.example/token', 'https://r.example', true],
  ['http://auth.example/token', 'https://r.example', false],
  ['http://127.0.0.1:1/token', 'https://r.example', false],
  ['http://127.0.0.1:1/token', 'http://localhost:5000', true],
  ['https://auth.example/token', 'http://localhost:5000', true],
  ['http://169.254.169.254/latest', 'http://localhost:5000', false],
  ['file:///etc/passwd', 'http://localhost:5000', false],
  ['https://user:word@auth.example/', 'https://r.example', false],
])('whether %s may be asked on the word of %s is %s', (to, from, expected) => {
  expect(isSafeNext(new URL(to), new URL(from))).toBe(expected);
});
