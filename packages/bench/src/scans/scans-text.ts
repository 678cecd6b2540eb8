import { aimCells, aimOver } from '../aim.ts';
import type { Aim } from '../aim.ts';
import { timesOf } from '../sample.ts';
import { renderSamples } from '../samples-text.ts';
import { pairedRatios, spreadOf } from '../statistics.ts';
import { renderTable } from '../table.ts';
import { SCANS_SUBJECTS } from './scans-measurement.ts';
import type { ScansResult, ScansSubject } from './scans-measurement.ts';

const TIMES_FASTER = 1.5;

export function scansAims(result: Pick<ScansResult, 'images' | 'samples'>): Aim[] {
  const ratios = pairedRatios(timesOf(result.samples, 'trivy, one by one'), timesOf(result.samples, 'gts scan'));
  const what = `catalogue scan of ${result.images} images, times faster than one by one`;
  return [
    aimOver({ what, unit: '', bound: 'at least', aim: TIMES_FASTER }, ratios),
    aimOver(
      { what: '16 scans at once, failures', unit: '', bound: 'at most', aim: 0 },
      failuresOf(result, 'gts scan, 16 at once'),
    ),
  ];
}

/** The measurement for people. */
export function renderScans(result: ScansResult): string {
  const { images, findings, samples, problems } = result;
  const equal = problems.length === 0 ? 'the same in every run' : 'NOT the same in every run';
  return [
    `${images} images on two bases in a registry, ${findings} findings, ${equal}`,
    renderSamples(samples, SCANS_SUBJECTS),
    renderTable(
      ['failures', 'median', 'min–max'],
      SCANS_SUBJECTS.map((subject) => {
        const { median, min, max } = spreadOf(failuresOf(result, subject));
        return [subject, String(median), `${min}–${max}`];
      }),
    ),
    renderTable(['aims', 'measured', 'aim', ''], scansAims(result).map(aimCells)),
  ].join('\n\n');
}

function failuresOf({ samples }: Pick<ScansResult, 'samples'>, subject: ScansSubject): number[] {
  return samples.filter((sample) => sample.subject === subject).map(({ failures }) => failures);
}
