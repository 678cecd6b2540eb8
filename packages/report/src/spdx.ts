import { type ImageReport, ScannerError, type TrivyUsed } from '@scanner/core';

import { coverageInWords, staleInWords } from './text/words.ts';

/**
 * An SPDX 2.3 document as `trivy convert` writes it, mended so that the schema of SPDX 2.3 accepts it: in JSON the purpose
 * of an operating system has an underscore, where Trivy writes the dash of the tag-value form. A comment says how much of the
 * image is not in it.
 *
 * @throws ScannerError `trivy_broken` when it is no SPDX document
 */
export const mendSpdx = (
  document: unknown,
  report: ImageReport,
  trivy: TrivyUsed,
): Readonly<Record<string, unknown>> => {
  if (!isRecord(document) || document['spdxVersion'] !== 'SPDX-2.3' || !Array.isArray(document['packages']))
    throw new ScannerError('what Trivy wrote is not SPDX 2.3', {
      code: 'trivy_broken',
      hint: 'see what `gts doctor` says of Trivy',
    });
  const packages: readonly unknown[] = document['packages'];
  const notes = [coverageInWords(report), staleInWords(trivy)].filter((note) => note !== null);
  return {
    ...document,
    ...(notes.length > 0 && { comment: notes.join('; ') }),
    packages: packages.map(mendPackage),
  };
};

const mendPackage = (described: unknown): unknown =>
  isRecord(described) && described['primaryPackagePurpose'] === 'OPERATING-SYSTEM'
    ? { ...described, primaryPackagePurpose: 'OPERATING_SYSTEM' }
    : described;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
