import { readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { FAILURES, provokeFailures } from '../tools/failures/all-failures.ts';
import { tableRow } from '../tools/failures/table.ts';

const PAGE = new URL('../../../docs/failures.md', import.meta.url);

/** Those that no other test brings about. All of them take two minutes: `npm run failures`. */
const CHOSEN = [
  'Docker Hub answers with JSON that is nested three million levels deep',
  'The catalogue’s store is damaged',
  'An .env file that merely stands in the working directory names a program to run',
  'SIGKILL after the server has taken the mail and before that is recorded',
];

/** Without the blanks that the formatter pads columns with. */
const unpadded = (table: string): string => table.replaceAll(/ +\|/gv, ' |');
const readPage = async (): Promise<string> => unpadded(await readFile(PAGE, 'utf8'));

it('what a failure costs is what the documentation says', async () => {
  const page = await readPage();
  const chosen = FAILURES.filter(({ what }) => CHOSEN.includes(what));
  expect(chosen).toHaveLength(CHOSEN.length);
  for await (const provoked of provokeFailures(chosen)) expect(page).toContain(unpadded(tableRow(provoked)));
});

it('every failure has its line in the documentation', async () => {
  const page = await readPage();
  for (const { what } of FAILURES) expect(page).toContain(`| ${what} |`);
});
