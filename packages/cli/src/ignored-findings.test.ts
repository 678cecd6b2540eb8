import { ScannerError } from '@scanner/core';
import { describe, expect, it } from 'vitest';

import { readPlainIgnores, readStructuredIgnores } from './ignored-findings.ts';

const NOW = '2026-11-22T00:00:00.000Z';
const plain = (text: string) => readPlainIgnores(text, NOW);
const structured = (text: string) => readStructuredIgnores(text, NOW);

/** What a file is refused with; fails where it is taken. */
const refusalOf = (read: () => unknown): ScannerError => {
  try {
    read();
  } catch (error) {
    if (ScannerError.is(error)) return error;
    throw error;
  }
  throw new Error('it was taken');
};

describe('a .trivyignore', () => {
  it('has an ID a line, with an end, comments and blank lines, whatever ends a line', () => {
    const { ignored, passedOver } = plain(
      '\uFEFF# why\r\n\r\nCVE-2026-1\rGHSA-aaaa-bbbb-1ccc exp:2027-01-31 # later\n',
    );
    expect(ignored).toEqual([
      { line: 3, rule: { vulnerability: 'CVE-2026-1', expires: null } },
      { line: 4, rule: { vulnerability: 'GHSA-aaaa-bbbb-1ccc', expires: '2027-01-31' } },
    ]);
    expect(passedOver).toEqual([]);
  });

  it('may name misconfigurations, secrets and what has ended, which are passed over by name', () => {
    const { ignored, passedOver } = plain('AVD-DS-0002\nDS002\nprivate-key\nCVE-2026-1 exp:2020-01-01\n\u001b[2J\n');
    expect(ignored).toEqual([]);
    expect(passedOver.map(({ line, what }) => [line, what])).toEqual([
      [1, 'AVD-DS-0002'],
      [2, 'DS002'],
      [3, 'private-key'],
      [4, 'CVE-2026-1'],
      [5, '\\u001b[2J'],
    ]);
  });

  it('is refused with the line whose end is no day', () => {
    expect(refusalOf(() => plain('CVE-2026-1\nCVE-2026-2 exp:2027-02-31\n')).message).toMatch(/^line 2: .*no day/);
  });
});

