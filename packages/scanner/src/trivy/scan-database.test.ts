import { expect, test } from 'vitest';

import { identityOf } from './scan-database.ts';

test('results of a database are other ones than an older version stored for it', () => {
  const vulnerabilities = { directory: '/db', id: 'sha256:1', updatedAt: new Date('2026-11-20T00:00:00Z') };
  const { databaseGeneration } = identityOf('0.74.0', { vulnerabilities, stale: false, java: null });
  expect(databaseGeneration).toContain('sha256:1');
  expect(databaseGeneration).not.toBe('db@sha256:1');
});
