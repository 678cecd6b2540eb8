import { join } from 'node:path';

import { temporaryDirectory } from '@scanner/testing';

import { judged } from '../aim.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { settle } from '../surroundings.ts';
import { aimsOf } from './aims-of.ts';
import type { CatalogueMeasurement } from './catalogue-measurement.ts';
import type { CatalogueSetting } from './catalogue-setting.ts';
import { renderCatalogue } from './catalogue-text.ts';
import { measureSaves } from './measure-saves.ts';
import type { SaveMeasurement } from './measure-saves.ts';
import { measureScrape } from './measure-scrape.ts';
import { measureSelection, SELECTIONS } from './measure-selection.ts';
import type { SelectionMeasurement } from './measure-selection.ts';
import { measureTop } from './measure-top.ts';
import { seedCatalogue } from './seeded-catalogue.ts';
import type { SeededCatalogue } from './seeded-catalogue.ts';

const SMALLER_SIZES = [100, 10_000];
const LARGEST_SIZE = 100_000;

/** The catalogue's commands and its store, against the scripts that everybody writes first. */
export const catalogueSuite: Suite = {
  name: 'catalogue',
  summary: 'the catalogue of tools: saves, gts top, selection and gts scrape against plain scripts',
  options: {},
  optionsHelp: [],
  prepare: () => measureCatalogue,
};

async function measureCatalogue(context: SuiteContext): Promise<SuiteOutcome> {
  await using directory = await temporaryDirectory();
  const setting: CatalogueSetting = { ...context, directory: directory.path };
  const measurement = await measureAll(setting);
  const aims = judged(aimsOf(measurement));
  const { top, scrape, selections, saves } = measurement;
  return {
    text: renderCatalogue(measurement),
    result: { ...measurement, aims },
    problems: [top, scrape, ...selections, ...saves].flatMap(({ problems }) => problems),
  };
}

/** Reads come before saves, which make tools fresh. */
async function measureAll(setting: CatalogueSetting): Promise<CatalogueMeasurement> {
  const scrape = await measureScrape(setting);
  const saves: SaveMeasurement[] = [];
  for (const size of SMALLER_SIZES) saves.push(await measureSaves(await seed(size, setting), setting));
  const catalogue = await seed(LARGEST_SIZE, setting);
  const top = await measureTop(catalogue, setting);
  const selections: SelectionMeasurement[] = [];
  for (const selection of SELECTIONS) selections.push(await measureSelection(selection, catalogue, setting));
  saves.push(await measureSaves(catalogue, setting));
  return { tools: LARGEST_SIZE, saves, top, selections, scrape };
}

async function seed(tools: number, { directory, signal, note }: CatalogueSetting): Promise<SeededCatalogue> {
  note(`${tools} tools: making the catalogue`);
  const catalogue = await seedCatalogue(join(directory, `catalogue-${tools}`), tools, signal);
  await settle(directory, signal);
  return catalogue;
}
