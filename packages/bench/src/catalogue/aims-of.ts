import { spreadOf } from '../statistics.ts';
import type { Aim } from '../aim.ts';
import type { CatalogueMeasurement } from './catalogue-measurement.ts';
import type { SaveMeasurement } from './measure-saves.ts';
import type { ScrapeMeasurement, ScrapeRun } from './measure-scrape.ts';

const MEBIBYTE = 1024 ** 2;
const SAVE_MS = 2;
/** What a save may take more in the largest catalogue than in the smallest before it counts as growth. */
const GROWTH = 1.5;
const TOP_MS = 1000;
const SELECTION_MS = 500;
const MEMORY_MEBIBYTES = 200;
const PERMITTED_PERCENT = 90;
const FACTOR = 6;
const CACHED_MS = 1000;

/** What the catalogue should come to, with the medians that it comes to. */
export function aimsOf({ tools, saves, top, selections, scrape }: CatalogueMeasurement): Aim[] {
  return [
    ...saveAims(saves),
    atMost(
      'gts top',
      median(top.rounds, (round) => round.top),
      TOP_MS,
      ' ms',
    ),
    ...selections.map(({ subject, rounds }) =>
      atMost(
        `selection, ${subject}`,
        median(rounds, (round) => round.selection),
        SELECTION_MS,
        ' ms',
      ),
    ),
    ...scrapeAims(scrape),
    memory('gts top', top.rounds),
    ...selections.flatMap(({ subject, dryRun, jsonDryRun }) => [
      memory(`scan --dry-run, ${subject}`, [dryRun]),
      memory(`scan --dry-run --json, ${subject}`, [jsonDryRun]),
    ]),
    ...saves.filter((size) => size.tools === tools).map(({ rounds }) => memory('saving and publishing', rounds)),
  ];
}

function saveAims(saves: readonly SaveMeasurement[]): Aim[] {
  const [smallest, largest] = [saves[0], saves.at(-1)];
  const growth =
    smallest === undefined || largest === undefined ? Number.NaN : medianSave(largest) / medianSave(smallest);
  return [
    ...saves.flatMap((size) => [
      atMost(`save at ${size.tools}, p50`, medianSave(size), SAVE_MS, ' ms'),
      atMost(
        `save at ${size.tools}, p99`,
        median(size.rounds, ({ save }) => save.p99),
        SAVE_MS,
        ' ms',
      ),
    ]),
    atMost('save, largest / smallest, p50', growth, GROWTH, ''),
  ];
}

function medianSave({ rounds }: SaveMeasurement): number {
  return median(rounds, ({ save }) => save.p50);
}

function scrapeAims(scrape: ScrapeMeasurement): Aim[] {
  const { limited, cached } = scrape;
  return [
    atLeast('scrape, part of the permitted rate', permittedPercent(scrape), PERMITTED_PERCENT, ' %'),
    atMost('scrape, answers 429', limited.refused, 0, ''),
    atLeast('scrape, times as fast as one by one', factorOf(scrape), FACTOR, ''),
    atMost(
      'scrape again',
      median(cached, ({ milliseconds }) => milliseconds),
      CACHED_MS,
      ' ms',
    ),
    atMost('scrape again, requests', sumOf(cached), 0, ''),
  ];
}

/** How near the limited scrape came to the least time that was permitted. */
export function permittedPercent({ limited }: ScrapeMeasurement): number {
  return (100 * limited.permittedMilliseconds) / limited.milliseconds;
}

/** How much longer the loop took than `gts scrape` where there is no limit. */
export function factorOf({ oneByOne, unlimited }: ScrapeMeasurement): number {
  return spreadOf(unlimited.map(({ milliseconds }) => oneByOne / milliseconds)).median;
}

function sumOf(runs: readonly ScrapeRun[]): number {
  return runs.reduce((sum, { requests }) => sum + requests, 0);
}

/** The worst of the rounds. */
function memory(what: string, rounds: readonly { readonly peakMemoryBytes: number }[]): Aim {
  const peak = spreadOf(rounds.map(({ peakMemoryBytes }) => peakMemoryBytes)).max;
  return atMost(`memory: ${what}`, peak / MEBIBYTE, MEMORY_MEBIBYTES, ' MiB');
}

function median<Round>(rounds: readonly Round[], valueOf: (round: Round) => number): number {
  return spreadOf(rounds.map(valueOf)).median;
}

function atMost(what: string, figure: number, aim: number, unit: string): Aim {
  return { what, figure, unit, bound: 'at most', aim };
}

function atLeast(what: string, figure: number, aim: number, unit: string): Aim {
  return { what, figure, unit, bound: 'at least', aim };
}
