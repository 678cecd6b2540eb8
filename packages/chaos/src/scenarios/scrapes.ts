import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { SeededRandom } from '@scanner/core/testing';
import {
  aRepository,
  type DockerHub,
  type Ended,
  programUser,
  type ProgramUser,
  type RunningProgram,
  startDockerHub,
} from '@scanner/testing';

import type { Harm } from '../harm.ts';
import { GTS } from '../programs.ts';
import type { Scenario, Subject } from '../scenario.ts';
import { readTools, scannedIn } from '../tools-file.ts';

const MOST_NEW = 8;
const MOST_TAGS = 5;
const LATENCY_MS = 3;
const SCANNED_BEFORE = { id: 'docker_hub:acme/scanned-before', findings: 7 };

/** `gts scrape` of namespaces of Docker Hub, into a catalogue that holds the result of a scan already. */
export const scrapes: Scenario = {
  name: 'scrape',
  weight: 3,
  mostTries: 6,
  open: async (place, random) => {
    const hub = await startDockerHub({ limit: false, latencyMs: LATENCY_MS });
    const environment = { XDG_CACHE_HOME: place.sharedCache, DOCKERHUB_URL: hub.url };
    const user = await programUser(GTS, environment, { root: place.path });
    const subject = new Scrapes(user, hub, random);
    await subject.begin();
    return subject;
  },
};

class Scrapes implements Subject {
  readonly #user: ProgramUser;
  readonly #hub: DockerHub;
  readonly #random: SeededRandom;
  readonly #file: string;
  readonly #tags = new Map<string, readonly string[]>();
  #namespaces = 0;

  constructor(user: ProgramUser, hub: DockerHub, random: SeededRandom) {
    this.#user = user;
    this.#hub = hub;
    this.#random = random;
    this.#file = join(user.workingDirectory, 'data', 'processed', 'tools.json');
  }

  /** Lays a file that somebody else has written. */
  async begin(): Promise<void> {
    const security = {
      status: 'vulnerable',
      scanned_tag: 'latest',
      trivy_scan_date: '2026-11-01T00:00:00.000Z',
      vulnerabilities: { critical: 0, high: SCANNED_BEFORE.findings, medium: 0, low: 0, unknown: 0 },
    };
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFile(this.#file, JSON.stringify({ tools: [{ id: SCANNED_BEFORE.id, security }] }));
  }

  /** Answers are kept for a day, so what is new is in a namespace that nobody has asked for. */
  async change(): Promise<void> {
    this.#namespaces += 1;
    for (let made = 1 + this.#random.below(MOST_NEW); made > 0; made -= 1) {
      const name = `tool-${made}`;
      const tags = Array.from({ length: 1 + this.#random.below(MOST_TAGS) }, (_, index) => `1.${index}`);
      this.#hub.put(aRepository({ namespace: this.#namespace(), name, tags: [...tags, 'latest'] }));
      this.#tags.set(`docker_hub:${this.#namespace()}/${name}`, [...tags, 'latest']);
    }
  }

  async start(): Promise<readonly RunningProgram[]> {
    return [this.#user.start(this.#arguments())];
  }

  async hear(ended: readonly Ended[], { kind }: Harm): Promise<readonly string[]> {
    const odd = kind === 'none' ? ended.filter(({ exitCode }) => exitCode !== 0) : [];
    return odd.map(({ exitCode, stderr }) => `an unharmed scrape ended with ${exitCode}: ${stderr}`);
  }

  finish(): Promise<Ended> {
    return this.#user.run(this.#arguments());
  }

  async faults(): Promise<readonly string[]> {
    const tools = await readTools(this.#file);
    const tagsOf = new Map(tools.map(({ id, docker_tags: tags }) => [id, tags?.toSorted().join()]));
    const before = scannedIn(tools).get(SCANNED_BEFORE.id);
    return [
      ...[...this.#tags]
        .filter(([id, tags]) => tagsOf.get(id) !== tags.toSorted().join())
        .map(([id, tags]) => `${id} should have the tags ${tags.join()} and has ${tagsOf.get(id) ?? 'none'}`),
      ...(before === SCANNED_BEFORE.findings ? [] : [`the result of ${SCANNED_BEFORE.id} is lost`]),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hub.stop();
  }

  #namespace(): string {
    return `acme${this.#namespaces}`;
  }

  #arguments(): readonly string[] {
    return ['scrape', '--source', 'docker_hub', '--namespaces', this.#namespace(), '--json'];
  }
}
