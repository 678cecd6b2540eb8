import { z } from 'zod';

/** Go leaves out, empties or nulls what it has not: all three are nothing here. */
const text = z.string().nullish();
const texts = z.array(z.string()).nullish();
/** What a vendor calls the vulnerability beside its ID; something else there costs these names and nothing more. */
export const VendorIds = z.array(z.unknown()).nullish().catch(null);

export const ReportVulnerability = z.object({
  VulnerabilityID: z.string().min(1),
  PkgName: z.string().min(1),
  PkgPath: text,
  PkgIdentifier: z.object({ PURL: text }).nullish(),
  InstalledVersion: text,
  FixedVersion: text,
  Status: z.union([z.string(), z.number()]).nullish(),
  Severity: text,
  PrimaryURL: text,
  Title: text,
  VendorIDs: VendorIds,
});
export type ReportVulnerability = z.infer<typeof ReportVulnerability>;

export const ReportResult = z.object({
  Target: text,
  Class: text,
  Type: text,
  Vulnerabilities: z.array(ReportVulnerability).nullish(),
});
export type ReportResult = z.infer<typeof ReportResult>;

/** The part of Trivy's JSON report (schema 2, from 0.57.1 on) that is read here; the rest is passed over. */
export const Report = z.object({
  SchemaVersion: z.literal(2),
  Metadata: z
    .object({
      OS: z
        .object({
          Family: text,
          Name: text,
          EOSL: z.boolean().nullish(),
          Supplier: text.catch(null),
          extended: z.boolean().nullish().catch(null),
        })
        .nullish(),
      DiffIDs: texts,
      RepoDigests: texts,
      ImageID: text,
      ImageConfig: z.object({ os: text, architecture: text, variant: text }).nullish(),
    })
    .nullish(),
  Results: z.array(ReportResult).nullish(),
});
export type Report = z.infer<typeof Report>;
