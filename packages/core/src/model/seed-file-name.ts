/**
 * The name that earlier baselines go by, without its extension: everything beside `[A-Za-z0-9._-]` becomes `_`. Two
 * references can share one, and it may be longer than a file system takes: see {@link ownSeedFileNames}.
 */
export const seedFileName = (reference: string): string => reference.replace(/[^A-Za-z0-9._-]/gu, '_');

/**
 * The earlier names that stand for one of these references only; the others cannot be told apart and have none.
 *
 * @example
 * ownSeedFileNames(['app:1', 'team/x', 'team_x']) // Map { 'app:1' => 'app_1' }
 */
export const ownSeedFileNames = (references: readonly string[]): Map<string, string> => {
  const owners = Map.groupBy(new Set(references), (reference) => seedFileName(reference).toLowerCase());
  return new Map(
    [...owners.values()].flatMap(([reference, ...others]) =>
      reference === undefined || others.length > 0 ? [] : [[reference, seedFileName(reference)]],
    ),
  );
};
