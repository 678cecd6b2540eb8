import type { Engine } from '@scanner/testing';

import type { Databases } from '../databases.ts';
import { hostScanCache, runHostScan } from '../host/host-scan.ts';
import type { HostScan } from '../host/host-scan.ts';
import type { TrivyCounter } from '../trivy-counter.ts';
import type { Workplace } from '../workplace.ts';

/** A pass over a host; times in milliseconds. */
export interface FleetPass {
  readonly milliseconds: number;
  /** A bare request for the engine's list of images, just before. */
  readonly listing: number;
  readonly peakMemoryBytes: number;
}

/** What all hosts of a measurement have in common. */
export interface FleetParts {
  readonly place: Workplace;
  readonly databases: Databases;
  readonly trivy: TrivyCounter;
  readonly signal: AbortSignal;
}

/** An engine with its images, and the directory of the one who scans them. */
export class FleetHost {
  readonly references: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly #engine: Engine;
  readonly #directory: string;
  readonly #parts: FleetParts;

  constructor(engine: Engine, references: readonly string[], directory: string, parts: FleetParts) {
    this.references = references;
    this.environment = { ...parts.place.environment, DOCKER_HOST: engine.dockerHost };
    this.#engine = engine;
    this.#directory = directory;
    this.#parts = parts;
  }

  /** The first pass, which scans everything. */
  async begin(): Promise<HostScan> {
    await this.#parts.databases.put(hostScanCache(this.#directory), 1);
    const scan = await this.#scan();
    await this.#parts.trivy.take();
    return scan;
  }

  /** A pass in which nothing has changed. Throws when it runs Trivy all the same. */
  async passAgain(): Promise<FleetPass & Pick<HostScan, 'findings' | 'severities'>> {
    const { place, trivy, signal } = this.#parts;
    await place.settle(signal);
    const listing = await this.#timeListing();
    const { outcome, findings, severities } = await this.#scan();
    const processes = await trivy.take();
    if (processes > 0) throw new Error(`Nothing has changed, and Trivy was run ${processes} times.`);
    const { milliseconds, peakMemoryBytes } = outcome;
    return { milliseconds, listing, peakMemoryBytes, findings, severities };
  }

  async #timeListing(): Promise<number> {
    const startedAt = performance.now();
    await this.#engine.ask(`/v${this.#engine.apiVersion}/images/json`, this.#parts.signal);
    return performance.now() - startedAt;
  }

  #scan(): Promise<HostScan> {
    const { trivy, signal } = this.#parts;
    return runHostScan({ trivy, environment: this.environment }, this.#directory, signal);
  }
}
