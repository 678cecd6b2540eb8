/**
 * Selects as everybody does at first, by reading the whole file:
 * `node plain-select.ts <tools.json> <age in milliseconds> <now>`. Prints {@link SelectionReport} as JSON.
 */
import { readFileSync } from 'node:fs';

import type { Tool } from '@scanner/core';

import { selectionReport } from '../selection-report.ts';

const PREFERRED = ['stable', 'latest', 'alpine'];

const [file = '', age = '', now = ''] = process.argv.slice(2);
const start = performance.now();
const { tools }: { tools: Tool[] } = JSON.parse(readFileSync(file, 'utf8'));
const oldest = Date.parse(now) - Number(age);
const chosen = tools
  .filter(({ security: { trivy_scan_date: date } }) => date === null || Date.parse(date) <= oldest)
  .map(({ id, docker_tags: tags }) => ({ id, tag: PREFERRED.find((name) => tags.includes(name)) ?? tags[0] ?? '' }));
process.stdout.write(JSON.stringify(selectionReport(performance.now() - start, chosen)));
