import { describe, expect, it } from 'vitest';

import { matchPath } from './path-pattern.ts';

describe('a path inside an image', () => {
  it.each([
    ['app/**', 'app/a/b.json'],
    ['app/**/b.json', 'app/b.json'],
    ['app/**/b.json', 'app/x/y/b.json'],
    ['**/package.json', 'package.json'],
    ['/app/*.jar', 'app/a.jar'],
    ['app/?.jar', '/app/a.jar'],
    ['**', ''],
  ])('fits %j: %j', (pattern, path) => expect(matchPath(pattern, path)).toBe(true));

  it.each([
    ['app/*', 'app/a/b'],
    ['app/**/b', 'app/xb'],
    ['app', 'app/a'],
    ['a?b', 'a/b'],
    ['a.b', 'axb'],
  ])('does not fit %j: %j', (pattern, path) => expect(matchPath(pattern, path)).toBe(false));

  it('costs little whatever the pattern is', () => {
    const begun = performance.now();
    expect(matchPath(`${'**/*'.repeat(250)}x`, 'a/'.repeat(2000))).toBe(false);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});
