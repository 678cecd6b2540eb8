import { join } from 'node:path';

import type { SeededRandom } from '@scanner/core/testing';
import {
  anImage,
  debianFiles,
  type Engine,
  npmPackage,
  placeDatabase,
  programUser,
  realTrivy,
  startClassicEngine,
  temporaryDirectory,
  writeDockerArchive,
} from '@scanner/testing';

import type { Place } from '../place.ts';
import { GTS } from '../programs.ts';
import { startReceivers } from '../receivers.ts';
import type { Scenario } from '../scenario.ts';
import { HostPasses } from './host-passes.ts';
import type { HostWorld } from './host-world.ts';

const MOST_TRIES = 4;
const MOST_NEW = 3;

/** The same with a real engine and a real Trivy, whose sessions, servers and processes are there to be left behind. */
export async function openRealPasses(): Promise<AsyncDisposable & { readonly scenario: Scenario }> {
  const engine = await startClassicEngine();
  try {
    const references = await loadImages(engine, MOST_TRIES * MOST_NEW);
    const trivy = await realTrivy();
    return {
      scenario: {
        name: 'host-real',
        weight: 2,
        mostTries: MOST_TRIES,
        open: async (place, random) =>
          new HostPasses(await openRealHost({ place, random, references, engine, trivy }), () => 1),
      },
      [Symbol.asyncDispose]: () => engine.stop(),
    };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

interface RealHostOptions {
  readonly place: Place;
  readonly random: SeededRandom;
  readonly references: readonly string[];
  readonly engine: Engine;
  readonly trivy: string;
}

/** The engine is the same for all; what is new for this host are images that it did not look at before. */
async function openRealHost({ place, random, references, engine, trivy }: RealHostOptions): Promise<HostWorld> {
  const receivers = await startReceivers();
  const user = await programUser(
    GTS,
    {
      ...receivers.environment,
      XDG_CACHE_HOME: place.sharedCache,
      TRIVY_PATH: trivy,
      TRIVY_SKIP_DB_UPDATE: '1',
      SCAN_TIMEOUT_SECONDS: '20',
      DOCKER_HOST: engine.dockerHost,
    },
    { root: place.path },
  );
  await placeDatabase(join(user.directory, 'cache'), 1);
  const chosen: string[] = [];
  return {
    user,
    change: async () => {
      const added = references.slice(chosen.length, chosen.length + 1 + random.below(MOST_NEW));
      for (const reference of added) receivers.expect(reference);
      chosen.push(...added);
    },
    selection: () => chosen.flatMap((reference) => ['--image', reference]),
    scansOf: async () => undefined,
    tellingFaults: () => receivers.faults(),
    [Symbol.asyncDispose]: () => receivers[Symbol.asyncDispose](),
  };
}

/** Small ones on one base, each with a layer of its own. */
async function loadImages(engine: Engine, count: number): Promise<readonly string[]> {
  const base = debianFiles('12.12', [{ name: 'bash', version: '5.2.15-2' }]);
  const numbers = Array.from({ length: count }, (_, index) => String(index).padStart(2, '0'));
  const images = numbers.map(async (number) => ({
    references: [`registry.example/chaos/real-${number}:1`],
    image: await anImage({ layers: [base, { ...npmPackage('lodash', '4.17.11'), 'app/number': number }] }),
  }));
  await using directory = await temporaryDirectory();
  const archive = join(directory.path, 'images.tar');
  await writeDockerArchive(archive, await Promise.all(images));
  await engine.load(archive);
  return (await Promise.all(images)).flatMap(({ references }) => references);
}
