import type { Engine } from '@scanner/testing';

import type { Databases } from '../databases.ts';
import type { TrivyCounter } from '../trivy-counter.ts';
import type { Workplace } from '../workplace.ts';
import type { ImageSet } from './image-set.ts';

/** All that the runs on one engine have in common. */
export interface HostSetting {
  readonly engine: Engine;
  readonly set: ImageSet;
  readonly databases: Databases;
  readonly trivy: TrivyCounter;
  readonly place: Workplace;
  /** Where the engine is, and nothing of the caller's own but the search path. */
  readonly environment: Readonly<Record<string, string>>;
}
