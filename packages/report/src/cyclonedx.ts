import { type ImageReport, ScannerError, type TrivyUsed } from '@scanner/core';

import { coverageInWords, staleInWords } from './text/words.ts';

/**
 * A CycloneDX bill of materials as `trivy convert` writes it, with properties of its metadata that say where no
 * vulnerabilities do not mean clean. Of an image that was judged in full it stays as it is.
 *
 * @throws ScannerError `trivy_broken` when it is no CycloneDX document
 */
export const noteInCycloneDx = (
  document: unknown,
  report: ImageReport,
  trivy: TrivyUsed,
): Readonly<Record<string, unknown>> => {
  if (!isRecord(document) || document['bomFormat'] !== 'CycloneDX')
    throw new ScannerError('what Trivy wrote is not CycloneDX', {
      code: 'trivy_broken',
      hint: 'see what `gts doctor` says of Trivy',
    });
  const coverage = coverageInWords(report);
  const stale = staleInWords(trivy);
  const properties = [
    ...(coverage === null
      ? []
      : [
          { name: 'gts:coverage', value: report.coverage },
          { name: 'gts:coverage:note', value: coverage },
        ]),
    ...(stale === null ? [] : [{ name: 'gts:database:note', value: stale }]),
  ];
  if (properties.length === 0) return document;
  const metadata = isRecord(document['metadata']) ? document['metadata'] : {};
  const before: readonly unknown[] = Array.isArray(metadata['properties']) ? metadata['properties'] : [];
  return { ...document, metadata: { ...metadata, properties: [...before, ...properties] } };
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
