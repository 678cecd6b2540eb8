import type { Digest, Notice, NoticeFinding, NoticeGroup, UndeliveredNotices } from '@scanner/core';

/** A list that was not cut. */
export const whole = <Item>(...items: readonly Item[]) => ({ items: [...items], total: items.length });

export const aNoticeFinding = (finding: Partial<NoticeFinding> = {}): NoticeFinding => ({
  key: 'CVE-2026-1000|pkg:deb/debian/openssl|',
  vulnerability: 'CVE-2026-1000',
  package: 'openssl',
  path: null,
  installed: '3.0.11-1',
  fixed: '3.0.12-1',
  severity: 'CRITICAL',
  raisedFrom: null,
  url: 'https://avd.aquasec.com/nvd/cve-2026-1000',
  causes: ['database_newer'],
  ...finding,
});

export const aNoticeGroup = (group: Partial<NoticeGroup> = {}): NoticeGroup => ({
  references: whole('registry.example/shop/web:1', 'registry.example/shop/web:latest'),
  imageId: `sha256:${'ab'.repeat(32)}`,
  containers: whole(
    { name: 'web-1', state: 'running', compose_project: 'shop' },
    { name: 'old', state: 'exited', compose_project: null },
  ),
  imageBefore: null,
  new: whole(),
  resolved: whole(),
  severityRaised: whole(),
  fixAvailable: whole(),
  joined: whole(),
  ...group,
});

/** A notice that has nothing to tell, unless told. */
export const aNotice = ({ totals, ...notice }: NoticeParts = {}): Notice => ({
  schema: 'gts.notice/1',
  decidedAt: '2026-11-22T03:00:00.000Z',
  trivy: { version: '0.74.0', db_updated_at: '2026-11-22T00:12:00Z', db_stale: false },
  filter: { severities: ['CRITICAL', 'HIGH'], extra_args: [] },
  totals: {
    images: 14,
    changedImages: 0,
    new: 0,
    resolved: 0,
    severityRaised: 0,
    firstSeen: 0,
    failing: 0,
    recovered: 0,
    worst: null,
    ...totals,
  },
  changes: whole(),
  firstSeen: whole(),
  failures: whole(),
  recoveries: whole(),
  recovered: null,
  repeated: whole(),
  notAccepted: null,
  ...notice,
});

/** A digest of a host on which nothing is open and nothing happened, unless told. */
export const aDigest = (digest: Partial<Digest> = {}): Digest => ({
  period: 'weekly',
  since: '2026-11-15T03:00:00.000Z',
  open: { findings: 0, advisories: 0, worst: null, groups: whole() },
  new: { findings: 0, advisories: 0, unlisted: 0, entries: whole() },
  resolved: { findings: 0, advisories: 0, unlisted: 0, entries: whole() },
  stay: null,
  passes: { made: 7, complete: 7, lastComplete: '2026-11-22T03:00:00.000Z' },
  notJudged: whole(),
  failing: whole(),
  ...digest,
});

export const undelivered = (notices: Partial<UndeliveredNotices> = {}): UndeliveredNotices => ({
  notices: 1,
  from: '2026-11-20T03:00:00.000Z',
  to: '2026-11-20T03:00:00.000Z',
  channel: 'mail',
  recipients: whole('ops@example.org'),
  outcome: 'given_up',
  reachedNobody: false,
  reason: 'the mail server mx:25 refused ops@example.org: 550 no such mailbox',
  ...notices,
});

type NoticeParts = Partial<Omit<Notice, 'totals'>> & { readonly totals?: Partial<Notice['totals']> };

/** A notice with something in every place, as a busy night leaves it. */
export const aBusyNotice = (): Notice =>
  aNotice({
    totals: { new: 2, resolved: 1, severityRaised: 1, firstSeen: 2, failing: 1, recovered: 1, worst: 'CRITICAL' },
    changes: whole(
      aNoticeGroup({
        imageBefore: `sha256:${'cd'.repeat(32)}`,
        new: whole(
          aNoticeFinding(),
          aNoticeFinding({
            vulnerability: 'GHSA-xxxx-yyyy-zzzz',
            package: 'lodash',
            path: 'app/node_modules/lodash',
            severity: 'HIGH',
            fixed: null,
            raisedFrom: 'MEDIUM',
            causes: ['severity_changed'],
            url: null,
          }),
        ),
        resolved: whole(aNoticeFinding({ vulnerability: 'CVE-2025-1', package: 'zlib1g', causes: ['image_updated'] })),
        severityRaised: whole(aNoticeFinding({ vulnerability: 'CVE-2025-2', package: 'curl', raisedFrom: 'HIGH' })),
        fixAvailable: { items: [aNoticeFinding({ vulnerability: 'CVE-2025-3', causes: [] })], total: 4 },
      }),
    ),
    firstSeen: {
      items: [
        {
          references: whole('postgres:16'),
          imageId: `sha256:${'ef'.repeat(32)}`,
          containers: null,
          counts: { critical: 3, high: 12, medium: 0, low: 0, unknown: 0 },
          fixable: 10,
          coverage: 'eol',
          baselineOf: 'postgres:16.3',
        },
      ],
      total: 2,
    },
    failures: whole({
      reason: { code: 'timeout', message: 'the scan took longer than 900 seconds' },
      references: whole('huge:1'),
      everything: false,
      since: '2026-11-20T03:00:00.000Z',
      passes: 3,
    }),
    recoveries: whole('flaky:2'),
    notAccepted: { count: 41, since: '2026-10-01T03:00:00.000Z' },
  });
