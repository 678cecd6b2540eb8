import type { TagDetails } from '../model/tool.ts';
import { isImageTag } from './tag-names.ts';

/** A tag that may be chosen, as far as the choice needs to know it. */
export interface TagCandidate {
  readonly name: string;
  /** Of the index or manifest. */
  readonly digest: string | null;
  /** Of the image for the wanted platform. */
  readonly imageDigest: string | null;
  /** Milliseconds since 1970; null where the date is missing or cannot be true. */
  readonly pushed: number | null;
}

export interface CandidateOptions {
  /** `os/architecture[/variant]` */
  readonly platform: string;
  readonly now: Date;
}

const FIRST_PUSH = Date.UTC(2013, 0);
const CLOCK_TOLERANCE = 24 * 3_600_000;

/**
 * The tags that can be asked for and may carry an image for the platform: those named, and what is known beside them.
 * Somebody who wrote other names than scraping found means these and no others.
 */
export const candidatesAmong = (
  names: readonly string[],
  known: readonly TagDetails[],
  { platform, now }: CandidateOptions,
): TagCandidate[] => {
  const tags = tagsMeant(names, known).filter((tag) => isImageTag(tag.name) && mayCarry(tag, platform));
  const times = pushTimes(tags, now);
  return tags.map((tag, index) => ({
    name: tag.name,
    digest: tag.digest,
    imageDigest: imageDigestOf(tag, platform),
    pushed: times[index] ?? null,
  }));
};

const tagsMeant = (names: readonly string[], known: readonly TagDetails[]): TagDetails[] => {
  const published = new Map<string, TagDetails>();
  const beside = new Map<string, TagDetails>();
  for (const tag of known) (isPublished(tag) ? published : beside).set(tag.name, tag);
  const distinct = new Set(names);
  const tags = [...distinct].map((name) => published.get(name) ?? beside.get(name) ?? onlyNamed(name));
  const isAsScraped = published.size === distinct.size && tags.every(({ name }) => published.has(name));
  if (isAsScraped) for (const tag of beside.values()) if (!distinct.has(tag.name)) tags.push(tag);
  return tags;
};

const isPublished = ({ published }: TagDetails): boolean => published !== false;

/** What is known of a tag of which only the name is known. */
const onlyNamed = (name: string): TagDetails => ({ name, digest: null, platforms: [], pushedAt: null });

const mayCarry = ({ platforms }: TagDetails, wanted: string): boolean =>
  platforms.length === 0 || platforms.some((has) => fits(has, wanted));

const fits = (has: string, wanted: string): boolean =>
  has === wanted || has.startsWith(`${wanted}/`) || wanted.startsWith(`${has}/`);

const imageDigestOf = ({ imageDigests }: TagDetails, wanted: string): string | null =>
  (
    imageDigests?.find(({ platform }) => platform === wanted) ??
    imageDigests?.find(({ platform }) => fits(platform, wanted))
  )?.digest ?? null;

/**
 * A date before there were images says nothing, and neither does one that lies ahead: a clock that was wrong once must
 * not win for ever. Where all of them lie ahead it is our clock that is wrong.
 */
const pushTimes = (tags: readonly TagDetails[], now: Date): (number | null)[] => {
  const latest = now.getTime() + CLOCK_TOLERANCE;
  const times = tags.map(({ pushedAt }) => {
    const time = pushedAt === null ? Number.NaN : Date.parse(pushedAt);
    return time >= FIRST_PUSH ? time : null;
  });
  if (times.every((time) => time === null || time > latest)) return times;
  return times.map((time) => (time === null || time > latest ? null : time));
};
