import { join } from 'node:path';

import {
  alpineImage,
  endOfLifeImage,
  hostileImage,
  mendedNodeImage,
  nodeImage,
  pythonImage,
  scratchImage,
  smallDebianImage,
} from '../images/catalog.ts';
import type { CatalogImage, KnownFinding } from '../images/catalog.ts';
import { writeOciLayout } from '../images/oci-layout.ts';
import { startRegistry } from '../registry/registry.ts';
import type { Registry } from '../registry/registry.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { anImageRow, aRepository, aTag, minutesAgo } from './content.ts';
import type { HubTag } from './content.ts';
import { startDockerHub } from './docker-hub.ts';
import type { DockerHub, DockerHubOptions } from './docker-hub.ts';
import { emptyRepository, helmTag, pluginRepository, privateRepository, signatureTag, windowsTag } from './oddities.ts';

/** A tag that lies in the registry, and the truth about it. */
export interface PublishedTag {
  /** `library/postgres`, as the registry knows it. */
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly findings: readonly KnownFinding[];
}

/** A Docker Hub, and the registry behind it. */
export interface PublishedCatalogue extends AsyncDisposable {
  readonly hub: DockerHub;
  readonly registry: Registry;
  readonly published: readonly PublishedTag[];
}

type Image = () => Promise<CatalogImage>;

/** Repositories by their tags, newest first; `listed: false` for tags that only the registry has. */
const REPOSITORIES: readonly {
  readonly repository: string;
  readonly pulls: number;
  readonly tags: Readonly<Record<string, Image>>;
  readonly listed?: false;
}[] = [
  {
    repository: 'library/postgres',
    pulls: 12_981_954_060,
    tags: { latest: smallDebianImage, stable: pythonImage, alpine: alpineImage, '16-bullseye': smallDebianImage },
  },
  {
    repository: 'library/redis',
    pulls: 9_000_000_000,
    tags: { alpine: alpineImage, '7.0': smallDebianImage, '6.2': smallDebianImage },
  },
  { repository: 'library/nginx', pulls: 8_000_000_000, tags: { latest: smallDebianImage }, listed: false },
  {
    repository: 'bitnami/postgresql',
    pulls: 500_000_000,
    tags: { '16.1.0': nodeImage, '15.5.0': smallDebianImage, '14.10.0': smallDebianImage },
  },
  { repository: 'acme/shop', pulls: 40_000, tags: { '1.5.0': mendedNodeImage, '1.4.2': nodeImage, latest: nodeImage } },
  { repository: 'acme/static', pulls: 300, tags: { latest: scratchImage } },
  { repository: 'acme/legacy', pulls: 20, tags: { '3.10': endOfLifeImage } },
  { repository: 'acme/odd-names', pulls: 7, tags: { latest: hostileImage } },
];

/**
 * Starts a Docker Hub with the namespaces `library`, `bitnami` and `acme`, and a registry that holds what it lists,
 * under the same names. `library/nginx` lists no tags and has `latest` all the same; `acme/gone` lists a tag that the
 * registry does not have. The other repositories of `acme` are an empty and a private one, a plugin, and one each with
 * nothing but a Windows image or a chart.
 */
export async function startPublishedCatalogue(options: DockerHubOptions = {}): Promise<PublishedCatalogue> {
  const registry = await startRegistry();
  const hub = await startDockerHub(options);
  const published: PublishedTag[] = [];
  for (const { repository, pulls, tags, listed } of REPOSITORIES) {
    const rows: HubTag[] = [];
    for (const [tag, image] of Object.entries(tags)) {
      const entry = await publish(registry, repository, tag, image);
      published.push(entry);
      rows.push(tagRow(entry, rows.length));
    }
    const [namespace = '', name = ''] = repository.split('/');
    hub.put(aRepository({ namespace, name, pull_count: pulls, tags: listed === false ? [] : rows }));
  }
  for (const repository of ODD_REPOSITORIES) hub.put(repository);
  return {
    hub,
    registry,
    published,
    async [Symbol.asyncDispose]() {
      await hub.stop();
      await registry.stop();
    },
  };
}

const ODD_REPOSITORIES = [
  aRepository({ namespace: 'acme', name: 'gone', tags: ['1.0'] }),
  aRepository({ namespace: 'acme', name: 'signed', tags: [signatureTag('.sig'), signatureTag('.att')] }),
  aRepository({ namespace: 'acme', name: 'windows', tags: [windowsTag('ltsc2022')] }),
  aRepository({ namespace: 'acme', name: 'chart', content_types: ['helm'], tags: [helmTag('1.0.0')] }),
  emptyRepository('acme', 'empty'),
  privateRepository('acme', 'vault'),
  pluginRepository('acme', 'volumes'),
];

async function publish(registry: Registry, repository: string, tag: string, image: Image): Promise<PublishedTag> {
  const { image: built, findings } = await image();
  await using directory = await temporaryDirectory();
  const layout = join(directory.path, 'layout');
  const { digest } = await writeOciLayout(layout, {
    reference: `docker.io/${repository}:${tag}`,
    platforms: [built],
  });
  await registry.pushOci(layout, `${repository}:${tag}`);
  return { repository, tag, digest, findings };
}

function tagRow({ tag, digest }: PublishedTag, age: number): HubTag {
  const pushed = minutesAgo(age);
  const image = anImageRow({ digest });
  return aTag({ name: tag, digest, images: [image], last_updated: pushed, tag_last_pushed: pushed });
}
