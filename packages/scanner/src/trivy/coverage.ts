import { z } from 'zod';

import type { Coverage } from '@scanner/core';

import type { Report } from './report-schema.ts';

const list = z.array(z.unknown()).nullish();

/** The part of a layer's analysis that says what was found to judge. */
const Blob = z.object({
  PackageInfos: z.array(z.object({ Packages: list })).nullish(),
  Applications: z.array(z.object({ Packages: list, Libraries: list })).nullish(),
});

/** What an image holds that could be judged at all. */
export interface Contents {
  readonly osPackages: boolean;
  readonly languagePackages: boolean;
}

/** Of an image, by what its layers hold. */
export const contentsOf = (layers: readonly Contents[]): Contents => ({
  osPackages: layers.some(({ osPackages }) => osPackages),
  languagePackages: layers.some(({ languagePackages }) => languagePackages),
});

/** Reads it from the analysis of one layer, as Trivy keeps it in the scan cache; what makes no sense holds nothing. */
export const layerContents = (analysis: unknown): Contents => {
  const layer = Blob.safeParse(analysis).data;
  return {
    osPackages: (layer?.PackageInfos ?? []).some(({ Packages }) => isFilled(Packages)),
    languagePackages: (layer?.Applications ?? []).some(
      ({ Packages, Libraries }) => isFilled(Packages) || isFilled(Libraries),
    ),
  };
};

export const parseOrNull = (blob: Buffer): unknown => {
  try {
    return JSON.parse(blob.toString('utf8'));
  } catch {
    return null;
  }
};

const isFilled = (items: readonly unknown[] | null | undefined): boolean => (items?.length ?? 0) > 0;

/** How much of an image a finished scan could judge. `partial` is for the caller to know: it left something out. */
export const coverageOf = (report: Report, stderr: string, contents: Contents): Exclude<Coverage, 'partial'> => {
  const os = report.Metadata?.OS;
  const hasOs = (os?.Family ?? '') !== '' && os?.Family !== 'none';
  if (/\tWARN\tUnsupported os\t/.test(stderr)) return 'unsupported';
  if (hasOs ? !contents.osPackages : !contents.languagePackages) return 'unsupported';
  if (os?.EOSL === true || /\tWARN\tThis OS version is no longer supported/.test(stderr)) return 'eol';
  return 'full';
};
