import type { TagDetails } from '../model/tool.ts';

/** Why a tag was chosen. The first five are those of `priority`; `smart` uses all but `first`. */
export const TAG_RULES = [
  'stable',
  'latest',
  'alpine',
  'first',
  'default',
  'same_digest_as_latest',
  'same_digest_as_stable',
  'newest_version',
  'newest_push',
] as const;
export type TagRule = (typeof TAG_RULES)[number];

export const TAG_POLICIES = ['priority', 'smart'] as const;
export type TagPolicy = (typeof TAG_POLICIES)[number];

export interface TagChoice {
  readonly tag: string;
  readonly rule: TagRule;
}

/** Chooses one of at least one tag, in Docker Hub's order; null where none will do. */
export type ChooseTag = (tags: readonly TagDetails[]) => TagChoice | null;

/** What is known of a tag of which only the name is known. */
export const onlyNamed = (name: string): TagDetails => ({ name, digest: null, platforms: [], pushedAt: null });

const PREFERRED = ['stable', 'latest', 'alpine'] as const;

/** The first of `stable`, `latest`, `alpine` that is there, then whatever comes first. */
export const choosePriorityTag: ChooseTag = (tags) => {
  const preferred = PREFERRED.find((name) => tags.some((tag) => tag.name === name));
  if (preferred !== undefined) return { tag: preferred, rule: preferred };
  return tags[0] === undefined ? null : { tag: tags[0].name, rule: 'first' };
};
