import { type PublishedCatalogue, realTrivy, startPublishedCatalogue } from '@scanner/testing';

import type { Environment } from './gts.ts';
import { prepareDatabase } from './prepared-database.ts';

/** A Docker Hub, the registry behind it with images whose vulnerabilities are known, and the database that knows them. */
export interface CatalogueWorld extends AsyncDisposable, Pick<PublishedCatalogue, 'hub' | 'registry'> {
  /** What tells `gts` and Trivy to ask these and nobody else. */
  readonly environment: Environment;
}

export const catalogueWorld = async (): Promise<CatalogueWorld> => {
  const [catalogue, database, trivy] = await Promise.all([startPublishedCatalogue(), prepareDatabase(), realTrivy()]);
  const { hub, registry } = catalogue;
  return {
    hub,
    registry,
    environment: {
      ...database.environment,
      TRIVY_PATH: trivy,
      DOCKERHUB_URL: hub.url,
      REGISTRY_MIRRORS: `docker.io=${registry.host}`,
      DOCKER_HOST: 'unix:///nowhere/docker.sock',
      // Whatever network this machine has, what is not on the loopback interface is out of reach.
      HTTPS_PROXY: 'http://127.0.0.1:1',
    },
    async [Symbol.asyncDispose]() {
      await catalogue[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
};
