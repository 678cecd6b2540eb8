import { aimCells, aimOver } from '../aim.ts';
import type { Aim } from '../aim.ts';
import type { EngineName } from '../engines.ts';
import { timesOf } from '../sample.ts';
import type { Sample } from '../sample.ts';
import { renderSamples } from '../samples-text.ts';
import { pairedRatios } from '../statistics.ts';
import { renderTable } from '../table.ts';
import type { HostSubject } from './host-measurement.ts';
import type { EngineMeasurement } from './measure-engine.ts';

const SUBJECTS: readonly HostSubject[] = [
  'loop, empty cache',
  'docker save of all',
  'gts, empty cache',
  'loop, warm cache',
  'gts, database updated',
  'gts, nothing changed',
  'loop, one image rebuilt',
  'gts, one image rebuilt',
];

/** How many times faster than the loop. */
const TIMES_FASTER: Readonly<Record<EngineName, { readonly first: number; readonly updated: number }>> = {
  classic: { first: 6, updated: 7 },
  current: { first: 5, updated: 6 },
};
const UNCHANGED_TIMES_FASTER = 10;

/** What a host scan should come to against the loop, from what was measured side by side. */
export function hostAims({ engine, samples }: Pick<EngineMeasurement, 'engine' | 'samples'>): Aim[] {
  const { first, updated } = TIMES_FASTER[engine.name];
  return [
    timesFaster('first pass', first, samples, ['gts, empty cache', 'loop, empty cache']),
    ...(engine.name === 'classic' ? [againstSave(samples)] : []),
    timesFaster('database updated', updated, samples, ['gts, database updated', 'loop, warm cache']),
    timesFaster('nothing changed', UNCHANGED_TIMES_FASTER, samples, ['gts, nothing changed', 'loop, warm cache']),
    timesFaster('one image rebuilt', 1, samples, ['gts, one image rebuilt', 'loop, one image rebuilt']),
  ];
}

/** The measurement on one engine for people. */
export function renderEngine(measurement: EngineMeasurement): string {
  const { engine, trivy, images, references, findings, samples, problems } = measurement;
  const equal = problems.length === 0 ? 'the same in every run' : 'NOT the same in every run';
  return [
    [
      `${engine.name} engine (API ${engine.apiVersion}), Trivy ${trivy}`,
      `${images} images, ${references} references, ${findings} findings, ${equal}`,
    ].join('\n'),
    renderSamples(samples, SUBJECTS),
    renderTable(['aims', 'measured', 'aim', ''], hostAims(measurement).map(aimCells)),
  ].join('\n\n');
}

function timesFaster(
  what: string,
  aim: number,
  samples: readonly Sample<HostSubject>[],
  [subject, reference]: readonly [HostSubject, HostSubject],
): Aim {
  const ratios = pairedRatios(timesOf(samples, reference), timesOf(samples, subject));
  return aimOver({ what: `${what}, times faster than the loop`, unit: '', bound: 'at least', aim }, ratios);
}

function againstSave(samples: readonly Sample<HostSubject>[]): Aim {
  const ratios = pairedRatios(timesOf(samples, 'gts, empty cache'), timesOf(samples, 'docker save of all'));
  return aimOver({ what: 'first pass / docker save of all', unit: '', bound: 'at most', aim: 1 }, ratios);
}
