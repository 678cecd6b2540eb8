import type { Place } from './place.ts';

/** Longer than any time limit of the programs. */
const PATIENCE_MS = 90_000;

/** Waits for programs, but not for ever: what still is at work in the place by then is ended, and that is a fault. */
export async function withinPatience<Result>(
  work: Promise<Result>,
  place: Place,
): Promise<{ readonly result: Result; readonly faults: readonly string[] }> {
  const faults: string[] = [];
  const insisting = setTimeout(() => {
    faults.push(`a program did not end within ${PATIENCE_MS / 1000} s`);
    void place.endAll();
  }, PATIENCE_MS);
  try {
    return { result: await work, faults };
  } finally {
    clearTimeout(insisting);
  }
}
