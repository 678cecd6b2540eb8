import { anImage } from './image.ts';
import type { BuiltImage } from './image.ts';
import { tarOf } from './layer.ts';

/** How an image lies. */
export interface Lie {
  /** For which processor it says to be; that of the other image unless told. */
  readonly architecture?: string;
  /** Makes its configuration its own; without, it is to the byte that of the other image. */
  readonly label?: string;
}

/** An image that states the layers of another and holds nothing in their place. */
export async function lyingImage(image: BuiltImage, { architecture, label }: Lie = {}): Promise<BuiltImage> {
  const stated = image.layers.map(({ tar }) => tar);
  const isLike = architecture === undefined && label === undefined;
  const description = {
    layers: stated,
    architecture: architecture ?? image.architecture,
    ...(label !== undefined && { labels: { label } }),
  };
  const outside = isLike ? image : await anImage(description);
  const tar = await tarOf({ 'nothing.txt': 'nothing' });
  return { ...outside, layers: image.layers.map(({ diffId }) => ({ diffId, tar })) };
}
