import type { KnownLayer } from './known-layers.ts';

/** Trivy's names of analyses, base first. */
export type MatchPart = readonly string[];

/**
 * Takes an image's layers apart into what can be matched by itself, so that what images have in common is matched once:
 * the layers up to the last one that says anything of the system, of files that are gone, or what nobody knows; and
 * each one above them that holds nothing but applications. Of those Trivy matches each package by itself, and an
 * application takes the place of another only where it lies in the same place: then, as where it is not known, all stay together.
 *
 * Layers whose analysis says nothing change nothing and are left out. Trivy takes Red Hat's build information from a
 * layer's neighbours, and so by their places: where there is any, all layers stay, together.
 */
export const partsOf = (layers: readonly KnownLayer[]): readonly MatchPart[] => {
  if (layers.some(({ holds }) => holds.includes('buildInfo'))) return [blobsOf(layers)];
  const telling = layers.filter(({ holds }) => holds.length > 0);
  if (telling.length === 0) return [blobsOf(layers)];
  const base = telling.slice(0, telling.findLastIndex((layer) => !holdsApplicationsOnly(layer)) + 1);
  const apart = telling.slice(base.length);
  if (!lieApart(base, apart)) return [blobsOf(telling)];
  return [...(base.length > 0 ? [blobsOf(base)] : []), ...apart.map((layer) => blobsOf([layer]))];
};

const holdsApplicationsOnly = ({ holds }: KnownLayer): boolean =>
  holds.every((what) => what === 'applications' || what === 'languagePackages');

/** Whether no application of a layer apart lies where one of another layer does. */
const lieApart = (base: readonly KnownLayer[], apart: readonly KnownLayer[]): boolean => {
  const taken = new Set<string>();
  for (const { applications } of base) {
    if (applications === undefined) return false;
    for (const place of applications) taken.add(place);
  }
  for (const { applications } of apart) {
    if (applications === undefined || applications.some((place) => taken.has(place))) return false;
    for (const place of applications) taken.add(place);
  }
  return true;
};

const blobsOf = (layers: readonly KnownLayer[]): MatchPart => layers.map(({ blob }) => blob);
