import { startClassicEngine, startCurrentEngine } from '@scanner/testing';
import type { Engine } from '@scanner/testing';

import { UsageError } from './suite.ts';
import type { Suite, SuiteOptions } from './suite.ts';

const ENGINES = { classic: startClassicEngine, current: startCurrentEngine } as const;
export type EngineName = keyof typeof ENGINES;

const ENGINE_NAMES: readonly EngineName[] = ['classic', 'current'];

/** The option with which a suite is measured on one engine only. */
export const ENGINE_OPTION: Pick<Suite, 'options' | 'optionsHelp'> = {
  options: { engine: { type: 'string' } },
  optionsHelp: [`--engine <${ENGINE_NAMES.join('|')}>  one engine only (default: both, one after the other)`],
};

/** On which engines to measure. Throws {@link UsageError}. */
export function readEngines({ engine }: SuiteOptions): readonly EngineName[] {
  if (engine === undefined) return ENGINE_NAMES;
  const named = ENGINE_NAMES.find((name) => name === engine);
  if (named !== undefined) return [named];
  throw new UsageError(`--engine takes ${ENGINE_NAMES.join(' or ')}, not ${JSON.stringify(engine)}.`);
}

/** Starts an engine of that kind with nothing in it. */
export function startEngine(name: EngineName): Promise<Engine> {
  return ENGINES[name]();
}

/** Which engine something was measured on. */
export interface EngineDescription {
  readonly name: EngineName;
  readonly apiVersion: string;
  readonly version: string;
}

export async function describeEngine(name: EngineName, engine: Engine): Promise<EngineDescription> {
  const version = await engine.docker(['version', '--format', '{{.Server.Version}}']);
  return { name, apiVersion: engine.apiVersion, version };
}
