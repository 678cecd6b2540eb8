// Meets every failure of the table in docs/failures.md by running its command: `npm run failures -- [--only TEXT] [--write]`.
// With --write the table is written into the page.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { FAILURES, provokeFailures } from './failures/all-failures.ts';
import { type ProvokedFailure, renderTable, tableRow } from './failures/table.ts';

const PAGE = new URL('../../../docs/failures.md', import.meta.url);

const { values } = parseArgs({ options: { only: { type: 'string' }, write: { type: 'boolean', default: false } } });
const { only = '', write } = values;
const met: ProvokedFailure[] = [];
for await (const each of provokeFailures(FAILURES.filter(({ what }) => what.includes(only)))) {
  met.push(each);
  console.log(tableRow(each));
}
if (write) {
  const page = await readFile(PAGE, 'utf8');
  const [above = ''] = page.split(/^\| what goes wrong/mv);
  await writeFile(PAGE, `${above}${renderTable(met)}\n`);
}
