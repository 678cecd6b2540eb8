import { CatalogueScanDocument } from '@scanner/core';

import { builtGts } from '../built-gts.ts';
import type { NodeOutcome } from '../built-gts.ts';
import { expectedTag, isDue, measuredId } from './catalogue-content.ts';
import { runInSetting, runProgram } from './catalogue-setting.ts';
import type { CatalogueSetting } from './catalogue-setting.ts';
import type { SeededCatalogue } from './seeded-catalogue.ts';
import { selectionReport } from './selection-report.ts';
import type { SelectionReport } from './selection-report.ts';

export const SELECTIONS = [
  { subject: 'priority, a tenth due', policy: 'priority', dueOnly: true },
  { subject: 'priority, all due', policy: 'priority', dueOnly: false },
  { subject: 'smart, a tenth due', policy: 'smart', dueOnly: true },
  { subject: 'smart, all due', policy: 'smart', dueOnly: false },
] as const;
export type Selection = (typeof SELECTIONS)[number];

/** Times in milliseconds. */
interface SelectionRound {
  /** Of selecting alone, in a process that has just opened the catalogue. */
  readonly selection: number;
  /** Of a script that reads the whole file, filters it, and takes the first preferred tag by name. */
  readonly plain: number;
}

/** One `gts scan --dry-run` for the same. */
interface DryRun {
  readonly milliseconds: number;
  readonly peakMemoryBytes: number;
}

export interface SelectionMeasurement {
  readonly subject: Selection['subject'];
  readonly due: number;
  readonly rounds: readonly SelectionRound[];
  /** With a table for people. */
  readonly dryRun: DryRun;
  /** With `--json`, which names every tool that is fresh as well. */
  readonly jsonDryRun: DryRun;
  readonly problems: readonly string[];
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** Selects the tools that are due: as `gts scan` does, by a script from the file, and by the whole command. */
export async function measureSelection(
  selection: Selection,
  catalogue: SeededCatalogue,
  setting: CatalogueSetting,
): Promise<SelectionMeasurement> {
  const { subject, policy } = selection;
  const expected = expectedReport(selection, policy, catalogue);
  const expectedOfScript = expectedReport(selection, 'priority', catalogue);
  const rounds: SelectionRound[] = [];
  const problems: string[] = [];
  const compare = (what: string, { print, count }: SelectionReport, right: SelectionReport): void => {
    if (print !== right.print) problems.push(`${subject}: ${what} chose ${count} tools, and not what is due.`);
  };
  for (let round = 1; round <= setting.rounds; round += 1) {
    setting.note(`selection, ${subject}: round ${round} of ${setting.rounds}`);
    const { ours, plain } = await selectBoth(selection, catalogue, setting);
    compare('the store', ours, expected);
    compare('the script', plain, expectedOfScript);
    rounds.push({ selection: ours.milliseconds, plain: plain.milliseconds });
  }
  const dryRun = await runDryRun(selection, catalogue, setting);
  const jsonDryRun = await runDryRun(selection, catalogue, setting, ['--json']);
  compare('gts scan', reportOf(jsonDryRun.stdout), expected);
  return { subject, due: expected.count, rounds, dryRun: costOf(dryRun), jsonDryRun: costOf(jsonDryRun), problems };
}

async function selectBoth(
  { policy, dueOnly }: Selection,
  { directory, toolsFile, now }: SeededCatalogue,
  setting: CatalogueSetting,
): Promise<{ readonly ours: SelectionReport; readonly plain: SelectionReport }> {
  const age = dueOnly ? WEEK_MS : 0;
  const ours = await runProgram('select-due.ts', [directory, policy, age, now.toISOString()], setting);
  const plain = await runProgram('plain-select.ts', [toolsFile, age, now.toISOString()], setting);
  return { ours: JSON.parse(ours.stdout), plain: JSON.parse(plain.stdout) };
}

function runDryRun(
  { policy, dueOnly }: Selection,
  { directory }: SeededCatalogue,
  setting: CatalogueSetting,
  more: readonly string[] = [],
): Promise<NodeOutcome> {
  const command = ['scan', '--dry-run', '--tag-policy', policy, ...(dueOnly ? [] : ['--force']), ...more];
  return runInSetting([builtGts(), ...command], setting, { GTS_DATA_DIR: directory });
}

function costOf({ milliseconds, peakMemoryBytes }: NodeOutcome): DryRun {
  return { milliseconds, peakMemoryBytes };
}

function reportOf(document: string): SelectionReport {
  const { tools } = CatalogueScanDocument.parse(JSON.parse(document));
  const chosen = tools.flatMap(({ id, tag, status }) => (status === 'selected' ? { id, tag: tag ?? '' } : []));
  return selectionReport(0, chosen);
}

function expectedReport(
  { dueOnly }: Selection,
  policy: Selection['policy'],
  { tools }: SeededCatalogue,
): SelectionReport {
  const numbers = Array.from({ length: tools }, (_, index) => index).filter((index) => !dueOnly || isDue(index));
  return selectionReport(
    0,
    numbers.map((index) => ({ id: measuredId(index), tag: expectedTag(index, policy) })),
  );
}
