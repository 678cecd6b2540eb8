import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { matchImage, parseImagePattern } from './image-pattern.ts';
import type { ImagePattern } from './image-pattern.ts';

const HEX = 'abcdef012345'.padEnd(64, '0');
const SHA = `sha256:${'1'.repeat(64)}`;

const pattern = (text: string): ImagePattern => {
  const parsed = parseImagePattern(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem}`);
  return parsed.pattern;
};
const image = (...references: string[]) => ({ id: `sha256:${HEX}`, references });
const matches = (text: string, reference: string): boolean => matchImage(pattern(text), image(reference)).length > 0;

describe('matchImage', () => {
  it.each([
    ['nginx', 'nginx:1.2'],
    ['nginx', 'docker.io/library/nginx:1.2'],
    ['nginx', `nginx@${SHA}`],
    ['docker.io/library/nginx', 'nginx:1.2'],
    ['index.docker.io/library/nginx:1.2', 'nginx:1.2'],
    ['registry:5000/app', 'registry:5000/app:2'],
    ['nginx*', 'nginx-unprivileged:1'],
    ['*nginx', 'ghcr.io/acme/nginx:1'],
    ['acme/*', 'acme/a/b:1'],
    ['docker.io/*', 'nginx:1'],
    ['*:latest', 'ghcr.io/acme/app:latest'],
    ['nginx:1.*', 'nginx:1.27'],
    [`nginx@${SHA}`, `nginx@${SHA}`],
    ['nginx@sha256:1*', `nginx@${SHA}`],
    [`nginx:1@${SHA}`, `nginx@${SHA}`],
    ['*', 'nginx:1'],
    ['***', `sha256:${HEX}`],
    [`sha256:${HEX}`, `sha256:${HEX}`],
    [HEX, 'nginx:1'],
    [HEX.slice(0, 12), 'nginx:1'],
    ['deadbeefcafe', 'deadbeefcafe:1'],
    ['my_reg.example.com/app', 'my_reg.example.com/app:1'],
    ['my_reg.example.com/app:1', 'my_reg.example.com/app:1'],
    ['my_reg*', 'my_reg.example.com/app:1'],
    ['odd*:1', 'odd/Name:1'],
    ['*', 'odd/Name:1'],
  ])('finds by %s the image %s', (text, reference) => {
    expect(matches(text, reference)).toBe(true);
  });

  it.each([
    ['nginx', 'nginx-unprivileged:1'],
    ['nginx', 'ghcr.io/library/nginx:1'],
    ['docker.io/*', 'my_reg.example.com/app:1'],
    ['odd*:2', 'odd/Name:1'],
    ['nginx:1', 'nginx:1.2'],
    ['nginx:1', `nginx@${SHA}`],
    ['registry:5000/app', 'registry:5001/app:1'],
    ['localhost:5000', 'localhost:5000/app:1'],
    ['acme/*:1', 'acme/app:2'],
    ['*:*', `nginx@${SHA}`],
    ['*a*', `sha256:${HEX}`],
    ['deadbeefcafe', 'nginx:1'],
    ['nginx', `sha256:${HEX}`],
  ])('does not find by %s the image %s', (text, reference) => {
    expect(matches(text, reference)).toBe(false);
  });

  it('names every reference by the ID and only its own by a name', () => {
    const both = image('app:1', 'other:1');
    expect(matchImage(pattern(HEX.slice(0, 12)), both)).toEqual(['app:1', 'other:1']);
    expect(matchImage(pattern('other'), both)).toEqual(['other:1']);
  });

  it.each([
    '',
    '  ',
    'Nginx',
    'a b',
    'nginx:',
    'sha256:abc',
    `sha256:${'z'.repeat(64)}`,
    'x'.repeat(513),
    '-x',
    'café',
  ])('refuses %j with a reason', (text) => {
    expect(parseImagePattern(text)).toEqual({ ok: false, problem: expect.stringMatching(/.+/) });
  });

  it('names references of the image or nothing, whatever is written', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('a', 'A', '0', '*', ':', '@', '/', '.', '-', '[', '\u001b', '\n'),
    });
    fc.assert(
      fc.property(hostile, hostile, (text, reference) => {
        const parsed = parseImagePattern(text);
        const named = parsed.ok ? matchImage(parsed.pattern, image(reference)) : [];
        expect([[], [reference]]).toContainEqual(named);
      }),
    );
  });
});
