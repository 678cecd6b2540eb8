import { readFile } from 'node:fs/promises';

import type { ImageDocument, ImageReport } from '@scanner/core';
import {
  mendSpdx,
  mergeSarif,
  MOST_SARIF_RUNS,
  noteInCycloneDx,
  renderCsv,
  renderHtml,
  renderJson,
  renderJunit,
  renderMarkdown,
  renderTable,
  type TableOptions,
} from '@scanner/report';
import type { TrivyScanner } from '@scanner/scanner';

import type { ImageFormat } from './scan-options.ts';

/** Formats that Trivy makes of its own report. */
type ConvertedFormat = 'sarif' | 'cyclonedx' | 'spdx';

export const isConverted = (format: ImageFormat): format is ConvertedFormat =>
  format === 'sarif' || format === 'cyclonedx' || format === 'spdx';

/** The text of a format of ours. */
export const renderOwn = (
  format: Exclude<ImageFormat, ConvertedFormat>,
  document: ImageDocument,
  appearance: TableOptions,
): string => {
  switch (format) {
    case 'table':
      return renderTable(document, appearance);
    case 'json':
      return renderJson(document);
    case 'html':
      return renderHtml(document);
    case 'markdown':
      return renderMarkdown(document);
    case 'csv':
      return renderCsv(document);
    case 'junit':
      return renderJunit(document);
  }
};

export interface ConversionParts {
  readonly document: ImageDocument;
  readonly scanner: TrivyScanner;
  /** Where Trivy's report of the image at that place lies. */
  readonly reportPath: (index: number) => string;
  readonly signal: AbortSignal;
  /** Told what a reader of the result should know. */
  readonly warn: (message: string) => void;
}

/**
 * Lets Trivy convert its reports of the images that were scanned. Bills of materials describe one image, SARIF any number.
 *
 * @returns `null` for a bill of materials of an image that failed
 */
export const renderConverted = async (format: ConvertedFormat, parts: ConversionParts): Promise<string | null> => {
  const { images, trivy } = parts.document;
  const converted: Array<{ readonly report: ImageReport; readonly log: unknown }> = [];
  for (const [index, report] of images.entries()) {
    if (report.status === 'complete') converted.push({ report, log: await convert(format, parts, index) });
  }
  if (format === 'sarif') {
    const log = mergeSarif(
      converted,
      trivy,
      images.filter(({ status }) => status === 'failed'),
    );
    if (log.runs.length > MOST_SARIF_RUNS)
      parts.warn(
        `the log has ${log.runs.length} runs, and GitHub's code scanning refuses more than ${MOST_SARIF_RUNS}: name fewer images a call`,
      );
    return renderJson(log);
  }
  const [only] = converted;
  if (only === undefined) return null;
  const { log, report } = only;
  return renderJson(format === 'spdx' ? mendSpdx(log, report, trivy) : noteInCycloneDx(log, report, trivy));
};

const convert = async (
  format: ConvertedFormat,
  { document, scanner, reportPath, signal }: ConversionParts,
  index: number,
): Promise<unknown> => {
  const outputPath = `${reportPath(index)}.${format}`;
  await scanner.convertReport(
    {
      reportPath: reportPath(index),
      format: format === 'spdx' ? 'spdx-json' : format,
      severities: document.filter.severities,
      outputPath,
    },
    signal,
  );
  return JSON.parse(await readFile(outputPath, 'utf8'));
};
