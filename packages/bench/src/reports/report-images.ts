import { readFile } from 'node:fs/promises';

import { anImage, debianFiles, npmPackage, publishImages } from '@scanner/testing';
import type { Registry, Tree } from '@scanner/testing';

import type { RealSized } from '../images/real-sized.ts';
import { publishedTool } from '../scans/published-images.ts';
import type { PublishedTool } from '../scans/published-images.ts';

/** On each of which the database has two advisories that concern it, on average. */
const PACKAGES = 150;
const TAG = 'latest';

/** Fills a registry with images of which each gives Trivy a report of 1 MB: one base with many vulnerable packages. */
export async function publishReportImages(
  registry: Registry,
  { bases }: RealSized,
  count: number,
): Promise<readonly PublishedTool[]> {
  const base = debianFiles('12.12', await somePackages(bases.runtime.archiveNamesPath));
  const repositories = Array.from({ length: count }, (_, number) => `reports/service-${number}`);
  const images = repositories.map(async (repository, number) => ({
    repository,
    tag: TAG,
    image: await anImage({ layers: [base, ownLayer(number)] }),
  }));
  await publishImages(registry, await Promise.all(images));
  return repositories.map((repository) => publishedTool(registry, repository, TAG));
}

/** Spread over all names that there are. */
async function somePackages(namesPath: string): Promise<{ name: string; version: string }[]> {
  const list = await readFile(namesPath, 'utf8');
  const names = list.trimEnd().split('\n');
  const step = Math.floor(names.length / PACKAGES);
  return Array.from({ length: PACKAGES }, (_, index) => ({ name: names[index * step] ?? '', version: '1.0-1' }));
}

/** Has a package in it, so that no two images are matched alike. */
function ownLayer(number: number): Tree {
  return { ...npmPackage('lodash', '4.17.11'), ...npmPackage(`service-${number}`, '1.0.0') };
}
