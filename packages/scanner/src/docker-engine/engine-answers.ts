import { z } from 'zod';

import type { WantedFields } from './json-sieve.ts';

const COMPOSE_PROJECT = 'com.docker.compose.project';
const COMPOSE_SERVICE = 'com.docker.compose.service';

/** Names and labels come from whoever made the image or container: bounded, and what is not text is nothing. */
const text = (max: number) => z.string().max(max);
const label = text(1024).optional().catch(undefined);
/** Each is read by itself: how many there may be is for whoever shows them. */
const names = z
  .array(z.unknown())
  .catch([])
  .transform((listed) => listed.filter((name) => typeof name === 'string' && name !== '').map(String));

export const ImageId = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** A list whose rows are read one by one: one that makes no sense costs that row only. */
export const Rows = z.array(z.unknown());

/** The fields that a schema reads. */
export const fieldsOf = (schema: z.core.$ZodType): WantedFields => {
  if (schema instanceof z.ZodObject)
    return Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, fieldsOf(field)]));
  if (schema instanceof z.ZodArray) return fieldsOf(schema.element);
  if (schema instanceof z.ZodPipe) return fieldsOf(schema.in);
  const isWrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodCatch;
  return isWrapped ? fieldsOf(schema.unwrap()) : 'all';
};

export const VersionAnswer = z.looseObject({
  Version: text(256).catch(''),
  ApiVersion: text(32),
  MinAPIVersion: text(32).nullish(),
  Components: z
    .array(z.looseObject({ Name: text(256) }))
    .max(100)
    .nullish()
    .catch(null),
});
export type VersionAnswer = z.infer<typeof VersionAnswer>;

/** What the store of the images is called by the engine; only there to be told. */
export const InfoAnswer = z.looseObject({
  Name: text(256).catch(''),
  Driver: text(256).catch(''),
  DriverStatus: z.array(z.array(z.string())).max(1000).nullish().catch(null),
});
export type InfoAnswer = z.infer<typeof InfoAnswer>;

/** One odd field costs that field: an image without an ID that can be used is still there to be named. */
export const ImageRow = z.object({
  Id: ImageId.nullable().catch(null),
  RepoTags: names,
  RepoDigests: names,
  Size: z.number().nonnegative().catch(0),
});
export type ImageRow = z.infer<typeof ImageRow>;

const platformPart = z
  .string()
  .regex(/^[\w.+-]{0,64}$/)
  .catch('');

const MOST_LAYERS = 1000;
const Layers = z.array(z.string().regex(/^[a-z0-9]{1,16}:[0-9a-f]{32,128}$/)).max(MOST_LAYERS);

/** What is odd is as if it was not stated, except that layers which make no sense are not none. */
export const ImageDetails = z.object({
  Os: platformPart,
  Architecture: platformPart,
  Variant: platformPart,
  RootFS: z
    .object({
      Layers: z
        .union([Layers, z.literal('unreadable')])
        .nullish()
        .catch('unreadable'),
    })
    .nullish()
    .catch({ Layers: 'unreadable' }),
});
export type ImageDetails = z.infer<typeof ImageDetails>;

/** The same where the image was asked for by one of its names. */
export const NamedImageDetails = ImageDetails.extend({ Id: ImageId, Size: z.number().nonnegative().catch(0) });

export const ContainerRow = z
  .object({
    ImageID: ImageId,
    Names: names,
    State: text(64).catch('unknown'),
    Labels: z
      .object({ [COMPOSE_PROJECT]: label, [COMPOSE_SERVICE]: label })
      .nullish()
      .catch(null),
  })
  .transform(({ ImageID, Names, State, Labels }) => ({
    imageId: ImageID,
    use: {
      name: ownName(Names),
      state: State,
      composeProject: Labels?.[COMPOSE_PROJECT] ?? null,
      composeService: Labels?.[COMPOSE_SERVICE] ?? null,
    },
  }));
export type ContainerRow = z.infer<typeof ContainerRow>;

/** The engine writes `/name`; names with another `/` are links that other containers gave it. */
const ownName = (names: readonly string[]): string => {
  const bare = names.map((name) => name.replace(/^\//, ''));
  return bare.find((name) => !name.includes('/')) ?? bare[0] ?? '';
};
