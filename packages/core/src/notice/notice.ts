import { z } from 'zod';

import { Cause } from '../comparison/circumstances.ts';
import { ContainerReport, FindingFilter, TrivyUsed } from '../documents/host-scan-document.ts';
import { Failure } from '../model/failure.ts';
import { Coverage } from '../model/scan-outcome.ts';
import { Severity, SeverityCounts } from '../model/severity.ts';
import { Channel } from '../ports/outbox.ts';
import { DigestPeriod } from './digest-state.ts';

const Count = z.number().int().nonnegative();

/** A list that was cut: what is left of it, and how many there are in all. */
const cutList = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), total: Count });

/** A finding as a notice names it. */
export const NoticeFinding = z.object({
  key: z.string(),
  vulnerability: z.string(),
  package: z.string().nullable().describe('null: in any package'),
  path: z.string().nullable(),
  installed: z.string().nullable(),
  fixed: z.string().nullable(),
  title: z.string().nullable().optional().describe('What the advisory is about; null or missing when it is not known'),
  severity: Severity.nullable(),
  raisedFrom: Severity.nullable(),
  url: z.string().nullable(),
  acceptance: z
    .object({
      reason: z.string().nullable(),
      owner: z.string().nullable(),
      since: z.string().nullable(),
      expires: z.string().nullable(),
      untilFix: z.boolean(),
    })
    .nullable()
    .optional()
    .describe('What was said of it by who accepted it, where that has ended'),
  causes: z.array(Cause).describe('Most telling first; empty when nothing explains it'),
});
export type NoticeFinding = z.infer<typeof NoticeFinding>;

const References = z.object({
  references: cutList(z.string()),
  imageId: z.string().nullable(),
  containers: cutList(ContainerReport).nullable().describe('null when that could not be asked'),
});

/** What is the same for these references, of one image or of several. */
export const NoticeGroup = References.extend({
  imageId: z.string().nullable().describe('null when it is not known, or when there are several images'),
  images: Count.optional().describe('How many images the references are of, where there are several'),
  imageBefore: z
    .string()
    .nullable()
    .describe('The image that the references stood for before; null when it is the same'),
  startedFrom: z
    .string()
    .nullable()
    .optional()
    .describe('The reference whose known findings these go on from: the same image, or the one before it'),
  changed: z
    .object({ new: Count, severityRaised: Count, resolved: Count })
    .optional()
    .describe('Since that reference, with what stands in a group of several images; missing without one'),
  new: cutList(NoticeFinding),
  resolved: cutList(NoticeFinding),
  severityRaised: cutList(NoticeFinding),
  fixAvailable: cutList(NoticeFinding),
  joined: cutList(NoticeFinding).describe('Listed since a setting changed'),
});
export type NoticeGroup = z.infer<typeof NoticeGroup>;

/** An acceptance whose end is near. */
export const EndingAcceptance = z.object({
  finding: NoticeFinding,
  references: cutList(z.string()),
  expires: z.string().describe('ISO 8601: a day (UTC) or a moment'),
  reason: z.string().nullable(),
  owner: z.string().nullable(),
});
export type EndingAcceptance = z.infer<typeof EndingAcceptance>;

/** References that were met for the first time. */
export const FirstSeenGroup = References.extend({
  counts: SeverityCounts,
  fixable: Count,
  coverage: Coverage,
  baselineOf: z.string().nullable().describe('The reference whose baseline they start from'),
});
export type FirstSeenGroup = z.infer<typeof FirstSeenGroup>;

/** One cause and everything that fails of it. */
export const FailureGroup = z.object({
  reason: Failure,
  references: cutList(z.string()),
  everything: z.boolean().describe('Nothing in the pass was scanned, for this one reason'),
  since: z.iso.datetime(),
  passes: Count.describe('In a row, at least'),
});
export type FailureGroup = z.infer<typeof FailureGroup>;

/** Notices that did not reach somebody, all for one reason. */
export const UndeliveredNotices = z.object({
  notices: Count,
  from: z.iso.datetime().describe('When the first of them was decided'),
  to: z.iso.datetime().describe('When the last of them was decided'),
  channel: Channel,
  recipients: cutList(z.string()),
  outcome: z.enum(['held', 'given_up']).describe('Whether they are still tried'),
  reachedNobody: z.boolean().describe('No other recipient or channel got them either'),
  reason: z.string().nullable(),
});
export type UndeliveredNotices = z.infer<typeof UndeliveredNotices>;

