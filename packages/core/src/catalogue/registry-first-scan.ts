import type { Failure, FailureCode } from '../model/failure.ts';
import { DEFAULT_REGISTRY, formatReference, parseReference, registryOf } from '../model/reference.ts';
import { mayJudgeMore } from '../model/scan-outcome.ts';
import type { CompleteScan, FailedScan, ScanOutcome } from '../model/scan-outcome.ts';
import type { ImageScanner, ScanSubject } from '../ports/image-scanner.ts';
import type { ManifestDigests } from '../ports/manifest-digests.ts';
import type { ToolScan } from '../ports/tool-store.ts';
import type { PullLimits } from './pull-limits.ts';

export interface RegistryFirstParts {
  readonly scanner: ImageScanner;
  readonly digests: ManifestDigests;
  readonly limits: PullLimits;
}

export interface RegistryFirstOptions {
  readonly platform: string;
  readonly timeoutSeconds?: number;
}

/** What became of one image. `unchanged`: nothing that its last scan depended on is different now. */
export type ImageAnswer =
  | { readonly type: 'unchanged'; readonly previous: ToolScan }
  | {
      readonly type: 'scanned';
      readonly scan: CompleteScan;
      readonly source: 'remote' | 'docker';
      readonly digest: string | null;
    }
  | { readonly type: 'failed'; readonly reason: Failure; readonly blocks: boolean }
  | { readonly type: 'limited'; readonly reason: Failure; readonly resumeAt: string | null };

/** Scans what a registry has, by digest; where it is out of reach, refuses or lacks it, what the local engine has. */
export class RegistryFirstScan {
  readonly #parts: RegistryFirstParts;
  readonly #options: RegistryFirstOptions;
  #engineAnswers = true;

  constructor(parts: RegistryFirstParts, options: RegistryFirstOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** Never rejects for what is wrong with one image. */
  async scan(imageRef: string, previous: ToolScan | undefined, signal?: AbortSignal): Promise<ImageAnswer> {
    const { digests, limits } = this.#parts;
    const registry = registryNamedIn(imageRef);
    for (;;) {
      if (signal?.aborted) return INTERRUPTED;
      const admission = await limits.admit(registry, signal).catch(() => null);
      if (admission === null) return INTERRUPTED;
      if (!admission.open) return limited(registry, admission.resumeAt);

      const manifest = await digests.digestOf(imageRef, this.#options.platform, signal);
      limits.learn(registry, manifest.allowance);
      if (manifest.status === 'found' && previous !== undefined && this.#holdsStill(previous, manifest.digest))
        return { type: 'unchanged', previous };
      if (manifest.status === 'failed') {
        if (manifest.reason.code !== 'rate_limited') return this.#fromEngine(imageRef, manifest.reason, signal);
        limits.refused(registry, manifest.retryAt);
      } else {
        const answer = await this.#fromRegistry(imageRef, manifest.digest, registry, signal);
        if (answer !== null) return answer;
      }
    }
  }

  #holdsStill(previous: ToolScan, digest: string): boolean {
    const { trivyVersion, databaseGeneration } = this.#parts.scanner.identity;
    return (
      previous.security.scanned_digest === digest &&
      previous.platform === this.#options.platform &&
      !mayJudgeMore({ coverage: previous.coverage, reason: previous.coverageReason }) &&
      previous.databaseGeneration === databaseGeneration &&
      previous.security.trivy_version === trivyVersion
    );
  }

  /** Null where the registry grants no more for now. */
  async #fromRegistry(
    imageRef: string,
    digest: string,
    registry: string,
    signal?: AbortSignal,
  ): Promise<ImageAnswer | null> {
    const outcome = await this.#pull(imageRef, digest, registry, signal);
    if (outcome === null || outcome.status === 'complete') return outcome && scanned(outcome, digest);
    if (outcome.reason.code !== 'not_found') return this.#afterRefusal(imageRef, outcome, signal);
    const { digests } = this.#parts;
    const content = await digests.digestOf(imageRef, this.#options.platform, signal, { byContent: true });
    if (content.status === 'failed' || content.digest === digest) return this.#afterRefusal(imageRef, outcome, signal);
    const again = await this.#pull(imageRef, content.digest, registry, signal);
    if (again === null || again.status === 'complete') return again && scanned(again, content.digest);
    return this.#afterRefusal(imageRef, again, signal);
  }

  /** Null where the registry grants no more for now. */
  async #pull(imageRef: string, digest: string, registry: string, signal?: AbortSignal): Promise<ScanOutcome | null> {
    const { scanner, limits } = this.#parts;
    const subject: ScanSubject = {
      source: 'remote',
      reference: pinned(imageRef, digest),
      platform: this.#options.platform,
    };
    const request = this.#request(subject);
    // What is known is matched again without a pull, however many are left.
    const pulls = !(scanner.knows?.(request) ?? false);
    if (pulls && !limits.take(registry)) return null;
    let granted = true;
    try {
      const outcome = await scanner.scan(request, signal);
      granted = outcome.status === 'complete' || outcome.reason.code !== 'rate_limited';
      if (granted) return outcome;
    } finally {
      if (pulls) limits.done(registry, granted);
    }
    limits.refused(registry, null);
    return null;
  }

  async #afterRefusal(imageRef: string, outcome: FailedScan, signal?: AbortSignal): Promise<ImageAnswer> {
    return outcome.blocks ? failed(outcome) : this.#fromEngine(imageRef, outcome.reason, signal);
  }

