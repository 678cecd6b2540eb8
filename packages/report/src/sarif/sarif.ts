import type { AcceptedNow, ImageReport, ScanDocument } from '@scanner/core';

import { renderJsonPieces } from '../json.ts';
import { runOfFailedImages, runOfImage, type SarifRun } from './sarif-run.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** GitHub's code scanning refuses a log with more runs. */
export const MOST_SARIF_RUNS = 20;

/** What a SARIF log says of an image that its report does not. */
export interface SarifOptions {
  /** Findings that are accepted and therefore not in the report; they become suppressed results. @default none */
  readonly acceptedOf?: (image: ImageReport) => readonly AcceptedNow[];
}

/**
 * The SARIF 2.1.0 runs of a document, each made when it is asked for: one for each image that was scanned, and one that
 * names the images that failed. Those have no results, and a run without results would close the alerts of earlier scans.
 *
 * @example
 * const runs = [...sarifRuns(document)];
 * for (const piece of renderSarif(runs)) file.write(piece);
 */
export const sarifRuns = function* (
  document: ScanDocument,
  { acceptedOf = () => [] }: SarifOptions = {},
): Generator<SarifRun, void, undefined> {
  const { images, trivy } = document;
  for (const image of images) if (image.status === 'complete') yield runOfImage(image, trivy, acceptedOf(image));
  const failed = images.filter(({ status }) => status === 'failed');
  if (failed.length > 0) yield runOfFailedImages(failed, trivy);
};

/** How many runs `sarifRuns` gives for a document. */
export const countSarifRuns = ({ images }: ScanDocument): number =>
  images.filter(({ status }) => status === 'complete').length +
  (images.some(({ status }) => status === 'failed') ? 1 : 0);

/** A SARIF log with these runs, as text in pieces. */
export const renderSarif = (runs: Iterable<SarifRun>): Iterable<string> =>
  renderJsonPieces({ $schema: SCHEMA, version: '2.1.0', runs });
