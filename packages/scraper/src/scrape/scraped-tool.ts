import { type ScrapedTool, type Tool, UNKNOWN_SECURITY } from '@scanner/core';

import { timeOf } from '../listing/ordering.ts';
import type { RepositoryRow, TagRow } from '../schema.ts';
import { hasDigest, tagDetails, tagDetailsWithImages } from '../tags/tag-details.ts';

const SOURCE = 'docker_hub';
const MAX_DESCRIPTION = 1000;

/** The tags of one repository, as far as they matter. */
export interface FoundTags {
  /** In the order in which they are to stand. */
  readonly tags: readonly TagRow[];
  /** What else is known, for choosing one; not published. */
  readonly beside: readonly TagRow[];
  /** There were tags, and none of them is of a Linux image. */
  readonly noneUsable: boolean;
  /** There were no tags at all. */
  readonly noneListed: boolean;
}

/** The catalogue's entry for a repository; `found` is null where its tags could not be had. */
export const scrapedTool = (namespace: string, row: RepositoryRow, found: FoundTags | null): ScrapedTool => {
  const { tags, beside } = found ?? { tags: [], beside: [] };
  const all = [...tags, ...beside];
  const known = all.map(all.every(hasDigest) ? tagDetails : tagDetailsWithImages);
  return {
    tool: {
      id: `${SOURCE}:${namespace}/${row.name}`,
      name: row.name,
      namespace,
      source: SOURCE,
      description: row.description?.slice(0, MAX_DESCRIPTION).toWellFormed() ?? null,
      pull_count: row.pull_count ?? null,
      star_count: row.star_count ?? null,
      last_updated: dateOf(row),
      docker_tags: tags.map((tag) => tag.name),
      tags_note: found?.noneUsable === true ? 'no_linux_image' : null,
      security: UNKNOWN_SECURITY,
    } satisfies Tool,
    tags: known.map((tag, index) => (index < tags.length ? tag : { ...tag, published: false })),
    tagsKnown: found !== null,
  };
};

/** Whether the list of repositories knows of a push. */
export const wasPushedTo = ({ last_updated: date }: RepositoryRow): boolean => timeOf(date) !== null;

const dateOf = ({ last_updated: date }: RepositoryRow): string | null =>
  timeOf(date) === null ? null : (date ?? null);
