import { z } from 'zod';

import { AcceptDocument, BaselineImportDocument, BaselineTidyDocument } from './accept-document.ts';
import {
  BaselineDiffDocument,
  BaselineListDocument,
  BaselineRemoveDocument,
  BaselineSaveDocument,
  BaselineShowDocument,
} from './baseline-documents.ts';
import { CatalogueScanDocument } from './catalogue-scan-document.ts';
import { CompareDocument } from './compare-document.ts';
import { DoctorDocument } from './doctor-document.ts';
import { ErrorDocument } from './error-document.ts';
import { HostScanDocument, ImageDocument } from './host-scan-document.ts';
import { HostLogsDocument, HostStatusDocument } from './host-status-document.ts';
import { NoticesDocument, NoticesRetryDocument } from './notices-document.ts';
import { ScrapeDocument } from './scrape-document.ts';
import { ToolDocument } from './tool-document.ts';
import { TopDocument } from './top-document.ts';
import { TrivyDocument } from './trivy-document.ts';

const DOCUMENTS = {
  'gts.host-scan.1': HostScanDocument,
  'gts.host-status.1': HostStatusDocument,
  'gts.host-logs.1': HostLogsDocument,
  'gts.image.1': ImageDocument,
  'gts.compare.1': CompareDocument,
  'gts.doctor.1': DoctorDocument,
  'gts.scrape.1': ScrapeDocument,
  'gts.scan.1': CatalogueScanDocument,
  'gts.top.1': TopDocument,
  'gts.tool.1': ToolDocument,
  'gts.trivy.1': TrivyDocument,
  'gts.accept.1': AcceptDocument,
  'gts.baseline-import.1': BaselineImportDocument,
  'gts.baseline-tidy.1': BaselineTidyDocument,
  'gts.baseline-save.1': BaselineSaveDocument,
  'gts.baseline-show.1': BaselineShowDocument,
  'gts.baseline-diff.1': BaselineDiffDocument,
  'gts.baseline-list.1': BaselineListDocument,
  'gts.baseline-remove.1': BaselineRemoveDocument,
  'gts.notices.1': NoticesDocument,
  'gts.notices-retry.1': NoticesRetryDocument,
  'gts.error.1': ErrorDocument,
} as const;

/**
 * The published JSON Schemas (draft 2020-12) of everything `--json` prints, by the name of their file without `.schema.json`.
 * Documents only ever gain fields, so the schemas allow fields they do not name.
 */
export const documentSchemas = (): ReadonlyMap<string, Readonly<Record<string, unknown>>> =>
  new Map(Object.entries(DOCUMENTS).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input' })]));
