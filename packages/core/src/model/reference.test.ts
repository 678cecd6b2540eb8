import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { familiarReference, formatReference, parseReference, registryOf, repositoryOf } from './reference.ts';
import type { Reference } from './reference.ts';

const SHA = `sha256:${'a'.repeat(64)}`;

const parsed = (text: string): Reference => {
  const result = parseReference(text);
  if (!result.ok) throw new Error(`${text}: ${result.problem}`);
  return result.reference;
};
const problem = (text: string): string | null => {
  const result = parseReference(text);
  return result.ok ? null : result.problem;
};

const chars = (from: string, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(from)), minLength: 1, maxLength: max });
const component = fc
  .array(chars('abz09', 4), { minLength: 1, maxLength: 3 })
  .chain((words) =>
    fc
      .array(fc.constantFrom('.', '_', '__', '-', '---'), { minLength: words.length, maxLength: words.length })
      .map((separators) => words.map((word, i) => (i === 0 ? word : `${separators[i]}${word}`)).join('')),
  );
const host = fc.constantFrom(
  'localhost',
  'localhost:5000',
  'ghcr.io',
  'registry:5000',
  '[::1]:5000',
  '[fe80::1]',
  'UPPER',
  '127.0.0.1:65535',
);
const reference: fc.Arbitrary<Reference> = fc
  .record({
    host: fc.option(host),
    path: fc.array(component, { minLength: 1, maxLength: 4 }).map((components) => components.join('/')),
    tag: fc.option(
      fc
        .tuple(chars('aZ_9', 1), fc.string({ unit: fc.constantFrom(...Array.from('aZ_.-9')), maxLength: 127 }))
        .map(([a, b]) => a + b),
    ),
    digest: fc.option(fc.constantFrom(SHA, `sha512:${'0'.repeat(128)}`, `blake3+b64.x:${'F'.repeat(32)}`)),
  })
  .filter(({ host, path }) => host !== null || !/^(?:[^/_]*\.[^/_]*|localhost)\//.test(path));

describe('parseReference', () => {
  it.each([
    ['nginx', null, 'nginx', null, null],
    ['nginx:1.27', null, 'nginx', '1.27', null],
    ['localhost:5000', null, 'localhost', '5000', null],
    ['localhost/app', 'localhost', 'app', null, null],
    ['registry:5000/app', 'registry:5000', 'app', null, null],
    ['registry:5000/team/app:V1@' + SHA, 'registry:5000', 'team/app', 'V1', SHA],
    ['[::1]:5000/app:1', '[::1]:5000', 'app', '1', null],
    ['team/app__x--y.z', null, 'team/app__x--y.z', null, null],
    ['HOST/app', 'HOST', 'app', null, null],
    ['app@' + SHA, null, 'app', null, SHA],
    ['a@sha512:' + '0'.repeat(128), null, 'a', null, 'sha512:' + '0'.repeat(128)],
    ['my_reg.example.com/app:1', null, 'my_reg.example.com/app', '1', null],
    ['a__b.c/d', null, 'a__b.c/d', null, null],
  ])('takes %s apart', (text, host, path, tag, digest) => {
    expect(parsed(text)).toEqual({ host, path, tag, digest });
  });

  it.each([
    ['', /missing/],
    ['ghcr.io/', /missing/],
    ['Nginx', /lower case/],
    ['team/App', /lower case/],
    ['a//b', /not allowed/],
    ['-a', /not allowed/],
    ['a___b', /not allowed/],
    ['a b', /not allowed/],
    ['--output=x', /not allowed/],
    ['../etc/passwd', /not allowed|host/],
    ['nginx:', /tag/],
    ['nginx:.x', /tag/],
    [`nginx:${'x'.repeat(129)}`, /tag/],
    ['a'.repeat(256), /255/],
    ['registry:99999/app', /port/],
    ['-x.io/app', /host/],
    ['a..io/app', /host/],
    ['my_reg.example.com:5000/app', /host/],
    ['My_reg.example.com/app', /host/],
    ['_reg.example.com/app', /host/],
    ['app@sha256:abc', /digest/],
    [`app@sha256:${'A'.repeat(64)}`, /lower-case/],
    [`app@${SHA}@${SHA}`, /digest/],
    ['f'.repeat(64), /image ID/],
    ['a/'.repeat(2000), /1024/],
    ['app\n', /not allowed/],
    ['app:1\n', /tag/],
  ])('refuses %j', (text, why) => {
    expect(problem(text)).toMatch(why);
  });

  it('takes a path of 255 and a tag of 128 characters', () => {
    expect(problem(`${'a'.repeat(255)}:${'x'.repeat(128)}`)).toBeNull();
  });

  it('gives back what formatReference wrote', () => {
    fc.assert(
      fc.property(reference, (reference) => {
        expect(parsed(formatReference(reference))).toEqual(reference);
      }),
    );
  });

  it('never throws, and what it accepts formats to the same text', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...Array.from('aA0._-:/@[]*\u001b\n')) }),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const result = parseReference(text);
        expect(result.ok ? formatReference(result.reference) : text).toBe(text);
      }),
    );
  });
});

describe('familiarReference', () => {
  it.each([
    ['docker.io/library/nginx:1', 'nginx:1'],
    ['index.docker.io/bitnami/redis', 'bitnami/redis'],
    ['library/nginx', 'nginx'],
    ['docker.io/library/a/b', 'library/a/b'],
    ['ghcr.io/library/nginx:1', 'ghcr.io/library/nginx:1'],
    ['docker.io/foo.bar/x', 'docker.io/foo.bar/x'],
    ['docker.io/foo_bar.baz/x', 'docker.io/foo_bar.baz/x'],
    ['foo_bar.baz/x:1', 'foo_bar.baz/x:1'],
    [`docker.io/library/${'a'.repeat(64)}`, `library/${'a'.repeat(64)}`],
    [`docker.io/library/app@${SHA}`, `app@${SHA}`],
  ])('writes %s as %s', (text, familiar) => {
    expect(familiarReference(parsed(text))).toBe(familiar);
  });

  it('means the same image and cannot be made shorter by doing it again', () => {
    fc.assert(
      fc.property(reference, (reference) => {
        const familiar = parsed(familiarReference(reference));
        expect(repositoryOf(familiar)).toBe(repositoryOf(reference));
        expect(familiarReference(familiar)).toBe(formatReference(familiar));
      }),
    );
  });
});

describe('registryOf', () => {
  it('is docker.io where no host, or one of its own names, is written', () => {
    expect(['nginx', 'index.docker.io/x', 'docker.io/x', 'quay.io/x'].map((text) => registryOf(parsed(text)))).toEqual([
      'docker.io',
      'docker.io',
      'docker.io',
      'quay.io',
    ]);
  });

  it('is what is meant as a host, though it cannot be one, and never Docker Hub', () => {
    const reference = parsed('my_reg.example.com/app:1');
    expect(registryOf(reference)).toBe('my_reg.example.com');
    expect(repositoryOf(reference)).toBe('my_reg.example.com/app');
    expect(repositoryOf(parsed('docker.io/my_reg.example.com/app'))).toBe('docker.io/my_reg.example.com/app');
  });
});
