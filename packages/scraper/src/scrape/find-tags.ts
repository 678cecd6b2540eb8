import type { DockerHubClient } from '../docker-hub-client.ts';
import type { AskOptions } from '../connection/docker-hub-connection.ts';
import { DockerHubError, OUT_OF_REACH } from '../docker-hub-error.ts';
import type { Cut, Listing } from '../listing/walk-pages.ts';
import type { TagRow } from '../schema.ts';
import { judgeTag } from '../tags/judge-tag.ts';
import type { FoundTags } from './scraped-tool.ts';

/** Tags that the choice prefers, looked for on their own where the newest ones do not hold them. */
const PREFERRED = ['latest', 'stable', 'alpine'] as const;

/** So many tags that came along are kept for the choice: as many as a page has. */
const MAX_BESIDE = 100;

export interface FindTagsOptions extends AskOptions {
  readonly limit: number;
  /** As the client's `listTags` has it. */
  readonly mayBeEmpty?: boolean;
}

/**
 * The newest tags of a repository that may carry a Linux image, at most `limit`; then, where there are more than these,
 * those of `latest`, `stable` and `alpine` that exist. What else came along lies beside them.
 *
 * @throws as the client's `listTags`: what is known of the tags is whole or nothing
 */
export const findTags = async (
  client: DockerHubClient,
  namespace: string,
  name: string,
  { limit, mayBeEmpty = false, ...asking }: FindTagsOptions,
): Promise<FoundTags> => {
  const listing = await client.listTags(namespace, name, { ...asking, limit, isUseful, mayBeEmpty });
  assertWhole(listing.cut);
  if (listing.rows.length === 0 && listing.unreadable > 0)
    throw new DockerHubError('Docker Hub answered with tags that cannot be read', { code: 'bad_answer' });
  const useful = listing.rows.filter(isUseful);
  const newest = useful.slice(0, limit);
  const preferred = await preferredTags(client, namespace, name, listing, asking);
  const tags = [...newest, ...preferred.filter((tag) => isUseful(tag) && !newest.includes(tag))];
  const names = new Set(tags.map((tag) => tag.name));
  const noneListed = listing.rows.length === 0;
  return {
    tags,
    beside: useful.filter((tag) => !names.has(tag.name)).slice(0, MAX_BESIDE),
    noneUsable: tags.length === 0 && !noneListed,
    noneListed,
  };
};

/** Those of the preferred tags that exist, asked for where the list does not hold them and was cut. */
const preferredTags = async (
  client: DockerHubClient,
  namespace: string,
  name: string,
  { rows, cut }: Listing<TagRow>,
  asking: AskOptions,
): Promise<TagRow[]> => {
  const find = async (wanted: string): Promise<TagRow | null> => {
    const listed = rows.find((tag) => tag.name === wanted);
    return listed ?? (cut === null ? null : await client.findTag(namespace, name, wanted, asking));
  };
  const found = await Promise.all(PREFERRED.map(find));
  return found.filter((tag) => tag !== null);
};

/** A page that could not be had now may hold the very tag that matters; where there is none, the newest ones will do. */
const assertWhole = (cut: Cut | null): void => {
  if (cut === null || cut.code === 'enough' || cut.code === 'incomplete' || !OUT_OF_REACH.has(cut.code)) return;
  throw new DockerHubError(cut.message, { code: cut.code });
};

const isUseful = (tag: TagRow): boolean => judgeTag(tag) === 'kept';
