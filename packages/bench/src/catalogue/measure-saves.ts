import { join } from 'node:path';

import { percentile } from '../statistics.ts';
import { settle } from '../surroundings.ts';
import { runProgram } from './catalogue-setting.ts';
import type { CatalogueSetting } from './catalogue-setting.ts';
import type { RewriteReport } from './programs/rewrite-file.ts';
import type { SavesReport } from './programs/save-scans.ts';
import type { SeededCatalogue } from './seeded-catalogue.ts';

/** Saves in one catalogue; all times in milliseconds. */
interface SaveRound {
  readonly save: Percentiles;
  /** The same scans by plain inserts, taking turns with the saves. */
  readonly insert: Percentiles;
  /** The median of writing the whole file anew for one save. */
  readonly rewrite: number;
  /** Until `tools.json` had all of them. */
  readonly publishing: number;
  readonly peakMemoryBytes: number;
}

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

export interface SaveMeasurement {
  readonly tools: number;
  readonly rounds: readonly SaveRound[];
  readonly problems: readonly string[];
}

const SAVES = 500;
/** Whole files are written as often as fits in about a second. */
const REWRITTEN_TOOLS = 200_000;
const MOST_REWRITES = 100;

/** Saves scans, again and again, in one catalogue and in two simpler ways beside it. */
export async function measureSaves(catalogue: SeededCatalogue, setting: CatalogueSetting): Promise<SaveMeasurement> {
  const { tools } = catalogue;
  const rounds: SaveRound[] = [];
  const problems: string[] = [];
  for (let round = 1; round <= setting.rounds; round += 1) {
    setting.note(`${tools} tools: saving, round ${round} of ${setting.rounds}`);
    await settle(setting.directory, setting.signal);
    const saving = await runProgram('save-scans.ts', [catalogue.directory, tools, SAVES, round * SAVES], setting);
    const { saves, inserts, publishing, peakMemoryBytes, differences }: SavesReport = JSON.parse(saving.stdout);
    const { saves: rewrites, isWhole } = await rewrite(catalogue, setting);
    rounds.push({
      save: percentilesOf(saves),
      insert: percentilesOf(inserts),
      rewrite: percentile(rewrites, 0.5),
      publishing,
      peakMemoryBytes,
    });
    const count = differences.length;
    if (count > 0)
      problems.push(`Of ${tools} tools, ${count} read back otherwise than saved, such as ${differences[0]}`);
    if (!isWhole) problems.push(`The file of ${tools} tools that was written anew is not what was saved.`);
  }
  return { tools, rounds, problems };
}

async function rewrite({ toolsFile, tools }: SeededCatalogue, setting: CatalogueSetting): Promise<RewriteReport> {
  const times = Math.min(MOST_REWRITES, Math.ceil(REWRITTEN_TOOLS / tools));
  const { stdout } = await runProgram(
    'rewrite-file.ts',
    [toolsFile, join(setting.directory, 'rewritten.json'), times],
    setting,
  );
  return JSON.parse(stdout);
}

function percentilesOf(times: readonly number[]): Percentiles {
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}
