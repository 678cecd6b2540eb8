import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { SeededRandom } from '@scanner/core/testing';
import {
  type AgreeingRegistry,
  type CannedTrivy,
  cannedTrivy,
  type Ended,
  placeDatabase,
  programUser,
  type ProgramUser,
  type RunningProgram,
  startAgreeingRegistry,
} from '@scanner/testing';
import { z } from 'zod';

import type { Harm } from '../harm.ts';
import type { Place } from '../place.ts';
import { GTS } from '../programs.ts';
import type { Scenario, Subject } from '../scenario.ts';
import { readTools, scannedIn } from '../tools-file.ts';

const SCAN = ['scan', '--json', '--verbose', '--log-format', 'json', '--concurrency', '3'];
const SCAN_SECONDS = 0.02;
const MOST_NEW = 8;
/** A tool has as many findings as its number says, up to this. */
const KINDS_OF_TOOLS = 4;

/** `gts scan` of tools that come by an edit of `tools.json`. */
export const catalogueScans: Scenario = {
  name: 'catalogue',
  weight: 5,
  mostTries: 6,
  open: (place, random) => openCatalogueScans(place, random, () => 1),
};

/** Two and three of them begin at once over a catalogue that none of them knows yet. */
export const catalogueScansTogether: Scenario = {
  name: 'catalogue-together',
  weight: 3,
  mostTries: 2,
  open: (place, random) => openCatalogueScans(place, random, () => 2 + random.below(2)),
};

async function openCatalogueScans(place: Place, random: SeededRandom, programs: () => number): Promise<Subject> {
  await using opened = new AsyncDisposableStack();
  const trivy = opened.use(await cannedTrivy({ seconds: SCAN_SECONDS }));
  const registry: AgreeingRegistry = opened.use(await startAgreeingRegistry());
  const cache = join(place.path, 'trivy-cache');
  const user = await programUser(
    GTS,
    {
      XDG_CACHE_HOME: place.sharedCache,
      TRIVY_CACHE_DIR: cache,
      TRIVY_PATH: trivy.path,
      TRIVY_SKIP_DB_UPDATE: '1',
      SCAN_TIMEOUT_SECONDS: '2',
      REGISTRY_MIRRORS: `docker.io=${registry.host}`,
      DOCKER_HOST: 'unix:///nowhere/docker.sock',
    },
    { root: place.path },
  );
  await placeDatabase(cache, 1);
  const standing = opened.move();
  return new CatalogueScans({ user, trivy, random, programs, close: () => standing.disposeAsync() });
}

interface Parts {
  readonly user: ProgramUser;
  readonly trivy: CannedTrivy;
  readonly random: SeededRandom;
  readonly programs: () => number;
  readonly close: () => Promise<void>;
}

const SavedLine = z.object({ tool: z.string(), saved: z.literal(true) });
/** Without tools where nothing was scanned at all. */
const ScanDocument = z.object({ tools: z.array(z.object({ id: z.string(), status: z.string() })).default([]) });

class CatalogueScans implements Subject {
  readonly #parts: Parts;
  readonly #file: string;
  readonly #tools: string[] = [];
  readonly #saved = new Set<string>();
  /** What failed is left alone for an hour, unless it is asked for. */
  readonly #failed = new Set<string>();
  readonly #again: string[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#file = join(parts.user.workingDirectory, 'data', 'processed', 'tools.json');
  }

  async change(): Promise<void> {
    const tools = await readTools(this.#file);
    for (let added = 1 + this.#parts.random.below(MOST_NEW); added > 0; added -= 1) {
      const name = `tool-${String(this.#tools.length).padStart(4, '0')}`;
      await this.#parts.trivy.find(name, vulnerabilitiesOf(this.#tools.length));
      this.#tools.push(`docker_hub:acme/${name}`);
      tools.push({
        id: `docker_hub:acme/${name}`,
        name,
        namespace: 'acme',
        source: 'docker_hub',
        docker_tags: ['1.0'],
      });
    }
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFile(this.#file, JSON.stringify({ schema: 'gts.tools/1', tools }));
  }

  async start(): Promise<readonly RunningProgram[]> {
    return Array.from({ length: this.#parts.programs() }, () => this.#parts.user.start(SCAN));
  }

  async hear(ended: readonly Ended[], { kind }: Harm): Promise<readonly string[]> {
    const again = this.#take(ended);
    const odd = kind === 'none' ? ended.filter(({ exitCode }) => exitCode !== 0) : [];
    return [...again, ...odd.map(({ exitCode, stderr }) => `an unharmed scan ended with ${exitCode}: ${stderr}`)];
  }

  async finish(): Promise<Ended> {
    const failed = [...this.#failed].filter((id) => !this.#saved.has(id));
    const { user } = this.#parts;
    this.#failed.clear();
    if (failed.length > 0) this.#again.push(...this.#take([await user.run([...SCAN, '--force', ...failed])]));
    const ended = await user.run(SCAN);
    this.#again.push(...this.#take([ended]));
    return ended;
  }

  async faults(): Promise<readonly string[]> {
    const scanned = scannedIn(await readTools(this.#file));
    return [
      ...this.#again.splice(0),
      ...this.#tools.flatMap((id, number) => {
        const high = scanned.get(id);
        if (high === undefined) return [`${id} is ${this.#saved.has(id) ? 'saved and lost' : 'not scanned'}`];
        const right = vulnerabilitiesOf(number).length;
        return high === right ? [] : [`${id} has ${high} findings where ${right} are right`];
      }),
    ];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.close();
  }

  /** @returns what was saved already by runs that had ended before these began */
  #take(ended: readonly Ended[]): readonly string[] {
    const saved = ended.flatMap(savedBy);
    const again = saved.filter((id) => this.#saved.has(id));
    for (const id of saved) this.#saved.add(id);
    for (const id of ended.flatMap(({ stdout }) => failedIn(stdout))) this.#failed.add(id);
    return again.map((id) => `${id} was saved, and scanned again by the next run`);
  }
}

function vulnerabilitiesOf(number: number): readonly string[] {
  return Array.from({ length: number % KINDS_OF_TOOLS }, (_, index) => `CVE-2099-${index + 1}`);
}

function savedBy({ stderr }: Ended): readonly string[] {
  return stderr.split('\n').flatMap((line) => {
    if (!line.includes('"saved":true') || !line.endsWith('}')) return [];
    return [SavedLine.parse(JSON.parse(line)).tool];
  });
}

function failedIn(stdout: string): readonly string[] {
  if (!stdout.endsWith('}\n')) return [];
  const { tools } = ScanDocument.parse(JSON.parse(stdout));
  return tools.flatMap(({ id, status }) => (status === 'failed' ? [id] : []));
}
