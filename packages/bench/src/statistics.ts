/** The middle of some measurements and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Throws a `RangeError` when there is nothing to describe. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new RangeError('no values, so no spread');
  return { median: medianOf(sorted), min, max };
}

/**
 * What each of `values` is of the reference that was measured beside it. A machine that slows down for a while slows
 * both of a pair, so that the ratios lie closer together than the times.
 *
 * Throws a `RangeError` when the two are not pairs.
 */
export function pairedRatios(values: readonly number[], references: readonly number[]): number[] {
  if (values.length !== references.length) throw new RangeError('every value needs the reference measured beside it');
  return values.map((value, index) => value / (references[index] ?? Number.NaN));
}

/**
 * The value that the given part of `values` does not exceed: 0.99 for the 99th percentile.
 *
 * Throws a `RangeError` when there are no values.
 */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
  if (value === undefined) throw new RangeError('no values, so no percentile');
  return value;
}

function medianOf(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const [below, above] = [sorted[Math.ceil(middle) - 1] ?? Number.NaN, sorted[Math.floor(middle)] ?? Number.NaN];
  return (below + above) / 2;
}
