/** Points to a blob by its digest. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly architecture: string; readonly os: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Stores a blob and tells how to point to it. */
export type PutBlob = (mediaType: string, bytes: Uint8Array) => Promise<Descriptor>;
