import { engineSuite } from '../engine-suite.ts';
import { hostAims, renderEngine } from './host-text.ts';
import { measureEngine } from './measure-engine.ts';
import type { EngineMeasurement } from './measure-engine.ts';

/** `gts host scan` against a plain loop over `trivy image`, on real Docker engines with the same images. */
export const hostSuite = engineSuite<EngineMeasurement>({
  name: 'host',
  summary: 'gts host scan against a plain loop over trivy image, and docker save',
  measure: measureEngine,
  render: renderEngine,
  aimsOf: hostAims,
});
