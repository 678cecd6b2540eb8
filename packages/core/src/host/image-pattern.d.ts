import type { HostImage } from '../model/image.ts';
/** Which images somebody meant: a line of the ignore list, or a value of `--image`. */
export interface ImagePattern {
  /** As it was written, without what is around it. */
  readonly text: string;
  /** The start of an image ID in hexadecimal digits, when the text can be one. */
  readonly idPrefix: string | null;
  readonly named: NamePattern | null;
}
interface NamePattern {
  /** May hold `*`; the full name of the repository where it holds none. */
  readonly repository: string;
  /** `null` means every tag. */
  readonly tag: string | null;
  readonly digest: string | null;
}
export type ParsedPattern =
  | {
      readonly ok: true;
      readonly pattern: ImagePattern;
    }
  | {
      readonly ok: false;
      readonly problem: string;
    };
/**
 * Reads one pattern: a reference in which `*` stands for any run of characters, `/` included; no tag means every tag.
 * Or an image ID, of which 12 digits are enough. `nginx` means `docker.io/library/nginx` too.
 *
 * @example
 * parseImagePattern('ghcr.io/acme/*:nightly-*')
 */
export declare const parseImagePattern: (written: string) => ParsedPattern;
/** Which of the image's references the pattern names, in the image's order; an ID names all of them. */
export declare const matchImage: (
  pattern: ImagePattern,
  { id, references }: Pick<HostImage, 'id' | 'references'>,
) => readonly string[];
export {};
