import { findPackageJSON } from 'node:module';

/** This package's `package.json`, whether it runs from source, built, or in one piece with the program that uses it. */
export const ownManifest = (): string => {
  const manifest = findPackageJSON('@scanner/scanner', import.meta.url);
  if (manifest === undefined) throw new Error('this package has lost its package.json');
  return manifest;
};
