import type { DigestAnswer, ManifestDigests } from '../ports/manifest-digests.ts';

/** A registry that answers from a function and remembers what it was asked; everything is found unless it says otherwise. */
export class ScriptedDigests implements ManifestDigests {
  readonly asked: string[] = [];
  readonly #answer: (reference: string) => DigestAnswer | Promise<DigestAnswer>;

  constructor(
    answer: (reference: string) => DigestAnswer | Promise<DigestAnswer> = () => ({
      status: 'found',
      digest: `sha256:${'d'.repeat(64)}`,
      allowance: null,
    }),
  ) {
    this.#answer = answer;
  }

  async digestOf(reference: string): Promise<DigestAnswer> {
    this.asked.push(reference);
    return this.#answer(reference);
  }
}
