import { aLayer, MADE_AT, sha256 } from './layer.ts';
import type { Layer, Tree } from './layer.ts';

/** What an image is made of. */
export interface ImageDescription {
  /** From the lowest: files, or the bytes of a ready tar. */
  readonly layers: readonly (Tree | Uint8Array)[];
  /** `amd64` unless told. */
  readonly architecture?: string;
  /** `linux` unless told. */
  readonly os?: string;
  readonly env?: readonly string[];
  readonly cmd?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** A finished image. Equal descriptions give equal bytes. */
export interface BuiltImage {
  /** Digest of the configuration: the image's ID in a classic store. */
  readonly id: string;
  readonly architecture: string;
  readonly config: Buffer;
  readonly layers: readonly Layer[];
}

/** Builds an image from its description. */
export async function anImage(description: ImageDescription): Promise<BuiltImage> {
  const layers = await Promise.all(description.layers.map((layer) => aLayer(layer)));
  const architecture = description.architecture ?? 'amd64';
  const config = configurationOf(description, architecture, layers);
  return { id: sha256(config), architecture, config, layers };
}

function configurationOf(description: ImageDescription, architecture: string, layers: readonly Layer[]): Buffer {
  const created = MADE_AT.toISOString();
  const configuration = {
    architecture,
    os: description.os ?? 'linux',
    created,
    config: {
      Env: description.env ?? ['PATH=/usr/local/bin:/usr/bin:/bin'],
      Cmd: description.cmd ?? ['/bin/sh'],
      Labels: description.labels ?? {},
      StopSignal: 'SIGKILL',
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map((_, index) => ({ created, created_by: `COPY layer-${index} /` })),
  };
  return Buffer.from(JSON.stringify(configuration));
}
