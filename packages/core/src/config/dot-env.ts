import { parseEnv } from 'node:util';

import type { Variables } from './sources.ts';

/**
 * The variables of an `.env` file's text, whatever its line ends and whether or not it starts with a byte-order mark.
 * Quotes, comments and `export` are understood as Node does.
 */
export const parseDotEnv = (text: string): Variables =>
  parseEnv(text.replace(/^\u{feff}/u, '').replaceAll(/\r\n?/g, '\n'));
