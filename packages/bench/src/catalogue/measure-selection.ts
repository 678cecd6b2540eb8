import { CatalogueScanDocument } from '@scanner/core';

import { builtGts } from '../built-gts.ts';
import { expectedTag, isDue, measuredTool } from './catalogue-content.ts';
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
export interface SelectionRound {
  /** Of selecting alone, in a process that has just opened the catalogue. */
  readonly selection: number;
  /** Of a script that reads the whole file, filters it, and takes the first preferred tag by name. */
  readonly plain: number;
  /** Of the whole command `gts scan --dry-run --json` for the same. */
  readonly dryRun: number;
  /** Of that command. */
  readonly peakMemoryBytes: number;
}

export interface SelectionMeasurement {
  readonly subject: Selection['subject'];
  readonly due: number;
  readonly rounds: readonly SelectionRound[];
  readonly problems: readonly string[];
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** Selects the tools that are due: as `gts scan` does, by a script from the file, and by the whole command. */
export async function measureSelection(
  selection: Selection,
  catalogue: SeededCatalogue,
  setting: CatalogueSetting,
): Promise<SelectionMeasurement> {
  const { subject, policy, dueOnly } = selection;
  const expected = expectedReport(selection, catalogue);
  const rounds: SelectionRound[] = [];
  const problems: string[] = [];
  const compare = (what: string, { print, count }: SelectionReport, right: SelectionReport): void => {
    if (print !== right.print) problems.push(`${subject}: ${what} chose ${count} tools, and not what is due.`);
  };
  for (let round = 1; round <= setting.rounds; round += 1) {
    setting.note(`selection, ${subject}: round ${round} of ${setting.rounds}`);
    const age = dueOnly ? WEEK_MS : 0;
    const now = catalogue.now.toISOString();
    const ours = await runProgram('select-due.ts', [catalogue.directory, policy, age, now], setting);
    const plain = await runProgram('plain-select.ts', [catalogue.toolsFile, age, now], setting);
    const dryRun = await runDryRun(selection, catalogue, setting);
    const [report, plainReport]: SelectionReport[] = [JSON.parse(ours.stdout), JSON.parse(plain.stdout)];
    if (report === undefined || plainReport === undefined) throw new Error('a selection says nothing');
    compare('the store', report, expected);
    compare('gts scan', dryRun.report, expected);
    compare('the script', plainReport, expectedReport({ ...selection, policy: 'priority' }, catalogue));
    rounds.push({
      selection: report.milliseconds,
      plain: plainReport.milliseconds,
      dryRun: dryRun.report.milliseconds,
      peakMemoryBytes: dryRun.peakMemoryBytes,
    });
  }
  return { subject, due: expected.count, rounds, problems };
}

async function runDryRun(
  { policy, dueOnly }: Selection,
  { directory }: SeededCatalogue,
  setting: CatalogueSetting,
): Promise<{ readonly report: SelectionReport; readonly peakMemoryBytes: number }> {
  const { stdout, milliseconds, peakMemoryBytes } = await runInSetting(
    [builtGts(), 'scan', '--dry-run', '--json', '--tag-policy', policy, ...(dueOnly ? [] : ['--force'])],
    setting,
    { GTS_DATA_DIR: directory },
  );
  const { tools } = CatalogueScanDocument.parse(JSON.parse(stdout));
  const chosen = tools.flatMap(({ id, tag, status }) => (status === 'selected' ? { id, tag: tag ?? '' } : []));
  return { report: selectionReport(milliseconds, chosen), peakMemoryBytes };
}

function expectedReport({ policy, dueOnly }: Pick<Selection, 'policy' | 'dueOnly'>, { tools, now }: SeededCatalogue) {
  const numbers = Array.from({ length: tools }, (_, index) => index).filter((index) => !dueOnly || isDue(index));
  return selectionReport(
    0,
    numbers.map((index) => ({ id: measuredTool(index, now).id, tag: expectedTag(index, policy) })),
  );
}
