import { isDeepStrictEqual } from 'node:util';

import type { CompleteScan, ImageScanner, ScanOutcome, ScanSubject } from '@scanner/core';

import type { BundledImage } from './bundled-images.ts';

/** What a Trivy finds by layers, beside what it finds by a process for each image. */
export type Comparison =
  | { readonly outcome: 'equal' }
  /** `image` is the first that came out otherwise, by its archive's name; `reason` says how. */
  | { readonly outcome: 'different'; readonly image: string; readonly reason: string }
  /** There is nothing to compare with. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/** A scanner for each of the two ways. */
export interface Ways {
  readonly byProcess: Pick<ImageScanner, 'scan'>;
  readonly byLayers: Pick<ImageScanner, 'scan'>;
}

/** Scans each image in both ways. Once more by layers at the end, when all is known. */
export const compareWays = async (
  { byProcess, byLayers }: Ways,
  images: readonly BundledImage[],
  signal: AbortSignal,
): Promise<Comparison> => {
  const scan = async (way: Ways['byProcess'], subject: ScanSubject): Promise<ScanOutcome> => {
    const outcome = await way.scan({ subject }, signal);
    signal.throwIfAborted();
    return outcome;
  };
  let found = 0;
  for (const { id, archive } of images) {
    const expected = await scan(byProcess, { source: 'archive', path: archive });
    if (expected.status === 'failed') return { outcome: 'unknown', reason: expected.reason.message };
    found += expected.findings.length;
    for (const _ of ['analysed', 'known']) {
      const reason = differenceOf(expected, await scan(byLayers, { source: 'docker', id }));
      if (reason !== null) return { outcome: 'different', image: nameOf(archive), reason };
    }
  }
  // Where a process finds nothing in images that are vulnerable, the same by layers proves nothing.
  return found > 0 ? { outcome: 'equal' } : { outcome: 'unknown', reason: 'it finds nothing in any of the images' };
};

/** Null where there is none. */
const differenceOf = (expected: CompleteScan, outcome: ScanOutcome): string | null => {
  if (outcome.status === 'failed') return `the scan by layers failed: ${outcome.reason.message}`;
  if (outcome.coverage !== expected.coverage) return `coverage ${outcome.coverage} in place of ${expected.coverage}`;
  if (isDeepStrictEqual(said(outcome), said(expected))) return null;
  return outcome.findings.length === expected.findings.length
    ? 'findings of another content'
    : `${outcome.findings.length} findings in place of ${expected.findings.length}`;
};

/** What a scan says of an image, whatever it was scanned from. */
const said = ({ coverage, reason, os, layers, findings }: CompleteScan): object => ({
  coverage,
  reason,
  os,
  layers,
  findings,
});

const nameOf = (archive: string): string => archive.replace(/^.*\//v, '').replace(/\.tar$/v, '');
