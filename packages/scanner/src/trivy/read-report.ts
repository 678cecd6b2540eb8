import { readFile, stat } from 'node:fs/promises';

import { Report } from './report-schema.ts';

/** A text of JavaScript's cannot be much longer; no honest report without package lists comes near. */
export const MAX_REPORT_BYTES = 384 * 1024 * 1024;

export type ReadReport =
  | { readonly report: Report }
  | { readonly problem: 'missing' | 'too_large' | 'malformed'; readonly detail: string };

/** Never rejects: what is wrong with a report is data. */
export const readReport = async (file: string): Promise<ReadReport> => {
  try {
    const { size } = await stat(file);
    if (size > MAX_REPORT_BYTES) return { problem: 'too_large', detail: `${size} bytes` };
    return parseReport(await readFile(file, 'utf8'));
  } catch (cause) {
    return { problem: 'missing', detail: cause instanceof Error ? cause.message : String(cause) };
  }
};

export const parseReport = (text: string): ReadReport => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return { problem: 'malformed', detail: cause instanceof Error ? cause.message : String(cause) };
  }
  const parsed = Report.safeParse(json);
  if (parsed.success) return { report: parsed.data };
  const [issue] = parsed.error.issues;
  return { problem: 'malformed', detail: issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}` };
};
