import { z } from 'zod';

import { Failure } from '../model/failure.ts';
import { Finding } from '../model/finding.ts';
import { Coverage } from '../model/scan-outcome.ts';
import { type TagDetails, type Tool, ToolSecurity } from '../model/tool.ts';

/** Which tools are meant; what is not given does not matter. */
export interface ToolFilter {
  readonly namespaces?: readonly string[];
  readonly ids?: readonly string[];
}

/** A failure that is remembered, so that the tool is not tried again until then. */
export const RememberedFailure = z.object({ reason: Failure, until: z.iso.datetime() });
export type RememberedFailure = z.infer<typeof RememberedFailure>;

/** What scraping found of one tool. Never says anything of its security. */
export interface ScrapedTool {
  readonly tool: Tool;
  /** Those of `docker_tags`, then what else is known for choosing one. */
  readonly tags: readonly TagDetails[];
  /** Whether its tags could be asked; if not, a known tool keeps those it had. */
  readonly tagsKnown: boolean;
}

/** Everything that one successful scan of a tool leaves. */
export const ToolScan = z.object({
  security: ToolSecurity,
  imageRef: z.string(),
  rule: z.string().describe('Which rule of the tag policy chose the tag'),
  source: z.enum(['remote', 'docker']).describe('`docker` where the registry could not give it and the engine could'),
  platform: z.string(),
  coverage: Coverage,
  coverageReason: Failure.nullable().describe('Why not the whole image could be judged'),
  databaseGeneration: z.string(),
  databaseStale: z.boolean(),
  findings: z.array(Finding),
});
export type ToolScan = z.infer<typeof ToolScan>;

/**
 * The catalogue. What a `save…` returned from survives a crash; its cost does not grow with the catalogue.
 * Every method may throw ScannerError `disk_full`, `directory_unusable` or `store_corrupt`.
 */
export interface ToolStore {
  /** In the order of their IDs, by code unit. */
  tools(filter?: ToolFilter): Iterable<Tool>;
  find(id: string): Tool | undefined;
  tagsOf(id: string): readonly TagDetails[];
  saveScraped(tools: readonly ScrapedTool[]): void;
  /**
   * Stores what a scan found and forgets a remembered failure, all at once or not at all; other tools stay as they are.
   * @throws ScannerError `internal` where the tool is not in the store
   */
  saveScan(id: string, scan: ToolScan): void;
  /**
   * Resolves once other programs can see what was saved before, where the store promises that. Never rejects: what is saved
   * is saved.
   */
  shown?(): Promise<void>;
  failureOf(id: string): RememberedFailure | undefined;
  rememberFailure(id: string, failure: RememberedFailure): void;
  forgetFailure(id: string): void;
  scanOf(id: string): ToolScan | undefined;
}
