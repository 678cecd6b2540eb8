import { createHash } from 'node:crypto';

/** One platform of a tag, as the API writes it. */
export interface HubImage {
  readonly architecture: string;
  readonly features: string | null;
  readonly variant: string | null;
  readonly digest: string | null;
  readonly os: string;
  readonly os_features: string | null;
  readonly os_version: string | null;
  readonly size: number;
  readonly status: string;
  readonly last_pulled: string | null;
  readonly last_pushed: string | null;
}

/** A tag, as the API writes it. What is undefined is left out of the answer. */
export interface HubTag {
  readonly name: string;
  readonly creator: number;
  readonly last_updater_username: string;
  readonly full_size: number;
  readonly v2: boolean;
  readonly tag_status: string;
  readonly last_updated: string | null;
  readonly tag_last_pulled: string | null;
  readonly tag_last_pushed: string | null;
  readonly media_type: string | undefined;
  readonly content_type: string | undefined;
  readonly digest: string | undefined;
  readonly images: readonly HubImage[];
}

/** A repository, as lists write it. */
export interface HubRepositoryRow {
  readonly name: string;
  readonly namespace: string;
  readonly repository_type: string | null;
  readonly status: number;
  readonly status_description: string;
  readonly description: string | null;
  readonly is_private: boolean;
  readonly star_count: number;
  readonly pull_count: number;
  readonly last_updated: string | null;
  readonly last_modified: string | null;
  readonly date_registered: string;
  readonly affiliation: string;
  readonly media_types: readonly string[];
  readonly content_types: readonly string[];
  readonly categories: readonly { readonly name: string; readonly slug: string }[];
  readonly storage_size: number;
}

/** A repository with everything in it. */
export interface HubRepository {
  readonly row: HubRepositoryRow;
  readonly tags: readonly HubTag[];
}

/** What `tags` and the row are made of; a string is a tag of that name. */
export type RepositoryGiven = Partial<HubRepositoryRow> & {
  readonly name: string;
  readonly tags?: readonly (HubTag | string)[];
};

const PUSHED = '2026-11-01T08:00:00.123456Z';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/**
 * A repository of the namespace `library` unless told. Tags are newest first where their dates do not say otherwise.
 *
 * @example
 * aRepository({ namespace: 'acme', name: 'api', tags: ['2.1', aTag({ name: 'latest', digest: undefined })] })
 */
export function aRepository({ tags = ['latest'], ...given }: RepositoryGiven): HubRepository {
  const row: HubRepositoryRow = {
    namespace: 'library',
    repository_type: 'image',
    status: 1,
    status_description: 'active',
    description: `The ${given.name} image`,
    is_private: false,
    star_count: 10,
    pull_count: 1000,
    last_updated: PUSHED,
    last_modified: PUSHED,
    date_registered: '2014-06-05T19:14:45.000000Z',
    affiliation: '',
    media_types: [INDEX],
    content_types: ['image'],
    categories: [],
    storage_size: 1_000_000,
    ...given,
  };
  return { row, tags: tags.map((tag) => (typeof tag === 'string' ? aTag({ name: tag }) : tag)) };
}

/** A multi-platform tag for Linux on amd64 and arm64 unless told; its digest follows from its name. */
export function aTag(given: Partial<HubTag> & { readonly name: string }): HubTag {
  return {
    creator: 1,
    last_updater_username: 'publisher',
    full_size: 30_000_000,
    v2: true,
    tag_status: 'active',
    last_updated: PUSHED,
    tag_last_pulled: PUSHED,
    tag_last_pushed: PUSHED,
    media_type: INDEX,
    content_type: 'image',
    digest: digestOf(`tag ${given.name}`),
    images: [anImageRow(), anImageRow({ architecture: 'arm64', variant: 'v8' })],
    ...given,
  };
}

/** Linux on amd64 unless told. */
export function anImageRow(given: Partial<HubImage> = {}): HubImage {
  return {
    architecture: 'amd64',
    features: '',
    variant: null,
    digest: digestOf(`image ${given.os ?? 'linux'}/${given.architecture ?? 'amd64'}`),
    os: 'linux',
    os_features: '',
    os_version: null,
    size: 30_000_000,
    status: 'active',
    last_pulled: PUSHED,
    last_pushed: PUSHED,
    ...given,
  };
}

/** An ISO date so many minutes before the one that builders use: to put tags and repositories in an order. */
export function minutesAgo(minutes: number): string {
  return new Date(Date.parse(PUSHED) - minutes * 60_000).toISOString();
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
