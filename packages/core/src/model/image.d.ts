/** A container that uses an image, running or not. */
export interface ContainerUse {
  readonly name: string;
  /** As the engine says it: `running`, `exited`, `created`, `paused`, … */
  readonly state: string;
  readonly composeProject: string | null;
}
/** One image of a Docker engine with everything that points at it. */
export interface HostImage {
  /** The engine's own ID, `sha256:…`: the config's digest in a classic store, a manifest's or index's in a containerd store. */
  readonly id: string;
  /** Sorted; never empty: an image without a tag goes by `repo@sha256:…`, one without either by its ID. */
  readonly references: readonly string[];
  /** Whether any reference is a tag. */
  readonly tagged: boolean;
  /** `null` when the engine would not say. */
  readonly containers: readonly ContainerUse[] | null;
  /** `os/architecture[/variant]` that the engine would run. */
  readonly platform: string;
  /** Diff IDs of that platform, base first: with the platform the identity of the content, whatever the store. */
  readonly layers: readonly string[];
  /** Bytes, as the engine counts them. */
  readonly sizeBytes: number;
}
/** Whether a container that runs now uses the image; unknown counts as not. */
export declare const isRunning: (image: {
  readonly containers: readonly Pick<ContainerUse, 'state'>[] | null;
}) => boolean;
