import { z } from 'zod';

const COMPOSE_PROJECT = 'com.docker.compose.project';

/** Names and labels come from whoever made the image or container: bounded, and what is not text is nothing. */
const text = (max: number) => z.string().max(max);
const names = z
  .array(text(1024))
  .max(2000)
  .nullish()
  .transform((listed) => listed ?? []);

const ImageId = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** A list whose rows are read one by one: one that makes no sense costs that row only. */
export const Rows = z.array(z.unknown());

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
  Name: text(256),
  Driver: text(256),
  DriverStatus: z.array(z.array(z.string())).max(1000).nullish().catch(null),
});
export type InfoAnswer = z.infer<typeof InfoAnswer>;

export const ImageRow = z.looseObject({
  Id: ImageId,
  RepoTags: names,
  RepoDigests: names,
  Size: z.number().nonnegative().catch(0),
});
export type ImageRow = z.infer<typeof ImageRow>;

const platformPart = z
  .string()
  .regex(/^[\w.+-]{0,64}$/)
  .nullish()
  .transform((part) => part ?? '');

export const ImageDetails = z.looseObject({
  Os: platformPart,
  Architecture: platformPart,
  Variant: platformPart,
  RootFS: z
    .looseObject({
      Layers: z
        .array(z.string().regex(/^[a-z0-9]{1,16}:[0-9a-f]{32,128}$/))
        .max(1000)
        .nullish(),
    })
    .nullish(),
});
export type ImageDetails = z.infer<typeof ImageDetails>;

/** The same where the image was asked for by one of its names. */
export const NamedImageDetails = ImageDetails.extend({ Id: ImageId, Size: z.number().nonnegative().catch(0) });

export const ContainerRow = z
  .looseObject({
    ImageID: ImageId,
    Names: names,
    State: text(64).catch('unknown'),
    Labels: z
      .looseObject({ [COMPOSE_PROJECT]: text(1024).optional() })
      .nullish()
      .catch(null),
  })
  .transform(({ ImageID, Names, State, Labels }) => ({
    imageId: ImageID,
    use: { name: ownName(Names), state: State, composeProject: Labels?.[COMPOSE_PROJECT] ?? null },
  }));
export type ContainerRow = z.infer<typeof ContainerRow>;

/** The engine writes `/name`; names with another `/` are links that other containers gave it. */
const ownName = (names: readonly string[]): string => {
  const bare = names.map((name) => name.replace(/^\//, ''));
  return bare.find((name) => !name.includes('/')) ?? bare[0] ?? '';
};
