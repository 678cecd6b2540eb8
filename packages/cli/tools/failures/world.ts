import { HostScanDocument } from '@scanner/core';
import {
  type Engine,
  loadStandardImages,
  realTrivy,
  startClassicEngine,
  temporaryDirectory,
  type UserOptions,
} from '@scanner/testing';

import { type CatalogueWorld, catalogueWorld } from '../../e2e/support/catalogue-world.ts';
import { type Environment, type GtsUser, gtsUser } from '../../e2e/support/gts.ts';
import { prepareDatabase, type PreparedDatabase } from '../../e2e/support/prepared-database.ts';
import { readDocument } from '../../e2e/support/schemas.ts';

/** The two images of the host that failures are tried on. */
export const ALPINE = 'registry.example/base/alpine:3.23';
const WORKER = 'registry.example/shop/worker:1.0';

/** The real parts that failures are tried with, each started when it is first needed. */
export class World implements AsyncDisposable {
  readonly #parts = new AsyncDisposableStack();
  #perFailure = new AsyncDisposableStack();
  #engine: Promise<Engine> | undefined;
  #database: Promise<PreparedDatabase> | undefined;
  #catalogue: Promise<CatalogueWorld> | undefined;

  /** An engine that holds all the standard images. */
  engine(): Promise<Engine> {
    return (this.#engine ??= (async () => {
      const engine = this.#parts.use(await startClassicEngine());
      await loadStandardImages(engine);
      return engine;
    })());
  }

  database(): Promise<PreparedDatabase> {
    return (this.#database ??= (async () => this.#parts.use(await prepareDatabase()))());
  }

  catalogue(): Promise<CatalogueWorld> {
    return (this.#catalogue ??= (async () => this.#parts.use(await catalogueWorld()))());
  }

  /** Somebody with a real Trivy and the small database, but no engine. */
  async user(environment: Environment = {}, options: UserOptions = {}): Promise<GtsUser> {
    const { environment: database } = await this.database();
    const whole = { ...database, TRIVY_PATH: await realTrivy(), DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    return this.own(await gtsUser({ ...whole, ...environment }, options));
  }

  /** Somebody who scans two images of the engine. */
  async hostUser(environment: Environment = {}, options: UserOptions = {}): Promise<GtsUser> {
    const { dockerHost } = await this.engine();
    return this.user({ DOCKER_HOST: dockerHost, SCAN_IMAGES: `${ALPINE},${WORKER}`, ...environment }, options);
  }

  /** Somebody who scans a catalogue. */
  async catalogueUser(environment: Environment = {}): Promise<GtsUser> {
    const { environment: whole } = await this.catalogue();
    return this.own(await gtsUser({ ...whole, ...environment }));
  }

  /** A directory that is gone after the failure. */
  async directory(): Promise<string> {
    return this.own(await temporaryDirectory()).path;
  }

  /** Is disposed of after the failure. */
  own<T extends AsyncDisposable>(part: T): T {
    return this.#perFailure.use(part);
  }

  /** Ends what the failure has started. */
  async endFailure(): Promise<void> {
    const ended = this.#perFailure;
    this.#perFailure = new AsyncDisposableStack();
    await ended.disposeAsync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.endFailure();
    await this.#parts.disposeAsync();
  }
}

/** The next pass of that host, without what went wrong. */
export const nextPass = async (user: GtsUser, environment: Environment = {}): Promise<HostScanDocument> => {
  const ended = await user.gts(['host', 'scan', '--json'], environment);
  if (ended.exitCode !== 0) throw new Error(`the next pass ended with ${ended.exitCode}:\n${ended.stderr}`);
  return readDocument(HostScanDocument, ended.stdout);
};
