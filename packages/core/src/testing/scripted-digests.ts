import type { DigestAnswer, DigestOptions, ManifestDigests } from '../ports/manifest-digests.ts';

/** A registry that answers from a function and remembers what it was asked; everything is found unless it says otherwise. */
export class ScriptedDigests implements ManifestDigests {
  readonly asked: string[] = [];
  readonly #answer: (reference: string, options: DigestOptions) => DigestAnswer | Promise<DigestAnswer>;

  constructor(
    answer: (reference: string, options: DigestOptions) => DigestAnswer | Promise<DigestAnswer> = () => ({
      status: 'found',
      digest: `sha256:${'d'.repeat(64)}`,
      allowance: null,
    }),
  ) {
    this.#answer = answer;
  }

  async digestOf(
    reference: string,
    _platform: string,
    _signal?: AbortSignal,
    options: DigestOptions = {},
  ): Promise<DigestAnswer> {
    this.asked.push(reference);
    return this.#answer(reference, options);
  }
}
