import type { Severity } from '@scanner/core';

/** What stands in a mail, in words, before it is text or HTML. Every string is one harmless line. */
export interface Page {
  readonly title: string;
  readonly introduction: readonly string[];
  readonly sections: readonly Section[];
  /** What can be done about it. */
  readonly hints: readonly Hint[];
  readonly end: readonly string[];
}

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
  /** What was left out. */
  readonly more: string | null;
}

export interface Block {
  readonly title: string;
  readonly notes: readonly string[];
  readonly lists: readonly FindingList[];
}

export interface FindingList {
  readonly heading: string;
  /** Where it is the same for the whole list. */
  readonly cause: string | null;
  /** Gone: good news. */
  readonly resolved: boolean;
  readonly entries: readonly Entry[];
  readonly more: string | null;
}

/** What one upgrade fixes: advisories of the same packages, with the same versions and for the same cause. */
export interface Entry {
  /** The worst of its advisories. */
  readonly severity: Severity;
  readonly package: string;
  readonly versions: string;
  readonly advisories: readonly Advisory[];
  readonly details: readonly string[];
  /** Whether its advisories are so many that they stand without their titles. */
  readonly isDense: boolean;
}

export interface Advisory {
  /** Null where all advisories of the entry have the same. */
  readonly severity: Severity | null;
  readonly vulnerability: string;
  readonly title: string | null;
  /** Https only, as a link may carry it; null where there is none. */
  readonly address: string | null;
}

export interface Hint {
  readonly text: string;
  /** To be copied as it is. */
  readonly command: string;
}

/** Where a notice comes from, and where it is read. */
export interface PageContext {
  /** What people call the host. */
  readonly host: string;
  /** Where the logs with the full list lie, as people on the host see it. */
  readonly logs: string;
  /** The directory of the host's data, absolute, as people on the host see it; null where that is not known. */
  readonly directory: string | null;
  /** An IANA name: times are shown in it beside UTC. */
  readonly timeZone: string;
}

/** How much of each list is shown. */
export interface PageLimits {
  readonly blocks: number;
  readonly findings: number;
  readonly names: number;
  /** References of a block. */
  readonly references: number;
  /** That run the images of a block. */
  readonly containers: number;
  /** Advisories of an entry that stand with their titles; more stand without. */
  readonly titles: number;
}

export type PageOptions = PageContext & PageLimits;
