import { expect, test } from 'vitest';

import { isNamespace, isRepositoryName } from './docker-hub-names.ts';
import { parseNamespaces, POPULAR_NAMESPACES } from './namespaces.ts';

test('popular stands for the official images and a list that can be replaced', () => {
  expect(parseNamespaces('popular')).toStrictEqual(POPULAR_NAMESPACES);
  expect(POPULAR_NAMESPACES).toContain('library');
  expect(POPULAR_NAMESPACES).not.toContain('bitnami');
  expect(parseNamespaces('popular', ['library', 'acme'])).toStrictEqual(['library', 'acme']);
});

test('every namespace is taken once, in the order given', () => {
  expect(parseNamespaces(' acme,, library ,acme,popular', ['library', 'prom'])).toStrictEqual([
    'acme',
    'library',
    'prom',
  ]);
});

test.each(['library', 'a', 'my-org', 'org_1', 'x.y'])('%s can be a namespace', (name) => {
  expect(isNamespace(name)).toBe(true);
});

test.each(['', '..', 'a/b', 'Acme', 'a b', 'a?x=1', '-a', 'a#', 'ä', 'a@b', 'a:b', 'x'.repeat(300)])(
  '%j can be neither a namespace nor a repository',
  (name) => {
    expect(isNamespace(name)).toBe(false);
    expect(isRepositoryName('library', name)).toBe(false);
  },
);
