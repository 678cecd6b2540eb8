import { isRepositoryName } from '../docker-hub-names.ts';
import type { Cut, Listing } from '../listing/walk-pages.ts';
import type { RepositoryRow } from '../schema.ts';
import type { NamespaceSummary, ScrapeError } from './scrape-events.ts';

/** The repositories that can become tools, and how many cannot. */
export const sortOut = (
  namespace: string,
  { rows, unreadable }: Listing<RepositoryRow>,
): { rows: RepositoryRow[]; plugins: number; unreadable: number } => {
  const named = rows.filter(({ name }) => isRepositoryName(namespace, name));
  const images = named.filter(({ repository_type: type }) => type !== 'plugin');
  return {
    rows: images,
    plugins: named.length - images.length,
    unreadable: unreadable + rows.length - named.length,
  };
};

/** Of a namespace that could not be listed. */
export const failedSummary = (name: string, error: ScrapeError): NamespaceSummary => ({
  name,
  tools: 0,
  truncated: false,
  reason: null,
  skipped: { plugins: 0, unreadable: 0 },
  error,
});

/** Of a namespace that was gone through. */
export const summaryOf = (
  name: string,
  { cut, count, rows }: Listing<RepositoryRow>,
  { tools, plugins, unreadable }: { tools: number; plugins: number; unreadable: number },
): NamespaceSummary => ({
  name,
  tools,
  truncated: cut !== null,
  reason: cut === null ? null : `${rows.length} of ${count ?? 'unknown many'} repositories seen: ${cut.message}`,
  skipped: { plugins, unreadable },
  error: cutError(name, cut),
});

/** That the rest was not wanted, is not shown, or went away while we were reading, is no error. */
const cutError = (subject: string, cut: Cut | null): ScrapeError | null => {
  if (cut === null || cut.code === 'enough' || cut.code === 'incomplete' || cut.code === 'depth_limit') return null;
  return { subject, code: cut.code, message: cut.message };
};
