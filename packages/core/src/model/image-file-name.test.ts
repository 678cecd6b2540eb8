import { basename, join, resolve } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { imageFileName } from './image-file-name.ts';

const anyReference = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.stringMatching(/^[a-z0-9.:/@_A-Z-]{1,300}$/),
  fc.constantFrom('', '.', '..', '../../etc/passwd', '/', 'a/b', 'a_b', 'A/b', '-rf', 'con', '\0'),
);

describe('imageFileName', () => {
  test('keeps the reference readable', () => {
    expect(imageFileName('registry.example:5000/team/App:1.2')).toMatch(
      /^registry\.example_5000_team_app_1\.2-[0-9a-f]{16}$/,
    );
  });

  test('gives references that differ different names, whatever the file system thinks of case', () => {
    fc.assert(
      fc.property(anyReference, anyReference, (a, b) => {
        fc.pre(Buffer.from(a).compare(Buffer.from(b)) !== 0);
        expect(imageFileName(a).toLowerCase()).not.toBe(imageFileName(b).toLowerCase());
      }),
    );
  });

  test('stays inside its directory, within the length of a file name, and no option or hidden file', () => {
    fc.assert(
      fc.property(anyReference, (reference) => {
        const name = imageFileName(reference);
        expect(name).toMatch(/^[a-z0-9][a-z0-9._-]{16,96}$/);
        expect(basename(name)).toBe(name);
        expect(join(resolve('/logs'), name)).toBe(resolve('/logs', name));
      }),
    );
  });
});
