import { UsageError } from '../suite.ts';
import type { Suite, SuiteContext, SuiteOptions, SuiteOutcome } from '../suite.ts';
import { isEngineName, ENGINES, measureEngine } from './measure-engine.ts';
import type { EngineMeasurement, EngineName } from './measure-engine.ts';
import { ratiosOf, renderMeasurement } from './measurement-text.ts';

const ENGINE_NAMES = Object.keys(ENGINES).filter(isEngineName);
const TOLD_DIFFERENCES = 50;

/** `gts host scan` against a plain loop over `trivy image`, on real Docker engines with the same images. */
export const hostSuite: Suite = {
  name: 'host',
  summary: 'gts host scan against a plain loop over trivy image',
  options: { engine: { type: 'string' } },
  optionsHelp: [`--engine <${ENGINE_NAMES.join('|')}>  one engine only (default: both, one after the other)`],
  prepare(options) {
    const engines = readEngines(options);
    return (context) => measureEngines(engines, context);
  },
};

function readEngines({ engine }: SuiteOptions): readonly EngineName[] {
  if (engine === undefined) return ENGINE_NAMES;
  if (isEngineName(engine)) return [engine];
  throw new UsageError(`--engine takes ${ENGINE_NAMES.join(' or ')}, not ${JSON.stringify(engine)}.`);
}

async function measureEngines(engines: readonly EngineName[], context: SuiteContext): Promise<SuiteOutcome> {
  const measurements: EngineMeasurement[] = [];
  for (const engine of engines) measurements.push(await measureEngine(engine, context));
  return {
    text: measurements.map(renderMeasurement).join('\n\n'),
    result: { engines: measurements.map((measurement) => ({ ...measurement, ratios: ratiosOf(measurement.samples) })) },
    problems: measurements.flatMap(problemsOf),
  };
}

function problemsOf({ engine, differences }: EngineMeasurement): string[] {
  if (differences.length === 0) return [];
  const more = differences.length - TOLD_DIFFERENCES;
  return [
    `On the ${engine.name} engine not every run found the same as the loop did at first, so its times say nothing:`,
    ...differences.slice(0, TOLD_DIFFERENCES).map((difference) => `  ${difference}`),
    ...(more > 0 ? [`  and ${more} differences more`] : []),
  ];
}