  async #fromEngine(imageRef: string, reason: Failure, signal?: AbortSignal): Promise<ImageAnswer> {
    const refusal: ImageAnswer = { type: 'failed', reason, blocks: false };
    if (!this.#engineAnswers || !ENGINE_MAY_HAVE_IT.has(reason.code)) return refusal;

    const { platform } = this.#options;
    const outcome = await this.#parts.scanner.scan(this.#request({ source: 'docker', id: imageRef, platform }), signal);
    if (outcome.status === 'complete')
      return { type: 'scanned', scan: outcome, source: 'docker', digest: outcome.digest };
    if (NO_ENGINE.has(outcome.reason.code)) this.#engineAnswers = false;
    else if (outcome.blocks || outcome.reason.code === 'interrupted') return failed(outcome);
    else if (outcome.reason.code !== 'not_found') return alsoFailed(reason, outcome.reason);
    return refusal;
  }

  #request(subject: ScanSubject) {
    const { timeoutSeconds } = this.#options;
    return { subject, ...(timeoutSeconds !== undefined && { timeoutSeconds }) };
  }
}

const ENGINE_MAY_HAVE_IT: ReadonlySet<FailureCode> = new Set([
  'not_found',
  'unauthorized',
  'registry_error',
  'network',
]);

const NO_ENGINE: ReadonlySet<FailureCode> = new Set(['engine_unreachable', 'engine_forbidden']);

const INTERRUPTED: ImageAnswer = {
  type: 'failed',
  reason: { code: 'interrupted', message: 'stopped before it was scanned' },
  blocks: false,
};

const failed = ({ reason, blocks }: FailedScan): ImageAnswer => ({ type: 'failed', reason, blocks });

const alsoFailed = (registry: Failure, engine: Failure): ImageAnswer => ({
  type: 'failed',
  reason: { code: registry.code, message: `registry: ${registry.message}; engine: ${engine.message}` },
  blocks: false,
});

const scanned = (scan: CompleteScan, digest: string): ImageAnswer => ({
  type: 'scanned',
  scan,
  source: 'remote',
  digest,
});

const limited = (registry: string, resumeAt: string | null): ImageAnswer => ({
  type: 'limited',
  reason: { code: 'rate_limited', message: `${registry} grants no more pulls for now` },
  resumeAt,
});

const registryNamedIn = (imageRef: string): string => {
  const parsed = parseReference(imageRef);
  return parsed.ok ? registryOf(parsed.reference) : DEFAULT_REGISTRY;
};

const pinned = (imageRef: string, digest: string): string => {
  const parsed = parseReference(imageRef);
  return parsed.ok ? formatReference({ ...parsed.reference, tag: null, digest }) : imageRef;
};
