import { isSameImage } from '../comparison/circumstances.ts';
import { parseReference, repositoryOf } from '../model/reference.ts';
import type { Predecessor } from './first-sight.ts';
import { circumstancesOf, type Pass, type PassImage } from './pass.ts';
import type { ReferenceState, ToldState } from './told-state.ts';
import { shareUser, usersOf } from './users-of-images.ts';

/** Finds what a reference that was never met goes on from. */
export class Predecessors {
  readonly #pass: Pass;
  readonly #known: readonly ReferenceState[];
  readonly #byContent = new Map<string, ReferenceState[]>();
  readonly #byRepository = new Map<string, ReferenceState[]>();
  readonly #onHost: ReadonlySet<string>;

  constructor({ references }: ToldState, pass: Pass) {
    this.#pass = pass;
    this.#known = references.filter(({ standing, scanned }) => standing !== 'unscanned' && scanned !== null);
    this.#onHost = new Set(pass.onHost ?? pass.images.flatMap((image) => image.references));
    for (const state of this.#known) {
      for (const name of [state.scanned?.content, state.scanned?.imageId]) add(this.#byContent, name ?? null, state);
      add(this.#byRepository, repositoryNamed(state.reference), state);
    }
  }

  /**
   * The same image under another name; else the one that the same container or Compose service ran before; else the one
   * of the same repository that left the host since the last pass. Where two images fit alike there is none; two names of
   * one image are no two images.
   */
  of(reference: string, image: PassImage): Predecessor | undefined {
    const same = this.#sameImage(reference, image);
    if (same !== undefined) return { state: same, image: 'same' };
    const ranBefore = this.#ranBefore(image);
    const fitting = ranBefore.length > 0 ? ranBefore : this.#left(reference);
    const [first] = fitting.toSorted(acceptedFirst);
    return first !== undefined && fitting.every((other) => other === first || isOfSameImage(first, other))
      ? { state: first, image: 'before' }
      : undefined;
  }

  #left(reference: string): ReferenceState[] {
    const repository = this.#byRepository.get(repositoryNamed(reference) ?? '') ?? [];
    return repository.filter((state) => this.#leftNow(state));
  }

  #ranBefore(image: PassImage): ReferenceState[] {
    const users = usersOf(image);
    if (users.containers.length === 0) return [];
    return this.#known.filter((state) => shareUser(state, users));
  }

  #sameImage(reference: string, image: PassImage): ReferenceState | undefined {
    const now = circumstancesOf(this.#pass, image);
    const candidates = [image.content, image.id].flatMap((name) => this.#byContent.get(name ?? '') ?? []);
    return candidates
      .filter(
        (state) => state.reference !== reference && state.scanned !== null && isSameImage(state.scanned, now) === true,
      )
      .toSorted(acceptedFirst)[0];
  }

  #leftNow({ reference, leftAt, goneSince }: ReferenceState): boolean {
    if (leftAt !== null || this.#onHost.has(reference)) return false;
    // What was noted before it was known who left is gone for longer.
    return goneSince === null || this.#pass.onHost !== undefined;
  }
}

const isOfSameImage = (a: ReferenceState, b: ReferenceState): boolean =>
  a.scanned !== null && b.scanned !== null && isSameImage(a.scanned, b.scanned) === true;

const add = (index: Map<string, ReferenceState[]>, name: string | null, state: ReferenceState): void => {
  if (name === null) return;
  const states = index.get(name);
  if (states === undefined) index.set(name, [state]);
  else states.push(state);
};

const acceptedFirst = (a: ReferenceState, b: ReferenceState): number =>
  Number(b.standing === 'accepted') - Number(a.standing === 'accepted') ||
  Number(b.goneSince === null) - Number(a.goneSince === null) ||
  (a.reference < b.reference ? -1 : 1);

/** Null for what has no name but an ID. */
const repositoryNamed = (reference: string): string | null => {
  const parsed = parseReference(reference);
  if (
    !parsed.ok ||
    reference.startsWith('sha256:') ||
    (parsed.reference.tag === null && parsed.reference.digest === null)
  )
    return null;
  return repositoryOf(parsed.reference);
};
