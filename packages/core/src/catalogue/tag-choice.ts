import type { TagDetails } from '../model/tool.ts';
import { isImageTag } from './tag-names.ts';

/** Why a tag was chosen. The first five are those of `priority`; `smart` has `alpine`, `default` and the others. */
export const TAG_RULES = [
  'stable',
  'latest',
  'alpine',
  'first',
  'default',
  'same_digest_as_latest',
  'same_digest_as_stable',
  'latest_itself',
  'stable_itself',
  'newest_version',
  'newest_version_old_anchor',
  'newest_version_unstable_anchor',
  'newest_push',
] as const;
export type TagRule = (typeof TAG_RULES)[number];

export const TAG_POLICIES = ['priority', 'smart'] as const;
export type TagPolicy = (typeof TAG_POLICIES)[number];

export interface TagChoice {
  readonly tag: string;
  readonly rule: TagRule;
}

/**
 * Chooses one of the names, in Docker Hub's order, or of the tags that are known beside them; null where none will do.
 * `known` is asked by those policies only that need more than names.
 */
export type ChooseTag = (names: readonly string[], known: () => readonly TagDetails[]) => TagChoice | null;

const PREFERRED = ['stable', 'latest', 'alpine'] as const;

/** The first of `stable`, `latest`, `alpine` that is there, then whatever comes first. */
export const choosePriorityTag: ChooseTag = (names) => {
  const preferred = PREFERRED.find((name) => names.includes(name));
  if (preferred !== undefined) return { tag: preferred, rule: preferred };
  const first = names.find(isImageTag);
  return first === undefined ? null : { tag: first, rule: 'first' };
};
