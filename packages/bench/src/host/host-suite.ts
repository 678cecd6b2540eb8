import { judged } from '../aim.ts';
import { ENGINE_OPTION, readEngines } from '../engines.ts';
import type { EngineName } from '../engines.ts';
import { realSized } from '../images/real-sized.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { hostAims, renderEngine } from './host-text.ts';
import { measureEngine } from './measure-engine.ts';
import type { EngineMeasurement } from './measure-engine.ts';

/** `gts host scan` against a plain loop over `trivy image`, on real Docker engines with the same images. */
export const hostSuite: Suite = {
  name: 'host',
  summary: 'gts host scan against a plain loop over trivy image',
  ...ENGINE_OPTION,
  prepare(options) {
    const engines = readEngines(options);
    return (context) => measureEngines(engines, context);
  },
};

async function measureEngines(engines: readonly EngineName[], context: SuiteContext): Promise<SuiteOutcome> {
  const sized = await realSized(context.note);
  const measurements: EngineMeasurement[] = [];
  for (const engine of engines) measurements.push(await measureEngine(engine, sized, context));
  return {
    text: measurements.map(renderEngine).join('\n\n'),
    result: { engines: measurements.map((measurement) => ({ ...measurement, aims: judged(hostAims(measurement)) })) },
    problems: measurements.flatMap(({ engine, problems }) =>
      problems.map((problem) => `${engine.name} engine: ${problem}`),
    ),
  };
}