/** What became new or was resolved since the last digest. */
export const DigestChanges = z.object({
  findings: Count.describe('Each once an image'),
  advisories: Count,
  unlisted: Count.describe('Changes of single references that are counted in none of these, for want of place'),
  entries: cutList(z.object({ finding: NoticeFinding, references: cutList(z.string()) })).describe('The worst first'),
});
export type DigestChanges = z.infer<typeof DigestChanges>;

/** How a host stands, once in a while. */
export const Digest = z.object({
  period: DigestPeriod,
  since: z.iso.datetime().describe('The last digest, or the first pass with the setting'),
  open: z
    .object({
      findings: Count.describe('Each once an image'),
      advisories: Count,
      worst: Severity.nullable(),
      groups: cutList(NoticeGroup).describe('Their findings stand in `new`'),
    })
    .describe('What is found and not accepted'),
  new: DigestChanges,
  resolved: DigestChanges,
  stay: z
    .object({ medianDays: z.number().nonnegative(), findings: Count, since: z.iso.datetime() })
    .nullable()
    .describe('From when a finding was found first until it was resolved; null where none was resolved since then'),
  passes: z.object({
    made: Count,
    complete: Count.describe('Those that scanned every image'),
    lastComplete: z.iso.datetime().nullable(),
  }),
  notJudged: cutList(z.string()).describe('References of which all or a part could not be judged in this pass'),
  failing: cutList(z.string()).describe('References that could not be scanned in this pass'),
});
export type Digest = z.infer<typeof Digest>;

/** What one pass has to tell, frozen when it was decided: whoever delivers it renders it and changes nothing. */
export const Notice = z.object({
  schema: z.literal('gts.notice/1'),
  decidedAt: z.iso.datetime(),
  trivy: TrivyUsed.nullable().describe('null when the pass did not come that far'),
  filter: FindingFilter,
  totals: z.object({
    images: Count.describe('In the pass'),
    changedImages: Count,
    new: Count.describe('Findings, each once an image'),
    resolved: Count.describe('Counted as `new` is'),
    severityRaised: Count.describe('Counted as `new` is'),
    firstSeen: Count.describe('References'),
    failing: Count.describe('References'),
    recovered: Count.describe('References'),
    advisories: z
      .object({ new: Count, resolved: Count, severityRaised: Count })
      .optional()
      .describe('How many different advisories those findings are of, over all images'),
    worst: Severity.nullable().describe('Of what is new, raised or first seen'),
  }),
  changes: cutList(NoticeGroup).describe('New, resolved, severity raised; and what waited for the next notice'),
  firstSeen: cutList(FirstSeenGroup),
  failures: cutList(FailureGroup),
  recoveries: cutList(z.string()).describe('References that are scanned again'),
  ending: cutList(EndingAcceptance).optional().describe('Accepted findings whose acceptance ends soon, the next first'),
  unusableBaselines: cutList(z.object({ file: z.string(), problem: z.string() }))
    .optional()
    .describe('Files that say what is accepted and cannot be used'),
  undelivered: cutList(UndeliveredNotices).optional().describe('Earlier notices, each named once'),
  formerHostName: z.string().optional().describe('What this host was called in the notice before'),
  digest: Digest.optional(),
  recovered: Failure.nullable().describe('What kept whole passes from scanning and does not any more'),
  repeated: cutList(NoticeGroup).describe('Told before and still not accepted'),
  notAccepted: z
    .object({ count: Count, since: z.iso.datetime().nullable() })
    .nullable()
    .describe('What was told before, is still found, and is not listed here'),
});
export type Notice = z.infer<typeof Notice>;

/** How long a notice may be; counts are of items in all of it, unless told otherwise. */
export interface NoticeCaps {
  readonly groups: number;
  readonly findings: number;
  /** In each group, where all groups are full; one that has more takes what others leave. */
  readonly references: number;
  /** As `references`. */
  readonly containers: number;
  readonly failures: number;
  /** Characters of any one name, version or address. */
  readonly text: number;
}

/** Holds a mail with text and HTML under 100 KB. */
export const NOTICE_CAPS: NoticeCaps = {
  groups: 40,
  findings: 100,
  references: 8,
  containers: 5,
  failures: 20,
  text: 160,
};
