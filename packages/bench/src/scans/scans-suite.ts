import { realTrivy, startRegistry, temporaryDirectory } from '@scanner/testing';

import { judged } from '../aim.ts';
import { Databases } from '../databases.ts';
import { realSized } from '../images/real-sized.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { makeTrivyCounter } from '../trivy-counter.ts';
import { Workplace } from '../workplace.ts';
import { publishTools } from './published-images.ts';
import { ScansMeasurement } from './scans-measurement.ts';
import { renderScans, scansAims } from './scans-text.ts';

/** `gts scan` of images in a registry against plain calls of `trivy image`, one by one and all at once. */
export const scansSuite: Suite = {
  name: 'scans',
  summary: 'gts scan of images in a registry against trivy image, one by one and sixteen at once',
  options: {},
  optionsHelp: [],
  prepare: () => measureScans,
};

async function measureScans(context: SuiteContext): Promise<SuiteOutcome> {
  const { rounds, signal, note } = context;
  const sized = await realSized(note);
  await using directory = await temporaryDirectory();
  note('registry: starting it and pushing the images');
  await using registry = await startRegistry();
  const tools = await publishTools(registry, sized);
  signal.throwIfAborted();
  const trivy = await makeTrivyCounter(await realTrivy(), directory.path);
  const place = await Workplace.in(directory.path);
  const setting = { registry, tools, databases: new Databases(sized.database), trivy, place };
  const measurement = new ScansMeasurement(setting, signal);
  for (let round = 1; round <= rounds; round += 1) {
    note(`catalogue scans: round ${round} of ${rounds}`);
    await measurement.measureRound(round);
  }
  const result = measurement.result();
  return {
    text: renderScans(result),
    result: { trivy: trivy.version, ...result, aims: judged(scansAims(result)) },
    problems: result.problems,
  };
}
