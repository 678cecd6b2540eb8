import type { Aim } from '../aim.ts';
import { aimCells } from '../aim.ts';
import { pairedRatios, spreadOf } from '../statistics.ts';
import { renderTable } from '../table.ts';
import { MAIL_LIMIT_BYTES } from './measure-telling.ts';
import type { TellingMeasurement, TellingRound } from './measure-telling.ts';
import { CHANGES, FINDINGS, IMAGES } from './notices-content.ts';
import type { TellingReport } from './telling-report.ts';

const DECIDE_MS = 1000;
const MEBIBYTE = 1024 ** 2;

const STEPS: readonly (readonly [string, (report: TellingReport) => number])[] = [
  ['read what is known', ({ read }) => read],
  ['decide', ({ decide }) => decide],
  ['render the mail', ({ freeze }) => freeze],
  ['commit', ({ commit }) => commit],
  ['all of it', ({ read, decide, freeze, commit }) => read + decide + freeze + commit],
];

/** What telling should come to, with the medians that it comes to; of the memory the worst round. */
export function aimsOf({ rounds, mailBytes }: TellingMeasurement): Aim[] {
  const decide = spreadOf(rounds.map(({ ours }) => ours.decide)).median;
  return [
    { what: 'decide', figure: decide, unit: ' ms', bound: 'at most', aim: DECIDE_MS },
    { what: 'mail with headers', figure: mailBytes, unit: ' bytes', bound: 'at most', aim: MAIL_LIMIT_BYTES - 1 },
  ];
}

/** The measurement for people: medians of the rounds, with the lowest and the highest. */
export function renderTelling(measurement: TellingMeasurement): string {
  const { rounds, mailBytes } = measurement;
  return [
    `${IMAGES} images with ${FINDINGS} findings each, ${CHANGES} changes, in ms`,
    renderTable(
      ['', 'gts', 'script', 'gts / script'],
      [...STEPS.map((step) => stepRow(step, rounds)), memoryRow(rounds)],
    ),
    `The mail: ${mailBytes} bytes with headers`,
    'Aims',
    renderTable(['', 'measured', 'aim', ''], aimsOf(measurement).map(aimCells)),
  ].join('\n\n');
}

function stepRow(
  [name, valueOf]: readonly [string, (report: TellingReport) => number],
  rounds: readonly TellingRound[],
): string[] {
  const ours = rounds.map((round) => valueOf(round.ours));
  const plain = rounds.map((round) => valueOf(round.plain));
  if (plain.every((value) => value === 0)) return [name, cell(ours, 0), '', ''];
  return [name, cell(ours, 0), cell(plain, 0), cell(pairedRatios(ours, plain), 2)];
}

function memoryRow(rounds: readonly TellingRound[]): string[] {
  const worst = (side: keyof TellingRound): string =>
    `${Math.round(spreadOf(rounds.map((round) => round[side].peakMemoryBytes)).max / MEBIBYTE)} MiB`;
  return ['peak memory', worst('ours'), worst('plain'), ''];
}

function cell(values: readonly number[], digits: number): string {
  const { median, min, max } = spreadOf(values);
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}
