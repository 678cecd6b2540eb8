import {
  type DatabaseGeneration,
  databaseRepository,
  javaDatabaseRepository,
  publishDatabase,
  publishJavaDatabase,
  type Registry,
  startRegistry,
} from '@scanner/testing';

import type { Environment } from './gts.ts';

/** A registry that serves the small vulnerability database and the Java one. */
export interface PreparedDatabase extends AsyncDisposable {
  readonly registry: Registry;
  /** What tells `gts` to get its databases from there. */
  readonly environment: Environment;
  /** Publishes another generation in place of the first. */
  publish(generation: DatabaseGeneration): Promise<void>;
}

/** Starts a registry with the first generation of the database, built now. */
export const prepareDatabase = async (): Promise<PreparedDatabase> => {
  const registry = await startRegistry();
  await publishDatabase(registry, 1);
  await publishJavaDatabase(registry);
  return {
    registry,
    environment: {
      TRIVY_DB_REPOSITORY: `${databaseRepository(registry)}:2`,
      TRIVY_JAVA_DB_REPOSITORY: `${javaDatabaseRepository(registry)}:1`,
    },
    publish: async (generation) => {
      await publishDatabase(registry, generation);
    },
    [Symbol.asyncDispose]: () => registry.stop(),
  };
};
