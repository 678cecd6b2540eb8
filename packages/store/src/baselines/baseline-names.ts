import { imageFileName, ownSeedFileNames, seedFileName } from '@scanner/core';

const EXTENSION = '.json';

/** What is accepted in every reference; no baseline is called so, since every reference has a tag or a digest. */
export const RULES_FILE = 'rules.json';

/** The name of the file that a baseline is saved as. */
export const baselineFile = (reference: string): string => `${imageFileName(reference)}${EXTENSION}`;

const simpleFile = (reference: string): string => `${seedFileName(reference)}${EXTENSION}`;

/** Where the baseline of a reference may lie; the first that is there counts. */
export const baselineFiles = (reference: string): readonly [string, string] => [
  baselineFile(reference),
  simpleFile(reference),
];

/** Whether a name may be that of a baseline; files that are being written start with a dot. */
export const isBaselineFile = (name: string): boolean =>
  name.endsWith(EXTENSION) && !name.startsWith('.') && name !== RULES_FILE;

/**
 * For which of a host's references a file stands, by its name. A simple name that two of them share stands for none;
 * nor does one that somebody made up to be taken for the full name of another.
 */
export const referencesByFile = (references: readonly string[]): ReadonlyMap<string, string> => {
  const simple = [...ownSeedFileNames(references).keys()].map(
    (reference) => [simpleFile(reference), reference] as const,
  );
  const full = references.map((reference) => [baselineFile(reference), reference] as const);
  return new Map([...simple, ...full]);
};
