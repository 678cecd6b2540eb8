import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import {
  alpineImage,
  alpineImageFor,
  aRepository,
  aTag,
  type BuiltImage,
  type DockerHub,
  type DockerHubOptions,
  minutesAgo,
  nodeImage,
  pythonImage,
  realTrivy,
  type Registry,
  smallDebianImage,
  startDockerHub,
  temporaryDirectory,
  windowsTag,
  writeOciLayout,
} from '@scanner/testing';

import type { Environment } from './gts.ts';
import { prepareDatabase, type PreparedDatabase } from './prepared-database.ts';

/** A Docker Hub, the registry behind it with images whose vulnerabilities are known, and the database that knows them. */
export interface CatalogueWorld extends AsyncDisposable {
  readonly database: PreparedDatabase;
  readonly registry: Registry;
  /** What tells `gts` and Trivy to ask these and nobody else. */
  readonly environment: Environment;
}

/** No request leaves this machine: what is not on the loopback interface is sent to a proxy that is not there. */
const NOWHERE = 'http://127.0.0.1:1';

/** Starts a registry that has the images of {@link catalogueRepositories}, and a database. */
export const catalogueWorld = async (): Promise<CatalogueWorld> => {
  const database = await prepareDatabase();
  const { registry } = database;
  await pushTo(registry, 'library/postgres:stable', (await pythonImage()).image);
  await pushTo(registry, 'library/redis:alpine', (await alpineImage()).image);
  await pushTo(registry, 'library/nginx:latest', (await smallDebianImage()).image);
  await pushTo(registry, 'bitnami/postgresql:16.1.0', (await nodeImage()).image);
  await pushTo(registry, 'acme/api:latest', (await nodeImage()).image);
  await pushTo(registry, 'acme/arm:1.0', await alpineImageFor('arm64'), await alpineImageFor('s390x'));
  return {
    database,
    registry,
    environment: {
      ...database.environment,
      TRIVY_PATH: await realTrivy(),
      REGISTRY_MIRRORS: `docker.io=${registry.host}`,
      DOCKER_HOST: 'unix:///nowhere/docker.sock',
      HTTPS_PROXY: NOWHERE,
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
};

/** Puts an image, of one platform or of several, into a registry. */
export const pushTo = async (registry: Registry, reference: string, ...platforms: BuiltImage[]): Promise<void> => {
  await using directory = await temporaryDirectory();
  const layout = join(directory.path, 'layout');
  await mkdir(layout, { recursive: true });
  await writeOciLayout(layout, { reference: `docker.io/${reference}`, platforms });
  await registry.pushOci(layout, reference);
};

/** Tags in this order, the newest push first. */
const tags = (...names: string[]) =>
  names.map((name, age) => aTag({ name, last_updated: minutesAgo(age), tag_last_pushed: minutesAgo(age) }));

/** The repositories that the choice of tags is explained with, and some of a publisher that are not as they should be. */
export const catalogueRepositories = () => [
  aRepository({ name: 'postgres', pull_count: 9_000, tags: tags('latest', 'stable', 'alpine', '16-bullseye') }),
  aRepository({ name: 'redis', pull_count: 8_000, tags: tags('alpine', '7.0', '6.2') }),
  aRepository({ name: 'nginx', pull_count: 7_000, tags: [] }),
  aRepository({ namespace: 'bitnami', name: 'postgresql', tags: tags('16.1.0', '15.5.0', '14.10.0') }),
  aRepository({ namespace: 'acme', name: 'api', tags: tags('2.1', 'latest') }),
  aRepository({ namespace: 'acme', name: 'arm', tags: tags('1.0') }),
  aRepository({ namespace: 'acme', name: 'windows', tags: [windowsTag('ltsc2022')] }),
];

/** Starts a Docker Hub with {@link catalogueRepositories}. */
export const catalogueHub = (options: DockerHubOptions = {}): Promise<DockerHub> =>
  startDockerHub({ repositories: catalogueRepositories(), ...options });
