import type { SaveMeasurement } from './measure-saves.ts';
import type { ScrapeMeasurement } from './measure-scrape.ts';
import type { SelectionMeasurement } from './measure-selection.ts';
import type { TopMeasurement } from './measure-top.ts';

/** All that was measured of the catalogue. */
export interface CatalogueMeasurement {
  /** How many tools the largest catalogue has, which `top` and `selections` are about. */
  readonly tools: number;
  /** By size, smallest first. */
  readonly saves: readonly SaveMeasurement[];
  readonly top: TopMeasurement;
  readonly selections: readonly SelectionMeasurement[];
  readonly scrape: ScrapeMeasurement;
}
