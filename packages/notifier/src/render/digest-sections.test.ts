import { describe, expect, it } from 'vitest';

import type { Notice } from '@scanner/core';

import { aDigest, aNotice, aNoticeFinding, aNoticeGroup, undelivered, whole } from '../testing/notices.ts';
import { renderNotice } from './render-notice.ts';

const render = (notice: Notice) =>
  renderNotice(notice, { host: 'web1', logs: '/logs', directory: '/data', timeZone: 'UTC', subjectPrefix: '' });

const openssl = aNoticeFinding({ causes: [], url: null });
const zlib = aNoticeFinding({
  vulnerability: 'CVE-2026-2',
  package: 'zlib',
  severity: 'HIGH',
  causes: [],
  fixed: null,
});

const digest = aDigest({
  open: {
    findings: 3,
    advisories: 2,
    worst: 'CRITICAL',
    groups: whole(aNoticeGroup({ references: whole('web:1'), containers: null, new: whole(openssl, zlib) })),
  },
  new: { findings: 1, advisories: 1, unlisted: 0, entries: whole({ finding: zlib, references: whole('web:1') }) },
  resolved: {
    findings: 2,
    advisories: 1,
    unlisted: 4,
    entries: whole({ finding: openssl, references: whole('db:1') }),
  },
  stay: { medianDays: 11.6, findings: 34, since: '2026-10-01T03:00:00.000Z' },
  passes: { made: 7, complete: 6, lastComplete: '2026-11-21T03:00:00.000Z' },
  notJudged: whole('old:1'),
  failing: whole('huge:1'),
});

describe('a digest', () => {
  it('has a subject of its own, counted as every notice is', () => {
    expect(render(aNotice({ digest })).subject).toBe(
      'web1: weekly digest: 2 open advisories (3 findings), 1 new advisory, 1 resolved advisory (2 findings), worst CRITICAL',
    );
    expect(render(aNotice({ digest: aDigest({ period: 'monthly' }) })).subject).toBe(
      'web1: monthly digest: nothing open',
    );
  });

  it('goes with the subject of what changed in the same pass', () => {
    const totals = { new: 1, worst: 'HIGH', advisories: { new: 1, resolved: 0, severityRaised: 0 } } as const;
    expect(render(aNotice({ totals, digest })).subject).toBe(
      'web1: 1 new advisory, with the weekly digest, worst HIGH',
    );
  });

  it('says how the host stands, and what is open, new and resolved', () => {
    const { text } = render(aNotice({ digest }));
    expect(text).toContain(
      [
        'Since 2026-11-15 03:00 UTC',
        '  2 open advisories (3 findings)',
        '  1 new advisory',
        '  1 resolved advisory (2 findings)',
        '  Resolved after 12 days: the median of 34 findings since 2026-10-01 03:00 UTC',
        '  7 passes, 6 of them without a failing image',
        '  Last pass without a failing image: 2026-11-21 03:00 UTC',
        '  Not judged, or only a part: old:1',
        '  Not scanned in this pass: huge:1',
      ].join('\n'),
    );
    expect(text).toContain(
      [
        'web:1',
        '',
        '  Open (2)',
        '  * CRITICAL CVE-2026-1000 in openssl',
        '    3.0.11-1 -> 3.0.12-1',
        '  * HIGH CVE-2026-2 in zlib',
      ].join('\n'),
    );
    expect(text).toContain('HIGH CVE-2026-2 in zlib\n  3.0.11-1, no fix yet\n  web:1\n');
    expect(text).toContain('CRITICAL CVE-2026-1000 in openssl\n  was in 3.0.11-1\n  db:1\n\nand 4 more, see the logs');
  });
});

describe('earlier notices that did not arrive', () => {
  it('are named with the reason, and with what to do', () => {
    const notice = aNotice({
      undelivered: whole(
        undelivered({ reason: '550 no such mailbox' }),
        undelivered({
          notices: 3,
          from: '2026-10-20T03:00:00.000Z',
          channel: 'webhook',
          outcome: 'held',
          reachedNobody: true,
          reason: '401',
        }),
      ),
    });
    const { text, subject } = render(notice);
    expect(subject).toBe('web1: earlier notices not delivered');
    expect(text).toContain(
      [
        'A notice of 2026-11-20 03:00 UTC did not reach ops@example.org',
        '  given up for ops@example.org: 550 no such mailbox',
        '',
        '3 notices of 2026-10-20 03:00 UTC to 2026-11-20 03:00 UTC reached nobody',
        '  held for the webhook: 401',
        '',
        'gts notices list names them, gts notices retry tries them again',
      ].join('\n'),
    );
  });
});

describe('a host with another name', () => {
  it('says what it was called', () => {
    expect(render(aNotice({ formerHostName: 'web0' })).text).toContain(
      'This host was called web0 in the notice before\n',
    );
  });
});
