import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import { Report } from './report-schema.ts';

/** A text of JavaScript's cannot be much longer; no honest report without package lists comes near. */
export const MAX_REPORT_BYTES = 384 * 1024 * 1024;

export type ReadReport =
  | { readonly report: Report }
  | { readonly problem: 'missing' | 'too_large' | 'malformed'; readonly detail: string };

/** Room for nearly every report, used again for each: memory taken anew costs more than the reading. */
const ROOM = Buffer.alloc(4 * 1024 * 1024);

/** Never throws: what is wrong with a report is data. */
export const readReport = (file: string): ReadReport => {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const { size } = fstatSync(descriptor);
      if (size > MAX_REPORT_BYTES) return { problem: 'too_large', detail: `${size} bytes` };
      return parseReport(readText(descriptor, size));
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    return { problem: 'missing', detail: cause instanceof Error ? cause.message : String(cause) };
  }
};

/** Nothing else goes on meanwhile, nor does it while the text is parsed, which takes longer. */
const readText = (descriptor: number, size: number): string => {
  const bytes = size <= ROOM.length ? ROOM : Buffer.alloc(size);
  return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, size, 0));
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
