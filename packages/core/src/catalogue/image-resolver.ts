import type { Failure } from '../model/failure.ts';
import { DEFAULT_REGISTRY, parseReference, registryOf } from '../model/reference.ts';
import type { TagDetails, Tool } from '../model/tool.ts';
import { type Clock, systemClock } from '../ports/clock.ts';
import { chooseSmartTag } from './smart-tag.ts';
import { choosePriorityTag, type ChooseTag, type TagChoice, type TagPolicy, type TagRule } from './tag-choice.ts';

/** The image that stands for a tool. */
export interface ResolvedImage {
  /** As people write it: `postgres:stable`, `bitnami/postgresql:16.1.0`. */
  readonly imageRef: string;
  readonly selectedTag: string;
  /** Why that tag. */
  readonly rule: TagRule;
}

export type Resolution =
  | { readonly ok: true; readonly image: ResolvedImage }
  | { readonly ok: false; readonly reason: Failure };

/** What is needed of a tool to name its image. */
export type ResolvableTool = Pick<Tool, 'id' | 'source' | 'docker_tags' | 'tags_note'>;

export interface ImageResolverOptions {
  readonly policy?: TagPolicy;
  /** Taken where no tag of a tool is known. */
  readonly defaultTag?: string;
  /** `os/architecture[/variant]` that `smart` looks for. */
  readonly platform?: string;
  /** What the store knows of a tool's tags; only `smart` asks. */
  readonly tagsOf?: (id: string) => readonly TagDetails[];
  /** A push that lies ahead of it says nothing. */
  readonly clock?: Pick<Clock, 'now'>;
}

const SOURCE = 'docker_hub';
const TOOL_ID = /^docker_hub:([^/:@\s]+)\/([^/:@\s]+)$/;
const OFFICIAL = 'library';

/**
 * Names the image that stands for a tool. Makes no request: it chooses among the tags that scraping stored.
 *
 * @example
 * new ImageResolver().resolveImageRef(postgres)
 * // { imageRef: 'postgres:stable', selectedTag: 'stable', rule: 'stable' }
 */
export class ImageResolver {
  readonly #choose: ChooseTag;
  readonly #defaultTag: string;
  readonly #tagsOf: (id: string) => readonly TagDetails[];

  constructor({
    policy = 'priority',
    defaultTag = 'latest',
    platform = 'linux/amd64',
    tagsOf,
    clock = systemClock,
  }: ImageResolverOptions = {}) {
    this.#choose = policy === 'smart' ? chooseSmartTag(() => ({ platform, now: clock.now() })) : choosePriorityTag;
    this.#defaultTag = defaultTag;
    this.#tagsOf = tagsOf ?? nothingKnown;
  }

  /** Null where nothing stands for the tool; `explain` says why. */
  resolveImageRef(tool: ResolvableTool): ResolvedImage | null {
    const resolution = this.explain(tool);
    return resolution.ok ? resolution.image : null;
  }

  explain(tool: ResolvableTool): Resolution {
    const [, namespace, name] = TOOL_ID.exec(tool.id) ?? [];
    if (tool.source !== SOURCE) return unresolved('bad_reference', 'it is not from Docker Hub');
    if (namespace === undefined || name === undefined)
      return unresolved('bad_reference', 'its ID is not docker_hub:<namespace>/<name>');
    if (tool.tags_note === 'no_linux_image')
      return unresolved('no_such_platform', 'none of its tags carries a Linux image');

    const choice = this.#select(tool.docker_tags, this.#defaultTag, () => this.#tagsOf(tool.id));
    if (choice === null) return unresolved('not_found', 'none of its tags names a release');
    return resolved(namespace === OFFICIAL ? name : `${namespace}/${name}`, choice);
  }

  /** The tag of these, in Docker Hub's order, by name alone; `defaultTag` where there are none, null where none will do. */
  selectTag(tags: readonly string[], defaultTag: string = this.#defaultTag): string | null {
    return this.#select(tags, defaultTag)?.tag ?? null;
  }

  #select(names: readonly string[], defaultTag: string, known = nothingKnown): TagChoice | null {
    return names.length === 0 ? { tag: defaultTag, rule: 'default' } : this.#choose(names, known);
  }
}

const nothingKnown = (): readonly TagDetails[] => [];

/** What was put together is read again: a name that would lead to another registry or become something else is refused. */
const resolved = (path: string, { tag, rule }: TagChoice): Resolution => {
  const imageRef = `${path}:${tag}`;
  const parsed = parseReference(imageRef);
  if (!parsed.ok) return unresolved('bad_reference', parsed.problem);
  const { reference } = parsed;
  const isOnDockerHub = reference.host === null && registryOf(reference) === DEFAULT_REGISTRY;
  return isOnDockerHub && reference.path === path && reference.tag === tag
    ? { ok: true, image: { imageRef, selectedTag: tag, rule } }
    : unresolved('bad_reference', 'its name would lead to another registry than Docker Hub');
};

const unresolved = (code: Failure['code'], message: string): Resolution => ({ ok: false, reason: { code, message } });
