import { aimCells, aimOver } from '../aim.ts';
import type { Aim } from '../aim.ts';
import type { NodeOutcome } from '../built-gts.ts';
import { spreadOf } from '../statistics.ts';
import { renderTable } from '../table.ts';

/** What one scan of all images took. */
export type ReportsRound = Omit<NodeOutcome, 'stdout'>;

export interface ReportsResult {
  readonly reports: number;
  /** Of one report. */
  readonly reportBytes: number;
  readonly rounds: readonly ReportsRound[];
}

const MEBIBYTE = 1024 ** 2;
const PEAK_MEBIBYTES = 250;
const OWN_PERCENT = 10;

export function reportsAims({ reports, rounds }: ReportsResult): Aim[] {
  const peaks = rounds.map(({ peakMemoryBytes }) => peakMemoryBytes / MEBIBYTE);
  const shares = rounds.map(({ cpuSeconds, childrenCpuSeconds }) => (100 * cpuSeconds) / childrenCpuSeconds);
  const during = `${reports} reports of 1 MB`;
  return [
    aimOver({ what: `${during}, peak memory`, unit: ' MiB', bound: 'at most', aim: PEAK_MEBIBYTES }, peaks),
    aimOver(
      { what: `${during}, own CPU time of the children's`, unit: ' %', bound: 'at most', aim: OWN_PERCENT },
      shares,
    ),
  ];
}

/** The measurement for people. */
export function renderReports(result: ReportsResult): string {
  const { reports, reportBytes, rounds } = result;
  const row = (name: string, valueOf: (round: ReportsRound) => number): string[] => {
    const { median, min, max } = spreadOf(rounds.map(valueOf));
    return [name, median.toFixed(1), `${min.toFixed(1)}–${max.toFixed(1)}`];
  };
  return [
    `gts scan of ${reports} images, each with a real report of ${(reportBytes / 1_000_000).toFixed(2)} MB`,
    renderTable(
      ['', 'median', 'min–max'],
      [
        row('whole command, s', ({ milliseconds }) => milliseconds / 1000),
        row('own CPU time, s', ({ cpuSeconds }) => cpuSeconds),
        row("children's CPU time, s", ({ childrenCpuSeconds }) => childrenCpuSeconds),
        row('peak memory, MiB', ({ peakMemoryBytes }) => peakMemoryBytes / MEBIBYTE),
      ],
    ),
    renderTable(['aims', 'measured', 'aim', ''], reportsAims(result).map(aimCells)),
  ].join('\n\n');
}
