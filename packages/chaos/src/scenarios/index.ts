import type { Scenario } from '../scenario.ts';
import { accepting } from './accepting.ts';
import { catalogueScans, catalogueScansTogether } from './catalogue-scans.ts';
import { daemon } from './daemon.ts';
import { hostPasses, hostPassesTogether } from './host-passes.ts';
import { openRealPasses } from './real-passes.ts';
import { scrapes } from './scrapes.ts';

/** Those that need nothing but Node. */
const QUICK_SCENARIOS: readonly Scenario[] = [
  hostPasses,
  hostPassesTogether,
  daemon,
  catalogueScans,
  catalogueScansTogether,
  scrapes,
  accepting,
];

const REAL = 'host-real';

export const SCENARIO_NAMES: readonly string[] = [...QUICK_SCENARIOS.map(({ name }) => name), REAL];

/** Scenarios with what they have in common, such as an engine. */
export interface OpenScenarios extends AsyncDisposable {
  readonly scenarios: readonly Scenario[];
}

/** Those of these names. */
export async function openScenarios(names: readonly string[]): Promise<OpenScenarios> {
  await using opened = new AsyncDisposableStack();
  const scenarios = QUICK_SCENARIOS.filter(({ name }) => names.includes(name));
  if (names.includes(REAL)) scenarios.push(opened.use(await openRealPasses()).scenario);
  const standing = opened.move();
  return { scenarios, [Symbol.asyncDispose]: () => standing.disposeAsync() };
}
