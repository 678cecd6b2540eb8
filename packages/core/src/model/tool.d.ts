import { z } from 'zod';
/** Findings of one scan of a tool by severity, as `tools.json` writes them. */
export declare const Vulnerabilities: z.ZodObject<
  {
    critical: z.ZodDefault<z.ZodNumber>;
    high: z.ZodDefault<z.ZodNumber>;
    medium: z.ZodDefault<z.ZodNumber>;
    low: z.ZodDefault<z.ZodNumber>;
    unknown: z.ZodDefault<z.ZodNumber>;
  },
  z.core.$loose
>;
export type Vulnerabilities = z.infer<typeof Vulnerabilities>;
/** What is known of a tool's vulnerabilities; changed by a scan that succeeded and by nothing else. */
export declare const ToolSecurity: z.ZodObject<
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
export type ToolSecurity = z.infer<typeof ToolSecurity>;
export declare const UNKNOWN_SECURITY: ToolSecurity;
/**
 * One catalogue entry: a repository on Docker Hub, `docker_hub:<namespace>/<name>`. Fields that are not named here are
 * kept as they came: the file belongs to its readers as much as to us.
 */
export declare const Tool: z.ZodObject<
  {
    id: z.ZodString;
    name: z.ZodDefault<z.ZodString>;
    namespace: z.ZodDefault<z.ZodString>;
    source: z.ZodDefault<z.ZodString>;
    description: z.ZodDefault<z.ZodNullable<z.ZodString>>;
    pull_count: z.ZodDefault<z.ZodNullable<z.ZodNumber>>;
    star_count: z.ZodDefault<z.ZodNullable<z.ZodNumber>>;
    last_updated: z.ZodDefault<z.ZodNullable<z.ZodString>>;
    docker_tags: z.ZodDefault<z.ZodArray<z.ZodString>>;
    tags_note: z.ZodDefault<z.ZodNullable<z.ZodString>>;
    security: z.ZodDefault<
      z.ZodObject<
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
      >
    >;
  },
  z.core.$loose
>;
export type Tool = z.infer<typeof Tool>;
/** What choosing a tag needs beyond its name; kept in the store and not published. */
export declare const TagDetails: z.ZodObject<
  {
    name: z.ZodString;
    digest: z.ZodNullable<z.ZodString>;
    platforms: z.ZodArray<z.ZodString>;
    pushedAt: z.ZodNullable<z.ZodString>;
  },
  z.core.$strip
>;
export type TagDetails = z.infer<typeof TagDetails>;
