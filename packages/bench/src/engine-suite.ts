import type { Aim } from './aim.ts';
import { judged } from './aim.ts';
import { ENGINE_OPTION, readEngines } from './engines.ts';
import type { EngineDescription, EngineName } from './engines.ts';
import { realSized } from './images/real-sized.ts';
import type { RealSized } from './images/real-sized.ts';
import type { Suite, SuiteContext, SuiteOutcome } from './suite.ts';

/** What was measured on one engine. */
export interface OnEngine {
  readonly engine: EngineDescription;
  /** Why the measurements mean nothing, as sentences. */
  readonly problems: readonly string[];
}

/** A suite that measures the same on each kind of engine. */
export interface EngineSuite<Measurement extends OnEngine> extends Pick<Suite, 'name' | 'summary'> {
  measure(engine: EngineName, realSized: RealSized, context: SuiteContext): Promise<Measurement>;
  render(measurement: Measurement): string;
  aimsOf(measurement: Measurement): readonly Aim[];
}

export function engineSuite<Measurement extends OnEngine>(suite: EngineSuite<Measurement>): Suite {
  return {
    name: suite.name,
    summary: suite.summary,
    ...ENGINE_OPTION,
    prepare(options) {
      const engines = readEngines(options);
      return (context) => measureOn(engines, suite, context);
    },
  };
}

async function measureOn<Measurement extends OnEngine>(
  engines: readonly EngineName[],
  suite: EngineSuite<Measurement>,
  context: SuiteContext,
): Promise<SuiteOutcome> {
  const sized = await realSized(context.note);
  const measurements: Measurement[] = [];
  for (const engine of engines) measurements.push(await suite.measure(engine, sized, context));
  return {
    text: measurements.map((measurement) => suite.render(measurement)).join('\n\n'),
    result: {
      engines: measurements.map((measurement) => ({ ...measurement, aims: judged(suite.aimsOf(measurement)) })),
    },
    problems: measurements.flatMap(({ engine, problems }) =>
      problems.map((problem) => `${engine.name} engine: ${problem}`),
    ),
  };
}
