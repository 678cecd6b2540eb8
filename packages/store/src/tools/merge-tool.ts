import {
  type ScrapedTool,
  statusOf,
  Tool,
  type ToolScan,
  ToolSecurity,
  UNKNOWN_SECURITY,
  Vulnerabilities,
} from '@scanner/core';

/** A tool as scraping found it now: it says nothing of security, and of the tags only where it could ask for them. */
export const mergeScraped = (known: Tool | undefined, { tool, tagsKnown }: ScrapedTool): Tool => {
  if (known === undefined) return { ...tool, security: UNKNOWN_SECURITY };
  const tags = tagsKnown ? {} : { docker_tags: known.docker_tags, tags_note: known.tags_note };
  return { ...known, ...tool, ...tags, security: known.security };
};

/**
 * A tool as somebody else wrote it: the newer scan wins, theirs where both are of one time; every other field that they
 * wrote replaces the known one, and what they did not write stays.
 *
 * @param fields the tool as it was written, which `Tool` accepts
 */
export const mergeWritten = (known: Tool | undefined, fields: Readonly<Record<string, unknown>>): Tool => {
  const written = Tool.parse(fields);
  if (known === undefined) return { ...written, security: judged(written.security) };
  const newer = 'security' in fields && scanTime(written.security) >= scanTime(known.security);
  const security = newer
    ? withUnknownFields(withCoverageOf(written.security, known.security), known.security)
    : withUnknownFields(known.security, written.security);
  return Tool.parse({ ...known, ...fields, security: judged(security) });
};

/**
 * The status that its counts and its coverage allow, whatever was written: what nobody knows to have been judged in full is
 * not `ok`. Where nothing is counted, what was written stands as far as the coverage allows it.
 */
export const judged = (security: ToolSecurity): ToolSecurity => ({ ...security, status: allowedStatus(security) });

const allowedStatus = (security: ToolSecurity): ToolSecurity['status'] => {
  const { status, coverage, vulnerabilities } = security;
  if (vulnerabilities !== null) return statusOf(security);
  return status === 'ok' && coverage !== 'full' ? 'unknown' : status;
};

/** What a scan says of a tool, with how much it could judge. */
export const securityOf = ({ security, coverage, databaseStale }: ToolScan): ToolSecurity => {
  const { db_stale: _, ...said } = security;
  return judged({ ...said, coverage, ...(databaseStale && { db_stale: true }) });
};

/** A row of the same scan that says nothing of coverage has it from what is known. */
const withCoverageOf = (written: ToolSecurity, known: ToolSecurity): ToolSecurity =>
  written.coverage === null && isSameScan(written, known)
    ? { ...written, coverage: known.coverage, ...(known.db_stale === true && { db_stale: true }) }
    : written;

/** `security`, and what only `other` has among the fields that we know nothing of. */
export const withUnknownFields = (security: ToolSecurity, other: ToolSecurity): ToolSecurity => ({
  ...unknownFields(ToolSecurity.shape, other),
  ...security,
  vulnerabilities: security.vulnerabilities && {
    ...unknownFields(Vulnerabilities.shape, other.vulnerabilities ?? {}),
    ...security.vulnerabilities,
  },
});

/** Whether both speak of the same scan. */
export const isSameScan = (one: ToolSecurity, other: ToolSecurity): boolean =>
  one.trivy_scan_date === other.trivy_scan_date && one.scanned_digest === other.scanned_digest;

const unknownFields = (shape: object, fields: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !Object.hasOwn(shape, name)));

const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ][\d:.]+$/;

/** Milliseconds; no date, or none that can be read, is older than every other. A date without a zone is UTC. */
const scanTime = ({ trivy_scan_date: date }: ToolSecurity): number => {
  if (date === null) return -Infinity;
  const time = Date.parse(WITHOUT_ZONE.test(date) ? `${date}Z` : date);
  return Number.isNaN(time) ? -Infinity : time;
};
