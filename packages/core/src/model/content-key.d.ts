/**
 * Names what is in an image, whatever engine or store holds it: SHA-256 over the platform and the diff IDs, in hex.
 * `null` when the layers are not known: then nothing may be reused.
 */
export declare const contentKey: (image: {
  readonly platform: string;
  readonly layers: readonly string[];
}) => string | null;
