import type { DockerHubClient } from '../docker-hub-client.ts';
import type { AskOptions } from '../connection/docker-hub-connection.ts';
import type { TagRow } from '../schema.ts';
import { judgeTag } from '../tags/judge-tag.ts';
import type { FoundTags } from './scraped-tool.ts';

/** Tags that the choice prefers, looked for on their own where the newest ones do not hold them. */
const LOOKED_FOR = ['latest', 'stable', 'alpine'] as const;

export interface FindTagsOptions extends AskOptions {
  readonly limit: number;
}

/**
 * The newest tags of a repository that may carry a Linux image, at most `limit`; then, where there are more than these,
 * those of `latest`, `stable` and `alpine` that exist.
 *
 * @throws as the client's `listTags`: what is known of the tags is whole or nothing
 */
export const findTags = async (
  client: DockerHubClient,
  namespace: string,
  name: string,
  { limit, ...asking }: FindTagsOptions,
): Promise<FoundTags> => {
  const listing = await client.listTags(namespace, name, { ...asking, limit, isUseful });
  const newest = listing.rows.filter(isUseful).slice(0, limit);
  const seen = new Set([...listing.rows.filter((tag) => !isUseful(tag)), ...newest].map((tag) => tag.name));
  const missing = LOOKED_FOR.filter((tag) => !seen.has(tag));
  const isCut = listing.cut !== null || listing.rows.length > newest.length;
  const direct = isCut ? await Promise.all(missing.map((tag) => client.findTag(namespace, name, tag, asking))) : [];
  const found = direct.filter((tag) => tag !== null);
  const tags = [...newest, ...found.filter(isUseful)];
  return { tags, noneUsable: tags.length === 0 && listing.rows.length + listing.unreadable > 0 };
};

const isUseful = (tag: TagRow): boolean => judgeTag(tag) === 'kept';
