import { CATALOGUE_FAILURES } from './catalogue-failures.ts';
import type { Failure } from './failure.ts';
import { HOST_FAILURES } from './host-failures.ts';
import { IMAGE_FAILURES } from './image-failures.ts';
import { NOTICE_FAILURES } from './notice-failures.ts';
import type { ProvokedFailure } from './table.ts';
import { World } from './world.ts';

/** Everything that is known to go wrong, by what it goes wrong with. */
export const FAILURES: readonly Failure[] = [
  ...HOST_FAILURES,
  ...NOTICE_FAILURES,
  ...IMAGE_FAILURES,
  ...CATALOGUE_FAILURES,
];

/**
 * Meets one failure after the other.
 *
 * @throws Error with the name of the failure where something was lost, or was said otherwise than it is
 */
export async function* provokeFailures(failures: readonly Failure[]): AsyncGenerator<ProvokedFailure> {
  await using world = new World();
  for (const failure of failures) {
    try {
      yield { failure, outcome: await failure.provoke(world) };
    } catch (error) {
      throw new Error(`“${failure.what}”: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    } finally {
      await world.endFailure();
    }
  }
}
