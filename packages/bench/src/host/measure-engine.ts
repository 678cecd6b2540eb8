import { realTrivy, temporaryDirectory } from '@scanner/testing';
import type { Engine } from '@scanner/testing';

import { Databases } from '../databases.ts';
import { describeEngine, startEngine } from '../engines.ts';
import type { OnEngine } from '../engine-suite.ts';
import type { EngineName } from '../engines.ts';
import type { RealSized } from '../images/real-sized.ts';
import type { Sample } from '../sample.ts';
import type { SuiteContext } from '../suite.ts';
import { makeTrivyCounter } from '../trivy-counter.ts';
import { Workplace } from '../workplace.ts';
import { HostMeasurement } from './host-measurement.ts';
import type { HostSubject } from './host-measurement.ts';
import type { HostSetting } from './host-setting.ts';
import { pullImageSet } from './image-set.ts';

/** What was measured on one engine. */
export interface EngineMeasurement extends OnEngine {
  readonly trivy: string;
  readonly images: number;
  readonly references: number;
  /** Findings of all references together, as the loop found them. */
  readonly findings: number;
  readonly samples: readonly Sample<HostSubject>[];
}

/** Starts an engine with the set of images, measures the loop and gts on it in turn, and removes it again. */
export async function measureEngine(
  name: EngineName,
  realSized: RealSized,
  context: SuiteContext,
): Promise<EngineMeasurement> {
  const { rounds, signal, note } = context;
  await using directory = await temporaryDirectory();
  note(`${name} engine: starting it and pulling the images`);
  await using engine = await startEngine(name);
  signal.throwIfAborted();
  const setting = await settingOn(engine, realSized, directory.path, signal);
  signal.throwIfAborted();
  const measurement = new HostMeasurement(setting, directory.path, signal);
  note(`${name} engine: once to warm up`);
  await measurement.warmUp();
  for (let round = 1; round <= rounds; round += 1) {
    note(`${name} engine: round ${round} of ${rounds}`);
    await measurement.measureRound(round);
  }
  const { set, trivy } = setting;
  return {
    engine: await describeEngine(name, engine),
    trivy: trivy.version,
    images: set.images,
    references: set.references.length,
    ...measurement.result(),
  };
}

async function settingOn(
  engine: Engine,
  realSized: RealSized,
  directory: string,
  signal: AbortSignal,
): Promise<HostSetting> {
  const place = await Workplace.in(directory);
  return {
    engine,
    set: await pullImageSet(engine, realSized, signal),
    databases: new Databases(realSized.database),
    trivy: await makeTrivyCounter(await realTrivy(), directory),
    place,
    environment: { ...place.environment, DOCKER_HOST: engine.dockerHost },
  };
}
