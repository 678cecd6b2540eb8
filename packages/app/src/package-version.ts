import { readFileSync } from 'node:fs';

/** The version that a package's own description states; `unknown` where it states none. */
export const packageVersion = (description: URL): string => {
  const described: unknown = JSON.parse(readFileSync(description, 'utf8'));
  return typeof described === 'object' && described !== null && 'version' in described
    ? String(described.version)
    : 'unknown';
};
