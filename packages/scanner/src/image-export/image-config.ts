import { z } from 'zod';

const MAX_LAYERS = 1000;

/** What is read of an image's configuration; other fields are the image's own business. */
export const ImageConfig = z.object({
  rootfs: z.object({
    diff_ids: z
      .array(z.string().regex(/^sha256:[0-9a-f]{64}$/))
      .max(MAX_LAYERS)
      .nullish(),
  }),
  history: z
    .array(z.object({ created_by: z.string().nullish(), empty_layer: z.boolean().nullish() }))
    .nullish()
    .catch(null),
});
export type ImageConfig = z.infer<typeof ImageConfig>;

/** A layer as an image's configuration tells of it. */
export interface StatedLayer {
  readonly diffId: string;
  /** From the history; empty where that does not fit the layers. */
  readonly createdBy: string;
}

/** Base first. */
export const statedLayers = ({ rootfs, history }: ImageConfig): StatedLayer[] => {
  const diffIds = rootfs.diff_ids ?? [];
  const steps = (history ?? []).filter(({ empty_layer }) => empty_layer !== true);
  const fits = steps.length === diffIds.length;
  return diffIds.map((diffId, index) => ({ diffId, createdBy: fits ? (steps[index]?.created_by ?? '') : '' }));
};
