import { z } from 'zod';

import { Failure } from '../model/failure.ts';
import { Finding } from '../model/finding.ts';
import { Coverage } from '../model/scan-outcome.ts';
import { Severity, SeverityCounts } from '../model/severity.ts';

export const TrivyUsed = z.object({
  version: z.string(),
  db_updated_at: z.iso.datetime({ offset: true }).nullable().describe('When the vulnerability database was built'),
  db_stale: z.boolean().describe('The database was older than it may be and was used all the same'),
});
export type TrivyUsed = z.infer<typeof TrivyUsed>;

export const FindingFilter = z.object({
  severities: z.array(Severity).describe('Only these are listed and counted'),
  extra_args: z.array(z.string()).describe('More Trivy flags that the results depend on'),
});
export type FindingFilter = z.infer<typeof FindingFilter>;

export const ContainerReport = z.object({
  name: z.string(),
  state: z.string().describe("As the engine says it: 'running', 'exited', 'created', …"),
  compose_project: z.string().nullable(),
  compose_service: z.string().nullable().optional().describe('In that project'),
});
export type ContainerReport = z.infer<typeof ContainerReport>;

export const BaselineReport = z.object({
  reference: z.string(),
  state: z.enum(['none', 'pending', 'accepted']),
  changes: z.object({
    new: z.array(z.string()),
    resolved: z.array(z.string()),
    severity_raised: z.array(z.string()),
    fix_available: z.array(z.string()),
  }),
});
export type BaselineReport = z.infer<typeof BaselineReport>;

const ReportedFinding = Finding.extend({
  accepted: z
    .boolean()
    .optional()
    .describe('Whether it is accepted under every name of the image; missing where nobody knows, as in gts image'),
});

/** What is said of one image, in every document and every rendering. */
export const ImageReport = z.object({
  id: z
    .string()
    .nullable()
    .describe("The engine's ID, or the digest from the registry; null when the image was not reached"),
  references: z.array(z.string()),
  source: z.enum(['docker', 'remote', 'archive']),
  containers: z.array(ContainerReport).nullable().describe('null when that could not be asked'),
  status: z.enum(['complete', 'failed', 'skipped']),
  reason: Failure.nullable().describe('Why it failed, was skipped, or could not be judged in full'),
  coverage: Coverage.nullable().describe(
    "How much could be judged; null unless complete. Only 'full' without findings is clean",
  ),
  reused: z.enum(['none', 'analysis', 'result']).describe('What was known from before'),
  counts: SeverityCounts.describe('Of the listed findings'),
  findings: z.array(ReportedFinding),
  baselines: z.array(BaselineReport),
  log: z.string().nullable().describe('File name of the log that lists everything, in the log directory'),
});
export type ImageReport = z.infer<typeof ImageReport>;

export const Totals = z.object({
  images: z.number().int().nonnegative(),
  scanned: z.number().int().nonnegative().describe('Judged in this run: by a new analysis or matched again'),
  reused: z.number().int().nonnegative().describe('Taken from the stored result, since nothing changed'),
  failed: z.number().int().nonnegative(),
  skipped: z.number().int().nonnegative(),
  new: z.number().int().nonnegative().describe('Findings, each once an image, however many names it has'),
  resolved: z.number().int().nonnegative().describe('Counted as `new` is'),
  advisories: z
    .object({
      new: z.number().int().nonnegative(),
      resolved: z.number().int().nonnegative(),
      severity_raised: z.number().int().nonnegative(),
    })
    .optional()
    .describe('How many different advisories those findings are of, over all images'),
  not_accepted: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('Findings that are not accepted, each once an image; missing where nobody knows'),
});
export type Totals = z.infer<typeof Totals>;

const scanDocument = <const Name extends string>(schema: Name) =>
  z.object({
    schema: z.literal(schema),
    demonstration: z.boolean().optional().describe('Bundled images and database, not yours'),
    started_at: z.iso.datetime(),
    finished_at: z.iso.datetime(),
    trivy: TrivyUsed,
    filter: FindingFilter,
    images: z.array(ImageReport),
    totals: Totals,
  });

/** What `gts host scan --json` prints. */
export const HostScanDocument = scanDocument('gts.host-scan/1').meta({
  title: 'gts.host-scan/1',
  description: 'One pass over the images of a Docker host',
});
export type HostScanDocument = z.infer<typeof HostScanDocument>;

/** What `gts image --format json` prints. */
export const ImageDocument = scanDocument('gts.image/1').meta({
  title: 'gts.image/1',
  description: 'Scans of named images',
});
export type ImageDocument = z.infer<typeof ImageDocument>;

/** What every rendering takes: either of the two. */
export type ScanDocument = HostScanDocument | ImageDocument;
