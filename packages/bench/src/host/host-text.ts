import type { Sample } from '../sample.ts';
import { pairedRatios, spreadOf } from '../statistics.ts';
import type { Spread } from '../statistics.ts';
import { renderTable } from '../table.ts';
import type { EngineMeasurement, HostSubject } from './measure-engine.ts';

/** What part of the loop's time gts takes, from the pairs of each round. */
export interface Ratios {
  /** Nothing known on either side. */
  readonly emptyCache: Spread;
  /** The same again with what both have kept. */
  readonly again: Spread;
}

const SUBJECTS: readonly HostSubject[] = [
  'loop, empty cache',
  'gts, empty cache',
  'loop, warm cache',
  'gts, nothing changed',
];
const MEBIBYTE = 1024 ** 2;

export function ratiosOf(samples: readonly Sample[]): Ratios {
  return {
    emptyCache: ratio(samples, 'gts, empty cache', 'loop, empty cache'),
    again: ratio(samples, 'gts, nothing changed', 'loop, warm cache'),
  };
}

/** The measurement on one engine for people. */
export function renderMeasurement(measurement: EngineMeasurement): string {
  const { engine, trivy, images, references, findings, samples, differences } = measurement;
  const { emptyCache, again } = ratiosOf(samples);
  const equal = differences.length === 0 ? 'the same in every run' : 'NOT the same in every run';
  return [
    `${engine.name} engine (API ${engine.apiVersion}), Trivy ${trivy}`,
    `${images} images, ${references} references, ${findings} findings, ${equal}`,
    '',
    renderTable(
      ['', 'median', 'min–max', 'Trivy processes', 'peak memory'],
      SUBJECTS.map((subject) => subjectRow(subject, samplesOf(samples, subject))),
    ),
    '',
    renderTable(
      ['gts / loop', 'median', 'min–max'],
      [
        ['empty cache', ...ratioCells(emptyCache)],
        ['again', ...ratioCells(again)],
      ],
    ),
  ].join('\n');
}

function subjectRow(subject: HostSubject, samples: readonly Sample[]): string[] {
  const time = spreadOf(samples.map(({ seconds }) => seconds));
  const processes = spreadOf(samples.map(({ trivyProcesses }) => trivyProcesses));
  const memory = samples.flatMap(({ peakMemoryBytes }) => peakMemoryBytes ?? []);
  return [
    subject,
    `${time.median.toFixed(2)} s`,
    `${time.min.toFixed(2)}–${time.max.toFixed(2)} s`,
    processes.min === processes.max ? String(processes.max) : `${processes.min}–${processes.max}`,
    memory.length === 0 ? '–' : `${Math.round(Math.max(...memory) / MEBIBYTE)} MiB`,
  ];
}

function ratioCells({ median, min, max }: Spread): string[] {
  return [median.toFixed(2), `${min.toFixed(2)}–${max.toFixed(2)}`];
}

function ratio(samples: readonly Sample[], subject: HostSubject, reference: HostSubject): Spread {
  const seconds = (of: HostSubject): number[] => samplesOf(samples, of).map((sample) => sample.seconds);
  return spreadOf(pairedRatios(seconds(subject), seconds(reference)));
}

/** In the order of the rounds. */
function samplesOf(samples: readonly Sample[], subject: HostSubject): Sample[] {
  return samples.filter((sample) => sample.subject === subject).toSorted((one, other) => one.round - other.round);
}
