/**
 * Run as a child process: opens the catalogue argv[2] once stdin says so, then scans tools of the number argv[3]
 * modulo 2 (`all`: every tool), those with the oldest scan first, a day later each time. Says `open`, then each tool
 * with its date once that is saved. Ends by itself after the round argv[4], else never.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Tool, UNKNOWN_SECURITY } from '@scanner/core';
import { openToolStore } from '@scanner/store';

const DAY_MS = 86_400_000;
const [directory = '', part = 'all', rounds = 'Infinity'] = process.argv.slice(2);

const roundOf = ({ security }: Tool): number => Date.parse(security.trivy_scan_date ?? '1970-01-01') / DAY_MS;
const isMine = ({ name }: Tool): boolean => part === 'all' || Number(name) % 2 === Number(part);

process.stdout.write('ready\n');
await once(process.stdin, 'data');
await using store = await openToolStore(directory);
process.stdout.write('open\n');
for (;;) {
  const tools = [...store.tools()].filter(isMine);
  const round = Math.min(...tools.map(roundOf)) + 1;
  if (round > Number(rounds)) break;
  for (const { id } of tools.filter((tool) => roundOf(tool) < round)) {
    const date = new Date(round * DAY_MS).toISOString();
    store.saveScan(id, {
      security: { ...UNKNOWN_SECURITY, status: 'ok', trivy_scan_date: date },
      imageRef: id,
      rule: 'latest',
      source: 'remote',
      platform: 'linux/amd64',
      coverage: 'full',
      coverageReason: null,
      databaseGeneration: 'g1',
      databaseStale: false,
      findings: [],
    });
    process.stdout.write(`${id} ${date}\n`);
    await sleep(2);
  }
}
process.stdin.destroy();
