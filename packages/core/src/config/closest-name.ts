/** The one of `names` that `written` was most likely meant to be, or `null` where none is near. */
export const closestName = (written: string, names: Iterable<string>): string | null => {
  const near = Math.max(1, Math.floor(written.length / 5));
  let closest: { readonly name: string; readonly distance: number } | null = null;
  for (const name of names) {
    if (Math.abs(name.length - written.length) > near) continue;
    const distance = editDistance(written, name);
    if (distance <= near && (closest === null || distance < closest.distance)) closest = { name, distance };
  }
  return closest?.name ?? null;
};

/** How many letters have to be put in, taken out or exchanged to make one of the other (Levenshtein). */
const editDistance = (a: string, b: string): number => {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, letter] of a.split('').entries()) {
    const current = [row + 1];
    for (const [column, other] of b.split('').entries())
      current.push(
        Math.min(
          (above[column] ?? 0) + (letter === other ? 0 : 1),
          (above[column + 1] ?? 0) + 1,
          (current[column] ?? 0) + 1,
        ),
      );
    above = current;
  }
  return above.at(-1) ?? 0;
};
