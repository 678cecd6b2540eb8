import type { Failure } from '../model/failure.ts';

/** How many pulls a registry still grants. */
export interface PullAllowance {
  readonly remaining: number;
  /** When it grants more, at the latest; ISO 8601, null where it does not say. */
  readonly resetAt: string | null;
}

/** `allowance` is null where the registry speaks of no limit. */
export type DigestAnswer =
  | { readonly status: 'found'; readonly digest: string; readonly allowance: PullAllowance | null }
  | {
      readonly status: 'failed';
      readonly reason: Failure;
      readonly allowance: PullAllowance | null;
      /** When to ask again, for `rate_limited`; ISO 8601, null where the registry does not say. */
      readonly retryAt: string | null;
    };

export interface DigestOptions {
  /** Reckons the digest from the manifest itself, which counts as a pull: what a registry says of it may be wrong. */
  readonly byContent?: boolean;
}

/** Asks registries what a name stands for, without pulling. */
export interface ManifestDigests {
  /**
   * The digest of the manifest or index that the reference names now.
   * Never rejects for what is wrong with one image; an abort gives `interrupted`.
   *
   * @param platform `os/architecture[/variant]` that is to be pulled
   */
  digestOf(reference: string, platform: string, signal?: AbortSignal, options?: DigestOptions): Promise<DigestAnswer>;
}
