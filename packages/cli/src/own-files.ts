import { fileURLToPath } from 'node:url';

const ROOT = new URL('../', import.meta.url);

/** Where a file of this package lies, from its source as from its build. */
export const ownFile = (path: string): string => fileURLToPath(new URL(path, ROOT));
