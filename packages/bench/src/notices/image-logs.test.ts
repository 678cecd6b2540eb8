import { aFinding } from '@scanner/core/testing';
import { expect, it } from 'vitest';

import { missingIn } from './image-logs.ts';

const first = aFinding({ vulnerability: 'CVE-1' });
const second = aFinding({ vulnerability: 'CVE-10' });

it('misses a finding whose line is not there, or that of another package or severity', () => {
  const log = 'Image: app:1\n\nHIGH  CVE-1  openssl\n    installed: 1\nHIGH  CVE-10  zlib\n';
  expect(missingIn(log, [first, second])).toEqual([second.key]);
  expect(missingIn(log, [{ ...first, severity: 'LOW' }])).toEqual([first.key]);
});
