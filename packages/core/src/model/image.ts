import type { Failure } from './failure.ts';

/** A container that uses an image, running or not. */
export interface ContainerUse {
  readonly name: string;
  /** As the engine says it: `running`, `exited`, `created`, `paused`, … */
  readonly state: string;
  readonly composeProject: string | null;
  /** Missing: as null. */
  readonly composeService?: string | null;
}

/** One image of a Docker engine with everything that points at it. */
export interface HostImage {
  /** The engine's own ID, `sha256:…`: the config's digest in a classic store, a manifest's or index's in a containerd store. */
  readonly id: string;
  /** Sorted; never empty: an image without a tag goes by `repo@sha256:…`, one without either by its ID. */
  readonly references: readonly string[];
  /** Names beyond those that count: the image can be asked for by them, and nothing is told under them. */
  readonly furtherNames?: readonly string[];
  /** `repo@sha256:…` of registries that had it when it was pulled or pushed. */
  readonly digests?: readonly string[];
  /** Whether any reference is a tag. */
  readonly tagged: boolean;
  /** `null` when the engine would not say. */
  readonly containers: readonly ContainerUse[] | null;
  /** `os/architecture[/variant]` that the engine would run. */
  readonly platform: string;
  /** Diff IDs of that platform, base first: with the platform the identity of the content, whatever the store. */
  readonly layers: readonly string[];
  /** Whether the engine did not say which layers it has; then `layers` is empty, which else means that it has none. */
  readonly areLayersUnknown?: boolean;
  /** Bytes, as the engine counts them. */
  readonly sizeBytes: number;
}

/** An image of a Docker engine that cannot be looked at. */
export interface UnreadableImage extends Pick<HostImage, 'references' | 'furtherNames' | 'tagged' | 'containers'> {
  /** `null` where the engine names none. */
  readonly id: string | null;
  readonly reason: Failure;
}

/** Whether a container that runs now uses the image; unknown counts as not. */
export const isRunning = (image: { readonly containers: readonly Pick<ContainerUse, 'state'>[] | null }): boolean =>
  image.containers?.some(({ state }) => state === 'running') ?? false;
