import { z } from 'zod';
import { type TagDetails, type Tool } from '../model/tool.ts';
/** Which tools are meant; what is not given does not matter. */
export interface ToolFilter {
  readonly namespaces?: readonly string[];
  readonly ids?: readonly string[];
}
/** A failure that is remembered, so that the tool is not tried again until then. */
export declare const RememberedFailure: z.ZodObject<
  {
    reason: z.ZodObject<
      {
        code: z.ZodEnum<{
          bad_reference: 'bad_reference';
          bad_report: 'bad_report';
          cache_unavailable: 'cache_unavailable';
          corrupt: 'corrupt';
          crashed: 'crashed';
          database_corrupt: 'database_corrupt';
          database_missing: 'database_missing';
          disk_full: 'disk_full';
          engine_forbidden: 'engine_forbidden';
          engine_unreachable: 'engine_unreachable';
          ignored: 'ignored';
          interrupted: 'interrupted';
          java_db_missing: 'java_db_missing';
          network: 'network';
          no_such_platform: 'no_such_platform';
          not_an_image: 'not_an_image';
          not_found: 'not_found';
          out_of_memory: 'out_of_memory';
          output_limit: 'output_limit';
          rate_limited: 'rate_limited';
          registry_error: 'registry_error';
          timeout: 'timeout';
          too_large: 'too_large';
          unauthorized: 'unauthorized';
          unknown: 'unknown';
          untagged: 'untagged';
        }>;
        message: z.ZodString;
      },
      z.core.$strip
    >;
    until: z.ZodISODateTime;
  },
  z.core.$strip
>;
export type RememberedFailure = z.infer<typeof RememberedFailure>;
/** What scraping found of one tool. Never says anything of its security. */
export interface ScrapedTool {
  readonly tool: Tool;
  readonly tags: readonly TagDetails[];
  /** Whether its tags could be asked; if not, a known tool keeps those it had. */
  readonly tagsKnown: boolean;
}
/** Everything that one successful scan of a tool leaves. */
export declare const ToolScan: z.ZodObject<
  {
    security: z.ZodObject<
      {
        status: z.ZodDefault<
          z.ZodEnum<{
            ok: 'ok';
            unknown: 'unknown';
            vulnerable: 'vulnerable';
          }>
        >;
        scanned_tag: z.ZodDefault<z.ZodNullable<z.ZodString>>;
        scanned_digest: z.ZodDefault<z.ZodNullable<z.ZodString>>;
        trivy_scan_date: z.ZodDefault<z.ZodNullable<z.ZodString>>;
        trivy_version: z.ZodDefault<z.ZodNullable<z.ZodString>>;
        db_updated_at: z.ZodDefault<z.ZodNullable<z.ZodString>>;
        vulnerabilities: z.ZodDefault<
          z.ZodNullable<
            z.ZodObject<
              {
                critical: z.ZodDefault<z.ZodNumber>;
                high: z.ZodDefault<z.ZodNumber>;
                medium: z.ZodDefault<z.ZodNumber>;
                low: z.ZodDefault<z.ZodNumber>;
                unknown: z.ZodDefault<z.ZodNumber>;
              },
              z.core.$loose
            >
          >
        >;
      },
      z.core.$loose
    >;
    imageRef: z.ZodString;
    rule: z.ZodString;
    source: z.ZodEnum<{
      docker: 'docker';
      remote: 'remote';
    }>;
    platform: z.ZodString;
    coverage: z.ZodEnum<{
      eol: 'eol';
      full: 'full';
      partial: 'partial';
      unsupported: 'unsupported';
    }>;
    coverageReason: z.ZodNullable<
      z.ZodObject<
        {
          code: z.ZodEnum<{
            bad_reference: 'bad_reference';
            bad_report: 'bad_report';
            cache_unavailable: 'cache_unavailable';
            corrupt: 'corrupt';
            crashed: 'crashed';
            database_corrupt: 'database_corrupt';
            database_missing: 'database_missing';
            disk_full: 'disk_full';
            engine_forbidden: 'engine_forbidden';
            engine_unreachable: 'engine_unreachable';
            ignored: 'ignored';
            interrupted: 'interrupted';
            java_db_missing: 'java_db_missing';
            network: 'network';
            no_such_platform: 'no_such_platform';
            not_an_image: 'not_an_image';
            not_found: 'not_found';
            out_of_memory: 'out_of_memory';
            output_limit: 'output_limit';
            rate_limited: 'rate_limited';
            registry_error: 'registry_error';
            timeout: 'timeout';
            too_large: 'too_large';
            unauthorized: 'unauthorized';
            unknown: 'unknown';
            untagged: 'untagged';
          }>;
          message: z.ZodString;
        },
        z.core.$strip
      >
    >;
    databaseGeneration: z.ZodString;
    databaseStale: z.ZodBoolean;
    findings: z.ZodArray<
      z.ZodObject<
        {
          key: z.ZodString;
          vulnerability: z.ZodString;
          package: z.ZodString;
          path: z.ZodNullable<z.ZodString>;
          installed: z.ZodString;
          fixed: z.ZodNullable<z.ZodString>;
          severity: z.ZodEnum<{
            CRITICAL: 'CRITICAL';
            HIGH: 'HIGH';
            LOW: 'LOW';
            MEDIUM: 'MEDIUM';
            UNKNOWN: 'UNKNOWN';
          }>;
          status: z.ZodNullable<z.ZodString>;
          title: z.ZodNullable<z.ZodString>;
          url: z.ZodNullable<z.ZodString>;
          aliases: z.ZodOptional<z.ZodArray<z.ZodString>>;
        },
        z.core.$strip
      >
    >;
  },
  z.core.$strip
>;
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
  failureOf(id: string): RememberedFailure | undefined;
  rememberFailure(id: string, failure: RememberedFailure): void;
  forgetFailure(id: string): void;
  scanOf(id: string): ToolScan | undefined;
}