describe('a .trivyignore.yaml', () => {
  it('is taken over with globs of paths and purls, statements and ends', () => {
    const { ignored } = structured(`
vulnerabilities:
  - id: CVE-2026-1
    paths: ["usr/**/*.jar", 'app/?.js']
    purls:
      - pkg:npm/%40acme/*@1.*
    statement: >-
      not
      reachable
    expired_at: 2027-01-31
  - id: CVE-2026-2
`);
    expect(ignored).toEqual([
      {
        line: 3,
        rule: {
          vulnerability: 'CVE-2026-1',
          paths: ['usr/**/*.jar', 'app/?.js'],
          purls: ['pkg:npm/%40acme/*@1.*'],
          reason: 'not reachable',
          expires: '2027-01-31',
        },
      },
      {
        line: 11,
        rule: { vulnerability: 'CVE-2026-2', paths: null, purls: null, reason: null, expires: null },
      },
    ]);
  });

  it('passes over what names no vulnerabilities, and takes an empty file for nothing', () => {
    expect(structured('misconfigurations:\n  - id: AVD-DS-0001\n').passedOver).toMatchObject([
      { line: 1, what: 'misconfigurations' },
    ]);
    for (const text of ['', '# nothing\n', 'vulnerabilities:\n', 'vulnerabilities: []\n'])
      expect(structured(text)).toMatchObject({ ignored: [], passedOver: [] });
  });

  it.each([
    ['a list at the top', '- id: CVE-2026-1\n', 'line 1: a map'],
    ['text at the top', 'CVE-2026-1\n', 'line 1: a map'],
    ['a map of vulnerabilities', 'vulnerabilities:\n  CVE-2026-1: {}\n', 'line 2: a list'],
    ['an entry that is text', 'vulnerabilities:\n  - CVE-2026-1\n', 'line 2: an entry'],
    ['an entry without an ID', 'vulnerabilities:\n  - paths: [a]\n', 'line 2: an entry has no "id"'],
    ['an ID that is a list', 'vulnerabilities:\n  - id: [CVE-2026-1]\n', '"id" is no text'],
    ['a path that is a map', 'vulnerabilities:\n  - id: CVE-2026-1\n    paths: [{a: b}]\n', '"paths" is no list'],
    ['a path that is a number', 'vulnerabilities:\n  - id: CVE-2026-1\n    paths: [1]\n', '"paths" is no list'],
    ['paths as text', 'vulnerabilities:\n  - id: CVE-2026-1\n    paths: app\n', '"paths" is no list'],
    ['an empty purl', 'vulnerabilities:\n  - id: CVE-2026-1\n    purls: [""]\n', '"purls" is no list'],
    ['an end that is a map', 'vulnerabilities:\n  - id: CVE-2026-1\n    expired_at: {}\n', '"expired_at" is no text'],
    ['a day that is none', 'vulnerabilities:\n  - id: CVE-2026-1\n    expired_at: 2027-13-01\n', 'line 3: '],
    ['tabs for indentation', 'vulnerabilities:\n\t- id: CVE-2026-1\n', 'line 2: '],
    ['a quote that does not end', 'vulnerabilities:\n  - id: "CVE-2026-1\n', 'line '],
    [
      'a statement that is too long',
      `vulnerabilities:\n  - id: CVE-2026-1\n    statement: ${'x'.repeat(5000)}\n`,
      'line 3: "statement" is longer',
    ],
    [
      'a thousand and one paths',
      `vulnerabilities:\n  - id: CVE-2026-1\n    paths: [${'a,'.repeat(1001)}]\n`,
      'line 3: "paths" is no list',
    ],
    ['more entries than there may be', `vulnerabilities: [${'{id: a},'.repeat(20_001)}]`, 'more than 20000 entries'],
    ['an ID by an alias', 'a: &a CVE-2026-1\nvulnerabilities:\n  - id: *a\n', '"id" is no text'],
    ['a list by an alias', 'a: &a [{id: CVE-2026-1}]\nvulnerabilities: *a\n', 'line 2: a list'],
    ['an entry by an alias', 'a: &a {id: CVE-2026-1}\nvulnerabilities:\n  - *a\n', 'line 3: an entry'],
    [
      'an entry by a merge key',
      'a: &a {id: CVE-2026-1}\nvulnerabilities:\n  - <<: *a\n',
      'line 3: an entry has no "id"',
    ],
    [
      'a second list of them',
      'vulnerabilities:\n  - id: CVE-2026-1\nvulnerabilities:\n  - id: CVE-2026-2\n',
      'line 3: ',
    ],
    ['a field twice in an entry', 'vulnerabilities:\n  - id: CVE-2026-1\n    id: CVE-2026-2\n', 'line 3: '],
    ['a second document', 'vulnerabilities: []\n---\nvulnerabilities:\n  - id: CVE-2026-1\n', 'line '],
  ])('is refused as a whole with the line of %s', (_, text, message) => {
    const refusal = refusalOf(() => structured(text));
    expect(refusal).toMatchObject({ code: 'usage', hint: expect.stringContaining('nothing was imported') });
    expect(refusal.message).toContain(message);
  });

  it('is refused in no time where aliases would make a small text huge, and where it is nested without end', () => {
    const doubling = Array.from({ length: 40 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`);
    const bomb = `a0: &a0 [x]\n${doubling.join('\n')}\nvulnerabilities: *a40\n`;
    expect(refusalOf(() => structured(bomb)).message).toContain('a list is expected');
    for (const open of ['[', '{a: ', '- ', '!t ', '&a '])
      expect(refusalOf(() => structured(`vulnerabilities: ${open.repeat(10_000)}`)).code).toBe('usage');
  });

  it('sets nothing of what it must not', () => {
    const { ignored } = structured(
      'vulnerabilities:\n  - id: CVE-2026-1\n    __proto__: {expires: x}\n    owner: [a]\n',
    );
    expect(Object.keys(ignored[0]?.rule ?? {}).toSorted()).toEqual([
      'expires',
      'paths',
      'purls',
      'reason',
      'vulnerability',
    ]);
  });
});
