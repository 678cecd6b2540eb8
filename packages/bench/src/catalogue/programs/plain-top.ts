/**
 * Ranks as everybody does at first, by reading and sorting the whole file: `node plain-top.ts <tools.json> <limit>`.
 * Prints the IDs of the tools with the highest risk as a JSON array.
 */
import { readFileSync } from 'node:fs';

import type { Tool } from '@scanner/core';

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

const [file = '', limit = ''] = process.argv.slice(2);
const { tools }: { tools: Tool[] } = JSON.parse(readFileSync(file, 'utf8'));
const top = tools
  .filter(({ security }) => security.status !== 'unknown')
  .toSorted(byRisk)
  .slice(0, Number(limit));
process.stdout.write(JSON.stringify(top.map(({ id }) => id)));

function byRisk(a: Tool, b: Tool): number {
  for (const severity of SEVERITIES) {
    const difference = countOf(b, severity) - countOf(a, severity);
    if (difference !== 0) return difference;
  }
  return (b.pull_count ?? -1) - (a.pull_count ?? -1) || (a.id < b.id ? -1 : 1);
}

function countOf({ security }: Tool, severity: (typeof SEVERITIES)[number]): number {
  return security.vulnerabilities?.[severity] ?? 0;
}
