export type Direction = 'descending' | 'ascending' | 'mixed' | 'level';

/** Which way the values go; those that are missing say nothing. */
export const directionOf = (values: readonly (number | null)[]): Direction => {
  const known = values.filter((value) => value !== null);
  const steps = new Set(known.slice(1).map((value, index) => Math.sign(value - (known[index] ?? value))));
  const falls = steps.has(-1);
  const rises = steps.has(1);
  if (falls && rises) return 'mixed';
  if (falls) return 'descending';
  return rises ? 'ascending' : 'level';
};

/** The highest value first, those without one last; rows of the same value keep their order. */
export const highestFirst = <Row>(rows: readonly Row[], valueOf: (row: Row) => number | null): Row[] =>
  rows.toSorted((a, b) => {
    const [first, second] = [valueOf(a) ?? Number.NEGATIVE_INFINITY, valueOf(b) ?? Number.NEGATIVE_INFINITY];
    return first === second ? 0 : second - first;
  });

/** A date's milliseconds since 1970, null where it is missing or none. */
export const timeOf = (date: string | null | undefined): number | null => {
  const time = typeof date === 'string' && /^\d{4}-\d\d-\d\dT/.test(date) ? Date.parse(date) : Number.NaN;
  return Number.isNaN(time) ? null : time;
};
