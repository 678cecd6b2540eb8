import { readFileSync } from 'node:fs';

import { ownFile } from './own-files.ts';

/** The version of this package, from its own description. */
export const version = (): string => {
  const described: unknown = JSON.parse(readFileSync(ownFile('package.json'), 'utf8'));
  return typeof described === 'object' && described !== null && 'version' in described
    ? String(described.version)
    : 'unknown';
};
