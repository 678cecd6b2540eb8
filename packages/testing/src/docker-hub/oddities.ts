import { anImageRow, aRepository, aTag, minutesAgo } from './content.ts';
import type { HubRepository, HubTag } from './content.ts';

/** An index with nothing in it, as a failed release leaves. */
export const emptyIndexTag = (name: string): HubTag => aTag({ name, images: [], full_size: 0 });

/** A sound tag whose platforms the API does not say. */
export const tagOfUnknownPlatforms = (name: string): HubTag => aTag({ name, images: [] });

/** A single-platform tag, for which the API gives no digest. */
export const tagWithoutDigest = (name: string): HubTag =>
  aTag({
    name,
    digest: undefined,
    media_type: 'application/vnd.docker.container.image.v1+json',
    images: [anImageRow()],
  });

/** A tag of many years ago: no dates, no platform, a manifest that is no longer read. */
export const schema1Tag = (name: string): HubTag =>
  aTag({
    name,
    last_updated: null,
    tag_last_pushed: null,
    tag_last_pulled: null,
    media_type: 'application/vnd.docker.distribution.manifest.v1+prettyjws',
    images: [anImageRow({ os: '', architecture: 'amd64' })],
  });

/** A tag that the API has no date for. */
export const undatedTag = (name: string): HubTag => aTag({ name, last_updated: null, tag_last_pushed: null });

/** An image beside its provenance, which the API lists as a platform of its own. */
export const attestedTag = (name: string): HubTag => aTag({ name, images: [anImageRow(), attestationRow()] });

/** An image for Windows only, with provenance. */
export const windowsTag = (name: string): HubTag =>
  aTag({ name, images: [anImageRow({ os: 'windows', os_version: '10.0.20348.2113' }), attestationRow()] });

/** A Helm chart. */
export const helmTag = (name: string): HubTag =>
  aTag({ name, content_type: 'helm', media_type: 'application/vnd.cncf.helm.config.v1+json', images: [] });

/** A language model. */
export const modelTag = (name: string): HubTag =>
  aTag({ name, content_type: 'model', media_type: 'application/vnd.docker.ai.model.config.v0.1+json', images: [] });

/** An engine plugin under an image's name; its content type is not said. */
export const pluginTag = (name: string): HubTag =>
  aTag({ name, content_type: undefined, media_type: 'application/vnd.docker.plugin.v1+json' });

/** What cosign stores beside an image: `.sig`, `.att`, `.sbom`, or nothing for the fall-back of OCI referrers. */
export const signatureTag = (suffix: '.sig' | '.att' | '.sbom' | '' = '.sig', of = 'a'): HubTag =>
  aTag({ name: `sha256-${of.repeat(64)}${suffix}`, images: [anImageRow({ os: 'unknown', architecture: 'unknown' })] });

/** Names that no registry can hold, each dangerous somewhere. */
export const HOSTILE_TAG_NAMES = [
  '',
  '../../../etc/passwd',
  '--output=/etc/passwd',
  'a b',
  'x\nforged log line',
  '\u001B[2Jcleared',
  '<img src=x onerror=alert(1)>',
  '=1+1',
  'ｌａｔｅｓｔ',
  '__proto__\u0000',
  'a'.repeat(129),
] as const;

/** A repository that nothing was ever pushed to. */
export const emptyRepository = (namespace: string, name: string): HubRepository =>
  aRepository({ namespace, name, last_updated: null, tags: [] });

/** Visible to the account of its namespace only. */
export const privateRepository = (namespace: string, name: string): HubRepository =>
  aRepository({ namespace, name, is_private: true });

/** A repository of engine plugins. */
export const pluginRepository = (namespace: string, name: string): HubRepository =>
  aRepository({ namespace, name, repository_type: 'plugin' });

/** A repository with so many tags, `v1` being the oldest; the newest 100 are nightly builds, as in the real ones. */
export const repositoryOfManyTags = (namespace: string, name: string, count: number): HubRepository =>
  aRepository({
    namespace,
    name,
    tags: Array.from({ length: count }, (_, index) => {
      const pushed = minutesAgo(index);
      const tag = index < 100 ? `nightly-${count - index}` : `v${count - index}`;
      return aTag({ name: tag, last_updated: pushed, tag_last_pushed: pushed });
    }),
  });

/** So many repositories, the first being the most pulled, each with the tags `latest` and `1.0`. */
export const manyRepositories = (namespace: string, count: number): HubRepository[] =>
  Array.from({ length: count }, (_, index) =>
    aRepository({
      namespace,
      name: `repository-${String(index + 1).padStart(5, '0')}`,
      pull_count: (count - index) * 1000,
      tags: ['latest', '1.0'],
    }),
  );

function attestationRow(): ReturnType<typeof anImageRow> {
  return anImageRow({ os: 'unknown', architecture: 'unknown', size: 1200 });
}
