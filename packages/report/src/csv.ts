import { compareFindings, type Finding, type ImageReport, type ScanDocument } from '@scanner/core';

import { sortImages } from './image-order.ts';
import { sanitizeForTerminal } from './text/inert-text.ts';

const COLUMNS = [
  'image',
  'references',
  'image_id',
  'status',
  'reason',
  'coverage',
  'containers',
  'severity',
  'vulnerability',
  'package',
  'path',
  'installed',
  'fixed',
  'vendor_status',
  'title',
  'url',
  'db_stale',
  'demonstration',
] as const;

type Row = Partial<Readonly<Record<(typeof COLUMNS)[number], string | null>>>;

/** What spreadsheets take for the start of a formula, their full-width forms included, behind blanks too. */
const FORMULA = /^\s*[=+\-@＝＋－＠]/u;

/**
 * A row for each finding, and one without a finding for each image that has none, by RFC 4180 with CRLF. Cells that a
 * spreadsheet would run are led by an apostrophe; controls are shown as escapes.
 */
export const renderCsv = (document: ScanDocument): string => {
  const { atRisk, clean, failed, skipped } = sortImages(document.images);
  const rows = [...atRisk, ...clean, ...failed, ...skipped].flatMap((image) => imageRows(image, document));
  return [COLUMNS.join(','), ...rows.map(line)].map((text) => `${text}\r\n`).join('');
};

const imageRows = (image: ImageReport, document: ScanDocument): Row[] => {
  const facts = imageFacts(image, document);
  if (image.findings.length === 0) return [facts];
  return image.findings.toSorted(compareFindings).map((finding) => ({ ...facts, ...findingFacts(finding) }));
};

const imageFacts = (image: ImageReport, document: ScanDocument): Row => ({
  image: image.references[0] ?? image.id,
  references: image.references.join(' '),
  image_id: image.id,
  status: image.status,
  reason: image.reason && `${image.reason.code}: ${image.reason.message}`,
  coverage: image.coverage,
  containers: image.containers?.map(({ name, state }) => `${name} (${state})`).join(' ') ?? null,
  db_stale: String(document.trivy.db_stale),
  demonstration: String(document.demonstration === true),
});

const findingFacts = ({ status, key: _key, ...finding }: Finding): Row => ({ ...finding, vendor_status: status });

const line = (row: Row): string => COLUMNS.map((column) => cell(row[column] ?? '')).join(',');

const cell = (text: string): string => {
  const inert = sanitizeForTerminal(text);
  const guarded = FORMULA.test(inert) ? `'${inert}` : inert;
  return `"${guarded.replaceAll('"', '""')}"`;
};
