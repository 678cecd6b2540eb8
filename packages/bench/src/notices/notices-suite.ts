import { temporaryDirectory } from '@scanner/testing';

import { judged } from '../aim.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { measureTelling } from './measure-telling.ts';
import { aimsOf, renderTelling } from './notices-text.ts';

/** Comparing a large pass with what is known, and telling what changed, against a script that does as little as can be. */
export const noticesSuite: Suite = {
  name: 'notices',
  summary: 'deciding, rendering and storing the notice of a large pass against a plain script',
  options: {},
  optionsHelp: [],
  prepare: () => measureNotices,
};

async function measureNotices(context: SuiteContext): Promise<SuiteOutcome> {
  await using directory = await temporaryDirectory();
  const measurement = await measureTelling({ ...context, directory: directory.path });
  const { problems, ...figures } = measurement;
  const aims = judged(aimsOf(measurement));
  return { text: renderTelling(measurement), result: { ...figures, aims }, problems };
}
