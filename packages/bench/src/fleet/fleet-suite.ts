import { judged } from '../aim.ts';
import { ENGINE_OPTION, readEngines } from '../engines.ts';
import type { EngineName } from '../engines.ts';
import { realSized } from '../images/real-sized.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { fleetAims, renderFleet } from './fleet-text.ts';
import { measureFleet } from './measure-fleet.ts';
import type { FleetMeasurement } from './measure-fleet.ts';

/** What an image that did not change costs, on a host with hundreds of them. */
export const fleetSuite: Suite = {
  name: 'fleet',
  summary: 'gts host scan of 500 images of which none has changed',
  ...ENGINE_OPTION,
  prepare(options) {
    const engines = readEngines(options);
    return (context) => measureOn(engines, context);
  },
};

async function measureOn(engines: readonly EngineName[], context: SuiteContext): Promise<SuiteOutcome> {
  const sized = await realSized(context.note);
  const measurements: FleetMeasurement[] = [];
  for (const engine of engines) measurements.push(await measureFleet(engine, sized, context));
  return {
    text: measurements.map(renderFleet).join('\n\n'),
    result: { engines: measurements.map((measurement) => ({ ...measurement, aims: judged(fleetAims(measurement)) })) },
    problems: measurements.flatMap(({ engine, problems }) =>
      problems.map((problem) => `${engine.name} engine: ${problem}`),
    ),
  };
}
