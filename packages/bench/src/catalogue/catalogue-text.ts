import { pairedRatios, spreadOf } from '../statistics.ts';
import { renderTable } from '../table.ts';
import { aimCells } from '../aim.ts';
import { aimsOf, factorOf, permittedPercent } from './aims-of.ts';
import type { CatalogueMeasurement } from './catalogue-measurement.ts';
import type { SaveMeasurement } from './measure-saves.ts';
import type { ScrapeMeasurement, ScrapeRun } from './measure-scrape.ts';
import type { SelectionMeasurement } from './measure-selection.ts';
import type { TopMeasurement } from './measure-top.ts';

/** The measurement for people: medians of the rounds, with the lowest and the highest. */
export function renderCatalogue(measurement: CatalogueMeasurement): string {
  const { tools, saves, top, selections, scrape } = measurement;
  return [
    'One save of a scan with 150 findings, in ms',
    renderTable(
      ['tools', 'p50', 'p99', 'insert p50', 'insert p99', 'whole file', 'until published'],
      saves.map(saveRow),
    ),
    renderTable(['save / other, p50', 'a plain insert', 'the whole file anew'], saves.map(saveRatioRow)),
    `Whole commands at ${tools} tools, in ms`,
    renderTable(['', 'median (min–max)'], topRows(top)),
    `Selection at ${tools} tools, in ms`,
    renderTable(
      ['', 'due', 'selection', 'script', 'selection / script', 'scan --dry-run', 'with --json'],
      selections.map(selectionRow),
    ),
    `Scrape of ${scrape.repositories} repositories at 150 ms a response`,
    renderTable(['', 'seconds (min–max)', 'requests', '429', 'at once'], scrapeRows(scrape)),
    `${permittedPercent(scrape).toFixed(1)} % of the permitted rate; without a limit ${factorOf(scrape).toFixed(1)} times as fast as one by one`,
    'Aims',
    renderTable(['', 'measured', 'aim', ''], aimsOf(measurement).map(aimCells)),
  ].join('\n\n');
}

function saveRow({ tools, rounds }: SaveMeasurement): string[] {
  return [
    String(tools),
    cell(rounds.map(({ save }) => save.p50)),
    cell(rounds.map(({ save }) => save.p99)),
    cell(rounds.map(({ insert }) => insert.p50)),
    cell(rounds.map(({ insert }) => insert.p99)),
    cell(rounds.map(({ rewrite }) => rewrite)),
    cell(rounds.map(({ publishing }) => publishing)),
  ];
}

function saveRatioRow({ tools, rounds }: SaveMeasurement): string[] {
  const saves = rounds.map(({ save }) => save.p50);
  return [
    String(tools),
    ratioCell(
      saves,
      rounds.map(({ insert }) => insert.p50),
    ),
    ratioCell(
      saves,
      rounds.map(({ rewrite }) => rewrite),
    ),
  ];
}

function topRows({ rounds }: TopMeasurement): string[][] {
  const top = rounds.map((round) => round.top);
  const bareNode = rounds.map((round) => round.bareNode);
  const plain = rounds.map((round) => round.plain);
  return [
    ['gts top', cell(top)],
    ['node -e 0', cell(bareNode)],
    ['script that sorts tools.json', cell(plain)],
    ['gts top / node -e 0', ratioCell(top, bareNode)],
    ['gts top / script', ratioCell(top, plain)],
  ];
}

function selectionRow({ subject, due, rounds, dryRun, jsonDryRun }: SelectionMeasurement): string[] {
  const selection = rounds.map((round) => round.selection);
  const plain = rounds.map((round) => round.plain);
  return [
    subject,
    String(due),
    cell(selection),
    cell(plain),
    ratioCell(selection, plain),
    short(dryRun.milliseconds),
    short(jsonDryRun.milliseconds),
  ];
}

function scrapeRows({ limited, oneByOne, unlimited, cached }: ScrapeMeasurement): string[][] {
  return [
    scrapeRow('180 a minute', [limited]),
    ['one by one', secondsCell([oneByOne]), '', '', '1'],
    scrapeRow('no limit', unlimited),
    scrapeRow('again, from the cache', cached),
  ];
}

function scrapeRow(name: string, runs: readonly ScrapeRun[]): string[] {
  const requests = spreadOf(runs.map((run) => run.requests));
  return [
    name,
    secondsCell(runs.map(({ milliseconds }) => milliseconds)),
    String(requests.max),
    String(runs.reduce((sum, { refused }) => sum + refused, 0)),
    requests.max === 0 ? '' : String(Math.max(...runs.map(({ mostAtOnce }) => mostAtOnce))),
  ];
}

function secondsCell(milliseconds: readonly number[]): string {
  return cell(milliseconds.map((value) => value / 1000));
}

function ratioCell(values: readonly number[], references: readonly number[]): string {
  return cell(pairedRatios(values, references));
}

function cell(values: readonly number[]): string {
  const { median, min, max } = spreadOf(values);
  return values.length === 1 ? short(median) : `${short(median)} (${short(min)}–${short(max)})`;
}

function short(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}
