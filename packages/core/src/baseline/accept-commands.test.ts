import { describe, expect, it } from 'vitest';

import { aFinding } from '../testing/builders.ts';
import { keyHash } from './accept-findings.ts';
import { acceptCommand, saveBaselineCommand } from './accept-commands.ts';

const finding = { key: 'CVE-2026-1|pkg:deb/debian/openssl|', vulnerability: 'CVE-2026-1', package: 'openssl' };
const directory = '/srv/security';

describe('a line that accepts a finding', () => {
  it('names the finding, the image and the directory', () => {
    expect(acceptCommand('nginx:stable', finding, { directory, expires: '90d' })).toBe(
      'gts accept CVE-2026-1 --package openssl --image nginx:stable --reason why --expires 90d --dir /srv/security',
    );
    expect(acceptCommand('nginx:stable', { ...finding, package: null }, { directory: null })).toBe(
      'gts accept CVE-2026-1 --image nginx:stable --reason why',
    );
  });

  it('is quoted for a shell', () => {
    const odd = { ...finding, package: "it's; rm -rf $HOME" };
    expect(acceptCommand('nginx:stable', odd, { directory: '/srv/my data' })).toBe(
      String.raw`gts accept CVE-2026-1 --package 'it'\''s; rm -rf $HOME' --image nginx:stable --reason why --dir '/srv/my data'`,
    );
  });

  it.each(['\u001B[2J', 'опенссл', 'a\nb', '--dir=/', ' openssl', ''])(
    'names a finding in the package %j by the hash of its key',
    (name) => {
      const odd = aFinding({ package: name });
      expect(acceptCommand('nginx:stable', odd, { directory: null })).toBe(
        `gts accept --key ${keyHash(odd.key)} --image nginx:stable --reason why`,
      );
    },
  );

  it.each(['nginx:st…', '--help', 'a b', 'ü:1'])('is not made for the reference %j', (reference) => {
    expect(acceptCommand(reference, finding, { directory })).toBeNull();
    expect(saveBaselineCommand(reference, { directory })).toBeNull();
  });

  it('is not made for a directory that has to be written in more than ASCII', () => {
    expect(acceptCommand('nginx:stable', finding, { directory: '/srv/sécurité' })).toBeNull();
  });
});

it('a line that accepts a whole image names it and the directory', () => {
  expect(saveBaselineCommand('registry.example:5000/shop/web:1', { directory })).toBe(
    'gts baseline save registry.example:5000/shop/web:1 --dir /srv/security',
  );
});
