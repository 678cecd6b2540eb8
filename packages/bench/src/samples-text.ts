import { timesOf } from './sample.ts';
import type { Sample } from './sample.ts';
import { spreadOf } from './statistics.ts';
import { renderTable } from './table.ts';

const MEBIBYTE = 1024 ** 2;

/** A line for each subject: time, processes, and what the Node process used in the worst round. */
export function renderSamples<Subject extends string>(
  samples: readonly Sample<Subject>[],
  subjects: readonly Subject[],
): string {
  return renderTable(
    ['', 'median', 'min–max', 'Trivy processes', 'peak memory', 'own CPU', "children's CPU"],
    subjects.map((subject) => subjectRow(subject, samples)),
  );
}

function subjectRow<Subject extends string>(subject: Subject, all: readonly Sample<Subject>[]): string[] {
  const time = spreadOf(timesOf(all, subject));
  const samples = all.filter((sample) => sample.subject === subject);
  const processes = spreadOf(samples.map(({ trivyProcesses }) => trivyProcesses));
  return [
    subject,
    `${time.median.toFixed(2)} s`,
    `${time.min.toFixed(2)}–${time.max.toFixed(2)} s`,
    processes.min === processes.max ? String(processes.max) : `${processes.min}–${processes.max}`,
    ...usageCells(samples.flatMap(({ usage }) => usage ?? [])),
  ];
}

function usageCells(usages: readonly NonNullable<Sample['usage']>[]): string[] {
  if (usages.length === 0) return ['–', '–', '–'];
  return [
    `${Math.round(worst(usages.map(({ peakMemoryBytes }) => peakMemoryBytes)) / MEBIBYTE)} MiB`,
    `${worst(usages.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2)} s`,
    `${worst(usages.map(({ childrenCpuSeconds }) => childrenCpuSeconds)).toFixed(2)} s`,
  ];
}

function worst(values: readonly number[]): number {
  return spreadOf(values).max;
}
