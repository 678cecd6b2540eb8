import type { HostImage } from '../model/image.ts';

/** One line of an ignore list or one `--image`. */
export interface ImagePattern {
  /** As it was written. */
  readonly text: string;
}

/** The references of the image that the pattern matches; all of them when it names the image's ID. */
export const matchImage = (pattern: ImagePattern, image: HostImage): readonly string[] =>
  pattern.text === image.id ? image.references : image.references.filter((reference) => reference === pattern.text);
