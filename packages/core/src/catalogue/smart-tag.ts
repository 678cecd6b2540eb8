import { asVersion, lastPushedOf, LONG_BEFORE_MILLISECONDS, mostPreciseOf, newestOf } from './newest-version.ts';
import { type CandidateOptions, candidatesAmong, type TagCandidate } from './tag-candidate.ts';
import type { ChooseTag, TagChoice, TagRule } from './tag-choice.ts';
import { isNoRelease, isPreRelease, parseVersionTag } from './version-tag.ts';

const ANCHORS = ['latest', 'stable'] as const;

/** A name that publishers move to what they want people to take, and why it is not believed. */
interface Anchor {
  readonly name: (typeof ANCHORS)[number];
  readonly tag: TagCandidate;
  readonly fault: 'old' | 'pre_release' | null;
}

/**
 * The most precise stable version that is the same image as `latest`, else `stable`; where none is known to be, that
 * name itself. One that was left behind, or is a pre-release, does not count: then the newest stable version of those
 * pushed last; where there is no version, what else there is. Ties do not depend on the order.
 */
export const chooseSmartTag =
  (options: () => CandidateOptions): ChooseTag =>
  (names, known) =>
    new SmartChoice(candidatesAmong(names, known(), options())).choose();

/** Names take long to read: each is looked at only where the answer depends on it. */
class SmartChoice {
  readonly #tags: readonly TagCandidate[];
  readonly #anchors: readonly Anchor[];
  #preReleases: SameImages | undefined;

  constructor(tags: readonly TagCandidate[]) {
    this.#tags = tags;
    this.#anchors = ANCHORS.flatMap((name) => {
      const tag = tags.find((each) => each.name === name);
      return tag === undefined ? [] : [{ name, tag, fault: this.#faultOf(tag) }];
    });
  }

  choose(): TagChoice | null {
    return this.#soundAnchor() ?? this.#releasedAnchor() ?? this.#newestVersion() ?? this.#anythingElse() ?? null;
  }

  #soundAnchor(): TagChoice | undefined {
    const sound = this.#anchors.find(({ fault }) => fault === null);
    return sound && (this.#twinOf(sound) ?? itself(sound));
  }

  /** Where the same image went out as a pre-release before, `latest` and a version together say that it is none now. */
  #releasedAnchor(): TagChoice | undefined {
    return this.#preReleaseAnchors()
      .map((anchor) => this.#twinOf(anchor))
      .find((twin) => twin !== undefined);
  }

  #newestVersion(): TagChoice | undefined {
    const newest = newestOf(this.#tags.filter((tag) => this.#isStable(tag)).flatMap(asVersion));
    return newest && { tag: newest.name, rule: NEWEST_VERSION[this.#anchors[0]?.fault ?? 'none'] };
  }

  #anythingElse(): TagChoice | undefined {
    const [anchor] = this.#preReleaseAnchors();
    if (anchor !== undefined) return itself(anchor);
    const stable = this.#tags.filter((tag) => this.#isStable(tag));
    if (stable.some(({ name }) => name === 'alpine')) return { tag: 'alpine', rule: 'alpine' };
    const newest = lastPushedOf(stable);
    return newest && { tag: newest.name, rule: 'newest_push' };
  }

  #twinOf({ name, tag }: Anchor): TagChoice | undefined {
    const image = new SameImages([tag]);
    const twins = this.#tags.filter((each) => image.has(each) && !isNoRelease(each.name));
    const best = mostPreciseOf(twins.flatMap(asVersion));
    return best && { tag: best.name, rule: `same_digest_as_${name}` };
  }

  #preReleaseAnchors(): Anchor[] {
    return this.#anchors.filter(({ fault }) => fault === 'pre_release');
  }

  #faultOf(anchor: TagCandidate): Anchor['fault'] {
    if (this.#tags.some((tag) => isPushedLongBefore(anchor, tag) && isVersion(tag) && this.#isStable(tag)))
      return 'old';
    const image = new SameImages([anchor]);
    return this.#tags.some((tag) => image.has(tag) && isPreRelease(tag.name)) ? 'pre_release' : null;
  }

  #isStable(tag: TagCandidate): boolean {
    if (isNoRelease(tag.name)) return false;
    this.#preReleases ??= new SameImages(this.#tags.filter(({ name }) => isPreRelease(name)));
    return !this.#preReleases.has(tag);
  }
}

const NEWEST_VERSION = {
  none: 'newest_version',
  old: 'newest_version_old_anchor',
  pre_release: 'newest_version_unstable_anchor',
} as const satisfies Record<string, TagRule>;

const itself = ({ name, tag }: Anchor): TagChoice => ({ tag: tag.name, rule: `${name}_itself` });

const isVersion = ({ name }: TagCandidate): boolean => parseVersionTag(name) !== null;

const isPushedLongBefore = ({ pushed }: TagCandidate, { pushed: other }: TagCandidate): boolean =>
  pushed !== null && other !== null && other - pushed >= LONG_BEFORE_MILLISECONDS;

/**
 * Answers whether a tag is the same image as one of these. Where Docker Hub gives one of the two no digest, the images
 * for the wanted platform are compared.
 */
class SameImages {
  readonly #digests = new Set<string>();
  readonly #imageDigests = new Set<string>();
  readonly #withoutDigest = new Set<string>();

  constructor(tags: readonly TagCandidate[]) {
    for (const { digest, imageDigest } of tags) {
      if (digest !== null) this.#digests.add(digest);
      if (imageDigest !== null) this.#imageDigests.add(imageDigest);
      if (digest === null && imageDigest !== null) this.#withoutDigest.add(imageDigest);
    }
  }

  has({ digest, imageDigest }: TagCandidate): boolean {
    if (digest === null) return among(this.#imageDigests, imageDigest) || among(this.#digests, imageDigest);
    return (
      among(this.#digests, digest) || among(this.#withoutDigest, digest) || among(this.#withoutDigest, imageDigest)
    );
  }
}

const among = (digests: ReadonlySet<string>, wanted: string | null): boolean => wanted !== null && digests.has(wanted);
