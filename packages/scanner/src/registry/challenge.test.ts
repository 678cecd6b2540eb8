import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseChallenges } from './challenge.ts';

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
const visible = fc.string({ unit: 'grapheme-ascii', maxLength: 60 });

describe('a challenge', () => {
  test("is read as Docker Hub writes it, with the comma in its scope's actions", () => {
    const header =
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull,push"';
    expect(parseChallenges(header)).toEqual([
      {
        scheme: 'bearer',
        realm: 'https://auth.docker.io/token',
        service: 'registry.docker.io',
        scope: 'repository:library/nginx:pull,push',
      },
    ]);
  });

  test('may be one of several, in any case and spacing', () => {
    const header = 'Negotiate, Digest abc==, BASIC realm="a, Bearer b" , bearer  Realm = https://t.example , scope="s"';
    expect(parseChallenges(header)).toEqual([
      { scheme: 'basic' },
      { scheme: 'bearer', realm: 'https://t.example', service: null, scope: 's' },
    ]);
  });

  test('for a token is none without a realm, and its first realm counts', () => {
    expect(parseChallenges('Bearer service="s"')).toEqual([]);
    expect(parseChallenges('Bearer realm="a",realm="b"')).toEqual([
      { scheme: 'bearer', realm: 'a', service: null, scope: null },
    ]);
  });

  test('that breaks off keeps what stands before the break', () => {
    expect(parseChallenges('Basic realm="x", Bearer realm="open')).toEqual([{ scheme: 'basic' }]);
  });

  test('gives back whatever was quoted in it', () => {
    fc.assert(
      fc.property(visible, visible, visible, (realm, service, scope) => {
        const header = `Bearer realm=${quoted(realm)},service=${quoted(service)} ,scope=${quoted(scope)}`;
        expect(parseChallenges(header)).toEqual([{ scheme: 'bearer', realm, service, scope }]);
      }),
    );
  });

  test('of any text is read without an error', () => {
    const pieces = fc.constantFrom('Bearer', 'Basic', ' ', ',', '=', '"', '\\', 'realm', 'é', '\t', 'a/b:c');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 200 }).map((all) => all.join('')),
        ),
        (header) => {
          expect(parseChallenges(header).length).toBeLessThanOrEqual(header.length);
        },
      ),
    );
  });
});
