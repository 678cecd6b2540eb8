import type { ScrapedTool } from '@scanner/core';

import type { DockerHubErrorCode } from '../docker-hub-error.ts';

/** What went wrong with one namespace or repository; the others go on. */
export interface ScrapeError {
  /** `acme`, or `acme/api`. */
  readonly subject: string;
  readonly code: DockerHubErrorCode;
  /** One line, safe to print. */
  readonly message: string;
  /** What helps, where that is known. */
  readonly advice?: string;
}

/** How a namespace ended. */
export interface NamespaceSummary {
  readonly name: string;
  /** Repositories that became tools. */
  readonly tools: number;
  /** Not everything could be seen. */
  readonly truncated: boolean;
  /** Why it is truncated. */
  readonly reason: string | null;
  readonly skipped: {
    /** Repositories of engine plugins. */
    readonly plugins: number;
    /** Entries without a name, or with one that no repository can have. */
    readonly unreadable: number;
  };
  /** What failed in listing it, null where nothing did. */
  readonly error: ScrapeError | null;
}

export interface ScrapeTotals {
  readonly tools: number;
  /** Sent to Docker Hub, repeated ones included. */
  readonly requests: number;
  /** Answers that came from the cache. */
  readonly cached: number;
  readonly errors: number;
}

export type ScrapeEvent =
  | {
      readonly kind: 'tool';
      readonly scraped: ScrapedTool;
      /** Why its tags are not known, null where they are. */
      readonly error: ScrapeError | null;
    }
  | { readonly kind: 'namespace'; readonly summary: NamespaceSummary }
  /** The last one. */
  | { readonly kind: 'end'; readonly totals: ScrapeTotals };

export interface ScrapeProgress {
  readonly namespace: string;
  /** Repositories of this namespace that are finished, and all that are to be looked at. */
  readonly done: number;
  readonly total: number;
}

export interface ScrapeOptions {
  /** Tags of a repository, without those looked for directly; 50 unless told. */
  readonly maxTags?: number;
  /** Repositories of a namespace; 10,000 unless told. */
  readonly maxRepositories?: number;
  /** Asks Docker Hub even where an answer is in the cache. */
  readonly refresh?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ScrapeProgress) => void;
}
