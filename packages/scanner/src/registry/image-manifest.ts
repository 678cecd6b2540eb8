import { createHash } from 'node:crypto';

import { parseOutsideJson } from '@scanner/core';
import { z } from 'zod';

import { ImageConfig, statedLayers } from '../image-export/image-config.ts';
import type { StatedLayer } from '../image-export/image-config.ts';
import { IMAGE_TYPES, INDEX_TYPES } from './manifest-digest.ts';
import { UnusableAnswer } from './registry-client.ts';

const CONFIG_TYPES: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);
/** Those whose bytes lie in the image's own registry. */
const LAYER_TYPES: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.oci.image.layer.v1.tar+zstd',
  'application/vnd.docker.image.rootfs.diff.tar',
  'application/vnd.docker.image.rootfs.diff.tar.gzip',
]);

const MAX_ENTRIES = 1000;

const Descriptor = z.object({
  mediaType: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number().int().nonnegative(),
});
type Descriptor = z.infer<typeof Descriptor>;

const Kind = z.object({ schemaVersion: z.literal(2), mediaType: z.string().nullish() });

const Platform = z.object({ os: z.string(), architecture: z.string(), variant: z.string().nullish() });
type Platform = z.infer<typeof Platform>;

const Entry = Descriptor.extend({ platform: Platform.nullish().catch(null), artifactType: z.string().nullish() });
const Index = z.object({ manifests: z.array(Entry).max(MAX_ENTRIES) });

const Manifest = z.object({
  artifactType: z.string().nullish(),
  config: Descriptor,
  layers: z.array(Descriptor).max(MAX_ENTRIES),
});

const Config = z.intersection(ImageConfig, Platform);

/** A layer as a registry has it, and what it is inflated. */
export interface RegistryLayer extends StatedLayer {
  /** Of its bytes as the registry has them. */
  readonly digest: string;
  readonly size: number;
}

/** What a manifest says an image is made of. */
export interface ImageManifest {
  readonly config: Pick<Descriptor, 'digest' | 'size'>;
  readonly layers: ReadonlyArray<Pick<Descriptor, 'digest' | 'size'>>;
}

/** What an index has for a platform. */
export interface ForPlatform {
  /** Digest of its manifest. */
  readonly child: string;
}

/** Something else than an image: a chart, a module, an attestation. */
export interface NoImage {
  /** The media type that says so. */
  readonly artifact: string;
}

/** What a configuration says of its image. */
export interface DescribedImage {
  /** `os/architecture[/variant]` */
  readonly platform: string;
  readonly layers: readonly StatedLayer[];
}

const UNLESS_TOLD: Platform = { os: 'linux', architecture: 'amd64' };

/**
 * Reads an index or a manifest. Null for an image that has layers that lie elsewhere, and for an index without a manifest
 * for the platform.
 *
 * @param contentType of the answer: what it says and what the manifest says must agree
 * @param wanted `os/architecture[/variant]`; `linux/amd64` unless told
 * @throws UnusableAnswer for what makes no sense
 */
export const readManifest = (
  bytes: Buffer,
  contentType: string | null,
  wanted: string | undefined,
): ImageManifest | ForPlatform | NoImage | null => {
  const content = parse(bytes);
  const stated = (contentType ?? '').split(';', 1)[0]?.trim() ?? '';
  const { mediaType } = understood(Kind, content);
  if ((mediaType ?? stated) !== stated) throw new UnusableAnswer('sends a manifest as what it is not');
  if (INDEX_TYPES.includes(stated)) return childFor(understood(Index, content), platformOf(wanted));
  return IMAGE_TYPES.includes(stated) ? imageOf(understood(Manifest, content)) : null;
};

/**
 * @throws UnusableAnswer for what makes no sense
 */
export const readConfig = (bytes: Buffer): DescribedImage => {
  const config = understood(Config, parse(bytes));
  const { os, architecture, variant } = config;
  return { platform: [os, architecture, ...(variant ? [variant] : [])].join('/'), layers: statedLayers(config) };
};

/** Whether an image with only one platform is for the wanted one. */
export const isForPlatform = (has: string, wanted: string | undefined): boolean => {
  const [is, should] = [platformOf(has), wanted === undefined ? null : platformOf(wanted)];
  if (should === null) return true;
  const sameVariant = !should.variant || !is.variant || should.variant === is.variant;
  return is.os === should.os && is.architecture === should.architecture && sameVariant;
};

/** Whether bytes are those that a digest names. */
export const isDigestOf = (digest: string, bytes: Buffer): boolean =>
  digest === `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/**
 * The first that fits and names its platform, as an engine takes it; else, where an entry says nothing of a platform, the
 * first of those that is no artifact.
 */
const childFor = ({ manifests }: z.infer<typeof Index>, wanted: Platform): ForPlatform | null => {
  const named = manifests.find(({ platform }) => isNamed(platform) && fits(platform, wanted));
  const nameless = manifests.find(({ platform, artifactType }) => !isNamed(platform) && !artifactType);
  const child = named ?? (fits(UNLESS_TOLD, wanted) ? nameless : undefined);
  return child === undefined || !IMAGE_TYPES.includes(child.mediaType) ? null : { child: child.digest };
};

const isNamed = (platform: Platform | null | undefined): platform is Platform =>
  platform !== null && platform !== undefined && (platform.os !== '' || platform.architecture !== '');

const fits = (has: Platform, wanted: Platform): boolean =>
  has.os === wanted.os &&
  has.architecture === wanted.architecture &&
  (!wanted.variant || has.variant === wanted.variant);

const imageOf = ({ artifactType, config, layers }: z.infer<typeof Manifest>): ImageManifest | NoImage | null => {
  const artifact = [config.mediaType, artifactType || config.mediaType].find((type) => !CONFIG_TYPES.has(type));
  if (artifact !== undefined) return { artifact };
  return layers.every(({ mediaType }) => LAYER_TYPES.has(mediaType)) ? { config, layers } : null;
};

const platformOf = (text: string | undefined): Platform => {
  if (text === undefined) return UNLESS_TOLD;
  const [os = '', architecture = '', variant] = text.split('/');
  return { os, architecture, variant };
};

const understood = <Schema extends z.ZodType>(schema: Schema, content: unknown): z.infer<Schema> => {
  const read = schema.safeParse(content);
  if (!read.success) throw new UnusableAnswer('describes an image in no way that is known');
  return read.data;
};

const parse = (bytes: Buffer): unknown => {
  try {
    return parseOutsideJson(bytes.toString('utf8'));
  } catch {
    throw new UnusableAnswer('describes an image in no way that is known');
  }
};
