import { readFile, stat } from 'node:fs/promises';

import { type ImageDocument, parseOutsideJson, ScannerError } from '@scanner/core';
import {
  mendSpdx,
  noteInCycloneDx,
  renderCsv,
  renderHtml,
  renderJsonPieces,
  renderJunit,
  renderMarkdown,
  renderTable,
  type TableOptions,
} from '@scanner/report';
import type { TrivyScanner } from '@scanner/scanner';

import type { ImageFormat } from './scan-options.ts';

/** Formats that Trivy makes of its own report. */
type ConvertedFormat = 'cyclonedx' | 'spdx';

export const isConverted = (format: ImageFormat): format is ConvertedFormat =>
  format === 'cyclonedx' || format === 'spdx';

/** The text of a format of ours that is one text, whole or in pieces. */
export const renderOwn = (
  format: Exclude<ImageFormat, ConvertedFormat | 'sarif'>,
  document: ImageDocument,
  appearance: TableOptions,
): string | Iterable<string> => {
  switch (format) {
    case 'table':
      return renderTable(document, appearance);
    case 'json':
      return renderJsonPieces(document);
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
  /** Where Trivy's report of the image lies. */
  readonly reportPath: string;
  readonly signal: AbortSignal;
  /** Told what a reader of the result should know. */
  readonly warn: (message: string) => void;
}

const MOST_CONVERTED_BYTES = 256 * 1024 ** 2;

/**
 * Lets Trivy convert its report of the one image of a document.
 *
 * @returns `null` where the image failed, or its report cannot be converted: what stands in an image can bring that about
 */
export const renderConverted = async (
  format: ConvertedFormat,
  parts: ConversionParts,
): Promise<Iterable<string> | null> => {
  const { trivy, images } = parts.document;
  const [report] = images;
  if (report?.status !== 'complete') return null;
  try {
    const converted = await convert(format, parts);
    return renderJsonPieces(
      format === 'spdx' ? mendSpdx(converted, report, trivy) : noteInCycloneDx(converted, report, trivy),
    );
  } catch (error) {
    if (!ScannerError.is(error) || error.code !== 'trivy_broken') throw error;
    parts.warn(`there is no bill of materials of ${report.references[0] ?? 'the image'}: ${error.message}`);
    return null;
  }
};

const convert = async (
  format: ConvertedFormat,
  { document, scanner, reportPath, signal }: ConversionParts,
): Promise<unknown> => {
  const outputPath = `${reportPath}.${format}`;
  await scanner.convertReport(
    {
      reportPath,
      format: format === 'spdx' ? 'spdx-json' : format,
      severities: document.filter.severities,
      outputPath,
    },
    signal,
  );
  return readConverted(outputPath);
};

const readConverted = async (path: string): Promise<unknown> => {
  try {
    const { size } = await stat(path);
    if (size > MOST_CONVERTED_BYTES) throw new RangeError(`it has ${size} bytes, more than ${MOST_CONVERTED_BYTES}`);
    return parseOutsideJson(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new ScannerError(
      `what Trivy wrote cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        code: 'trivy_broken',
        hint: 'see what `gts doctor` says of Trivy',
        cause,
      },
    );
  }
};
