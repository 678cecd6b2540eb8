import { engineSuite } from '../engine-suite.ts';
import { fleetAims, renderFleet } from './fleet-text.ts';
import { measureFleet } from './measure-fleet.ts';
import type { FleetMeasurement } from './measure-fleet.ts';

/** What an image that did not change costs, on a host with hundreds of them. */
export const fleetSuite = engineSuite<FleetMeasurement>({
  name: 'fleet',
  summary: 'gts host scan of 500 images of which none has changed',
  measure: measureFleet,
  render: renderFleet,
  aimsOf: fleetAims,
});
