import type { ScrapeDocument, ScrapedNamespace } from '@scanner/core';
import type { NamespaceSummary, ScrapeError, ScrapeEvent } from '@scanner/scraper';

/** Gathers what scraping tells into one document, which is true at any moment: a run may be stopped. */
export class ScrapeTally {
  readonly #names: readonly string[];
  readonly #stored = new Map<string, number>();
  readonly #summaries = new Map<string, NamespaceSummary>();
  readonly #errors: ScrapeError[] = [];

  constructor(namespaces: readonly string[]) {
    this.#names = namespaces;
  }

  take(event: ScrapeEvent): void {
    if (event.kind === 'end') return;
    const error = event.kind === 'tool' ? event.error : event.summary.error;
    if (error !== null) this.#errors.push(error);
    if (event.kind === 'namespace') {
      this.#summaries.set(event.summary.name, event.summary);
      return;
    }
    const { namespace } = event.scraped.tool;
    this.#stored.set(namespace, (this.#stored.get(namespace) ?? 0) + 1);
  }

  document({ requests, cached }: { readonly requests: number; readonly cached: number }): ScrapeDocument {
    return {
      schema: 'gts.scrape/1',
      namespaces: this.#names.map((name) => this.#namespace(name)),
      totals: { requests, cached, errors: this.#errors.length },
      errors: this.#errors.map(({ subject, code, message }) => ({ subject, code, message })),
    };
  }

  #namespace(name: string): ScrapedNamespace {
    const tools = this.#stored.get(name) ?? 0;
    const summary = this.#summaries.get(name);
    if (summary === undefined) return { name, tools, truncated: true, reason: 'stopped before all of it was seen' };
    return { name, tools, truncated: summary.truncated, reason: summary.reason ?? summary.error?.message ?? null };
  }
}
