import { aimCells, aimOver } from '../aim.ts';
import type { Aim } from '../aim.ts';
import { spreadOf } from '../statistics.ts';
import { renderTable } from '../table.ts';
import type { FleetMeasurement, FleetRound } from './measure-fleet.ts';

const OWN_MS_AN_IMAGE = 2;
const MEBIBYTE = 1024 ** 2;

type Rounds = Pick<FleetMeasurement, 'rounds' | 'images'>;

/** What each image more costs gts itself: the longer pass but for the longer list, in milliseconds. */
export function ownCostAnImage({ rounds, images }: Rounds): number[] {
  return rounds.map(({ few, many }) => {
    const own = many.milliseconds - many.listing - (few.milliseconds - few.listing);
    return own / (images.many - images.few);
  });
}

export function fleetAims(measurement: Rounds): Aim[] {
  const { many } = measurement.images;
  const what = `nothing changed, own cost an image at ${many}`;
  return [aimOver({ what, unit: ' ms', bound: 'at most', aim: OWN_MS_AN_IMAGE }, ownCostAnImage(measurement))];
}

/** The measurement on one engine for people. */
export function renderFleet(measurement: FleetMeasurement): string {
  const { engine, images, rounds, findings, problems } = measurement;
  const equal = problems.length === 0 ? 'the same in every run' : 'NOT the same in every run';
  const row = (name: string, valueOf: (round: FleetRound) => number, unit: string): string[] => {
    const { median, min, max } = spreadOf(rounds.map(valueOf));
    return [name, `${median.toFixed(1)} ${unit}`, `${min.toFixed(1)}–${max.toFixed(1)} ${unit}`];
  };
  return [
    [
      `${engine.name} engine (API ${engine.apiVersion}), nothing changed`,
      `${images.many} images, ${findings} findings, ${equal}`,
    ].join('\n'),
    renderTable(
      ['', 'median', 'min–max'],
      [
        row(`pass over ${images.many}`, ({ many }) => many.milliseconds, 'ms'),
        row("  of it the engine's list", ({ many }) => many.listing, 'ms'),
        row('  peak memory', ({ many }) => many.peakMemoryBytes / MEBIBYTE, 'MiB'),
        row(`pass over ${images.few}`, ({ few }) => few.milliseconds, 'ms'),
        row("  of it the engine's list", ({ few }) => few.listing, 'ms'),
        row('loop, an image', ({ loop }) => loop / images.few, 'ms'),
      ],
    ),
    renderTable(['aims', 'measured', 'aim', ''], fleetAims(measurement).map(aimCells)),
  ].join('\n\n');
}
