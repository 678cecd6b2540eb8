import { z } from 'zod';

import { Coverage } from './scan-outcome.ts';

/** Findings of one scan of a tool by severity, as `tools.json` writes them. */
export const Vulnerabilities = z.looseObject({
  critical: z.number().int().nonnegative().default(0),
  high: z.number().int().nonnegative().default(0),
  medium: z.number().int().nonnegative().default(0),
  low: z.number().int().nonnegative().default(0),
  unknown: z.number().int().nonnegative().default(0),
});
export type Vulnerabilities = z.infer<typeof Vulnerabilities>;

/** What is known of a tool's vulnerabilities; changed by a scan that succeeded and by nothing else. */
export const ToolSecurity = z.looseObject({
  status: z
    .enum(['unknown', 'ok', 'vulnerable'])
    .default('unknown')
    .describe("'vulnerable' with critical or high findings, else 'ok' only where all of the image could be judged"),
  coverage: Coverage.nullable()
    .default(null)
    .describe('How much of the image could be judged; null where nobody knows'),
  scanned_tag: z.string().nullable().default(null),
  scanned_digest: z.string().nullable().default(null),
  trivy_scan_date: z.string().nullable().default(null).describe('ISO 8601, UTC'),
  trivy_version: z.string().nullable().default(null),
  db_updated_at: z.string().nullable().default(null),
  db_stale: z.boolean().optional().describe('true where the database was older than it may be'),
  vulnerabilities: Vulnerabilities.nullable().default(null),
});
export type ToolSecurity = z.infer<typeof ToolSecurity>;

export const UNKNOWN_SECURITY: ToolSecurity = ToolSecurity.parse({});

/**
 * What readers may take a scan for: what nobody could judge in full is never `ok`.
 *
 * @example
 * statusOf({ coverage: 'unsupported', vulnerabilities: NONE }) // 'unknown'
 */
export const statusOf = ({
  coverage,
  vulnerabilities,
}: Pick<ToolSecurity, 'coverage' | 'vulnerabilities'>): ToolSecurity['status'] => {
  if (vulnerabilities === null) return 'unknown';
  if (vulnerabilities.critical + vulnerabilities.high > 0) return 'vulnerable';
  return coverage === 'full' ? 'ok' : 'unknown';
};

/**
 * One catalogue entry: a repository on Docker Hub, `docker_hub:<namespace>/<name>`. Fields that are not named here are
 * kept as they came: the file belongs to its readers as much as to us.
 */
export const Tool = z.looseObject({
  id: z.string().min(1).max(512),
  name: z.string().default(''),
  namespace: z.string().default(''),
  source: z.string().default('docker_hub'),
  description: z.string().nullable().default(null),
  pull_count: z.number().nonnegative().nullable().default(null),
  star_count: z.number().nonnegative().nullable().default(null),
  last_updated: z.string().nullable().default(null),
  docker_tags: z.array(z.string()).default([]).describe('Newest push first, then those that were looked for directly'),
  tags_note: z.string().nullable().default(null).describe("'no_linux_image' when every tag was dropped"),
  security: ToolSecurity.default(UNKNOWN_SECURITY),
});
export type Tool = z.infer<typeof Tool>;

/** What choosing a tag needs beyond its name; kept in the store and not in `tools.json`. */
export const TagDetails = z.object({
  name: z.string(),
  digest: z.string().nullable().describe("The index's or manifest's; null where the API did not say"),
  platforms: z.array(z.string()).describe('`os/architecture[/variant]`; empty where the API did not say'),
  pushedAt: z.string().nullable().describe('ISO 8601'),
  imageDigests: z
    .array(z.object({ platform: z.string(), digest: z.string() }))
    .optional()
    .describe("Each platform's image; only where a tag of the repository has no digest of its own"),
  published: z.boolean().optional().describe('`false` for a tag that is known and not among `docker_tags`'),
});
export type TagDetails = z.infer<typeof TagDetails>;
