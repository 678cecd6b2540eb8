import { join } from 'node:path';

import type { SeededRandom } from '@scanner/core/testing';
import {
  cannedTrivy,
  type CannedTrivy,
  type FakeEngine,
  type ListedImage,
  placeDatabase,
  programUser,
  type ProgramUser,
  startFakeEngine,
} from '@scanner/testing';

import type { Place } from '../place.ts';
import { type Receivers, startReceivers } from '../receivers.ts';

/** A host whose images come and change, and who is told of it. */
export interface HostWorld extends AsyncDisposable {
  readonly user: ProgramUser;
  /** Makes new images; what is to be told of them stands in no other notice. */
  change(): Promise<void>;
  /** Which images a pass is about: arguments for the command line, none for all. */
  selection(): readonly string[];
  /** How often an image has been scanned; undefined where that is not known. */
  scansOf(reference: string): Promise<number | undefined>;
  /** What was not told, or under two message IDs. */
  tellingFaults(): readonly string[];
}

/** A host of fakes, on which a pass takes no longer than its program needs. */
export interface FakeHostWorld extends HostWorld {
  /** An image that is there from now on, of which nothing has to be told. */
  put(reference: string, vulnerabilities: readonly string[]): Promise<void>;
}

const MOVING = 'registry.example/chaos/moving:1';
const FIRST_VULNERABILITY = 10_000;
const MOST_NEW = 3;
const SCAN_SECONDS = 0.02;

export async function openFakeHost(place: Place, random: SeededRandom, main: string): Promise<FakeHostWorld> {
  await using opened = new AsyncDisposableStack();
  const trivy = opened.use(await cannedTrivy({ seconds: SCAN_SECONDS }));
  const engine = opened.use(await startFakeEngine());
  const receivers = opened.use(await startReceivers());
  const user = await programUser(
    main,
    {
      ...receivers.environment,
      XDG_CACHE_HOME: place.sharedCache,
      SCANNER_DIR: './security',
      TRIVY_PATH: trivy.path,
      TRIVY_SKIP_DB_UPDATE: '1',
      SCAN_TIMEOUT_SECONDS: '2',
      DOCKER_HOST: engine.dockerHost,
    },
    { root: place.path },
  );
  await placeDatabase(join(user.directory, 'cache'), 1);
  const images = new ChangingImages({ engine, trivy, receivers, random });
  const standing = opened.move();
  return {
    user,
    change: () => images.change(),
    put: (reference, vulnerabilities) => images.put(reference, vulnerabilities),
    selection: () => [],
    scansOf: (reference) => images.scansOf(reference),
    tellingFaults: () => receivers.faults(),
    [Symbol.asyncDispose]: () => standing.disposeAsync(),
  };
}

interface ImagesParts {
  readonly engine: FakeEngine;
  readonly trivy: CannedTrivy;
  readonly receivers: Receivers;
  readonly random: SeededRandom;
}

/** One image that is built again with each change, and others that come. */
class ChangingImages {
  readonly #parts: ImagesParts;
  readonly #images = new Map<string, ListedImage>();
  readonly #vulnerabilities: string[] = [];
  #made = 0;

  constructor(parts: ImagesParts) {
    this.#parts = parts;
  }

  async change(): Promise<void> {
    await this.#buildAgain();
    for (let added = 1 + this.#parts.random.below(MOST_NEW); added > 0; added -= 1) await this.#add();
  }

  async put(reference: string, vulnerabilities: readonly string[]): Promise<void> {
    this.#made += 1;
    const id = `sha256:${String(this.#made).padStart(64, '0')}`;
    await this.#parts.trivy.find(id, vulnerabilities);
    this.#images.set(reference, { id, references: [reference] });
    this.#parts.engine.list([...this.#images.values()]);
  }

  async scansOf(reference: string): Promise<number | undefined> {
    const id = this.#images.get(reference)?.id;
    return (await this.#parts.trivy.scans()).filter((scanned) => scanned === id).length;
  }

  /** What it had when it was first seen is told as a count only. */
  async #buildAgain(): Promise<void> {
    const vulnerability = `CVE-2099-${FIRST_VULNERABILITY + this.#vulnerabilities.length}`;
    if (this.#vulnerabilities.length > 0) this.#parts.receivers.expect(vulnerability);
    this.#vulnerabilities.push(vulnerability);
    await this.put(MOVING, this.#vulnerabilities);
  }

  async #add(): Promise<void> {
    const reference = `registry.example/chaos/app-${String(this.#made).padStart(4, '0')}:1`;
    this.#parts.receivers.expect(reference);
    await this.put(reference, ['CVE-2099-1']);
  }
}
