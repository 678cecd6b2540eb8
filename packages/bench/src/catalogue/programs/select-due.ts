/**
 * Selects the tools that are due as `gts scan` does:
 * `node select-due.ts <data directory> <priority|smart> <age in milliseconds> <now>`.
 * Prints {@link SelectionReport} as JSON.
 */
import { ImageResolver, selectTools } from '@scanner/core';
import { openToolStore } from '@scanner/store';

import { selectionReport } from '../selection-report.ts';

const [directory = '', policy = '', age = '', now = ''] = process.argv.slice(2);
await using store = await openToolStore(directory);
const start = performance.now();
const resolver = new ImageResolver({
  policy: policy === 'smart' ? 'smart' : 'priority',
  tagsOf: (id) => store.tagsOf(id),
});
const { selected } = selectTools(
  store.tools(),
  { maxAgeMilliseconds: Number(age) },
  { resolver, failureOf: (id) => store.failureOf(id), now: new Date(now) },
);
const milliseconds = performance.now() - start;
const chosen = selected.map(({ id, image }) => ({ id, tag: image.selectedTag }));
process.stdout.write(JSON.stringify(selectionReport(milliseconds, chosen)));
