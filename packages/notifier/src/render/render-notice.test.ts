import * as fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, it } from 'vitest';

import type { Digest, Notice, NoticeFinding, NoticeGroup } from '@scanner/core';

import { aBusyNotice, aDigest, aNotice, aNoticeFinding, aNoticeGroup, undelivered, whole } from '../testing/notices.ts';
import { renderNotice } from './render-notice.ts';
import { transferSize } from './transfer-size.ts';

const options = {
  host: 'web1',
  logs: '/srv/security/logs',
  directory: '/srv/security',
  timeZone: 'Europe/Berlin',
  subjectPrefix: '[image-scanner]',
};

const render = (notice: Notice) => renderNotice(notice, options);

type Node = DefaultTreeAdapterTypes.Node;

const elementsIn = (node: Node): DefaultTreeAdapterTypes.Element[] => [
  ...('tagName' in node ? [node] : []),
  ...('childNodes' in node ? node.childNodes.flatMap(elementsIn) : []),
];

const textIn = (node: Node): string => {
  if ('value' in node) return node.value;
  if (!('childNodes' in node) || node.nodeName === 'style') return '';
  return node.childNodes.map(textIn).join(' ');
};

const readable = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('a notice as text', () => {
  it('says for every image what changed, why, and what to do', () => {
    const { text } = render(aBusyNotice());
    expect(text).toContain(
      [
        'registry.example/shop/web:1, registry.example/shop/web:latest',
        '  Containers: shop/web-1, old (exited)',
        '  The image was updated: cdcdcdcdcdcd -> abababababab',
        '',
        '  New (2)',
        '  * CRITICAL CVE-2026-1000 in openssl',
        '    3.0.11-1 -> 3.0.12-1',
        '    because the vulnerability database is newer',
        '    https://avd.aquasec.com/nvd/cve-2026-1000',
        '  * HIGH GHSA-xxxx-yyyy-zzzz in lodash',
        '    3.0.11-1, no fix yet',
        '    in app/node_modules/lodash',
        '    raised from MEDIUM',
        '    because its severity changed',
      ].join('\n'),
    );
    expect(text).toContain(
      '  Resolved (1), because the image was updated\n  * CRITICAL CVE-2025-1 in zlib1g\n    was in 3.0.11-1\n',
    );
    expect(text).toContain('  Fix now available (4)');
    expect(text).toContain('  and 3 more, see the logs');
  });

  it('names first sights, failures, recoveries, and what is still open', () => {
    const { text } = render(aBusyNotice());
    for (const line of [
      '3 critical, 12 high; 10 can be fixed',
      'end of life: no advisories any more',
      'Starts from what is accepted for postgres:16.3',
      'timeout: the scan took longer than 900 seconds',
      'Since 2026-11-20 03:00 UTC (04:00 Europe/Berlin), 3 passes in a row',
      'SCANNED AGAIN\n-------------\n\nflaky:2',
      '41 more not accepted since 2026-10-01 03:00 UTC (05:00 Europe/Berlin)',
      'Full lists: scan-summary.log and the log of each image, in /srv/security/logs',
    ])
      expect(text).toContain(line);
  });

  it.each([
    [{ changed: { new: 1, severityRaised: 0, resolved: 2 } }, 'app:build-6 -> app:build-7: 1 new, 2 resolved'],
    [{ changed: { new: 0, severityRaised: 0, resolved: 0 } }, 'app:build-6 -> app:build-7: nothing changed'],
    [{ imageBefore: null }, 'Goes on from what is known of app:build-6'],
  ])('says which image a new name takes the place of, and what that changed: %j', (given, line) => {
    const group = aNoticeGroup({
      references: whole('app:build-7'),
      startedFrom: 'app:build-6',
      imageBefore: `sha256:${'cd'.repeat(32)}`,
      ...given,
    });
    expect(render(aNotice({ changes: whole(group) })).text).toContain(line);
  });

  it('names the files of baselines that cannot be used, and how many more there are', () => {
    const items = [{ file: 'rules.json', problem: 'is not JSON' }];
    const { text } = render(aNotice({ unusableBaselines: { items, total: 3 } }));
    expect(text).toContain('A baseline cannot be used: rules.json is not JSON');
    expect(text).toContain('and 2 more that cannot be used');
  });

  it('makes one line of a cause that hits everything', () => {
    const { text, subject } = render(
      aNotice({
        trivy: null,
        failures: whole({
          reason: { code: 'engine_unreachable', message: 'no Docker engine answers' },
          references: whole(),
          everything: true,
          since: '2026-11-20T03:00:00.000Z',
          passes: 3,
        }),
      }),
    );
    expect(subject).toBe('[image-scanner] web1: nothing can be scanned');
    expect(text).toContain('Nothing can be scanned\n  engine_unreachable: no Docker engine answers');
  });

  it.each(['partial', 'unsupported', 'eol', 'full'] as const)(
    'says of a first sight of coverage %s without findings no more than is known',
    (coverage) => {
      const [seen] = aBusyNotice().firstSeen.items;
      const none = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
      const notice = aNotice({
        totals: { firstSeen: 1 },
        firstSeen: whole({ ...seen!, counts: none, fixable: 0, coverage, baselineOf: null }),
      });
      const old = { ...notice, trivy: { ...notice.trivy!, db_stale: true } };
      for (const told of [notice, old]) {
        const { subject, text, html } = render(told);
        const claims = [subject, text, html].filter((part) =>
          /nothing found(?! that the old database knows)/i.test(part),
        );
        expect(claims).toEqual(coverage === 'full' && told === notice ? [text, html] : []);
      }
    },
  );

  it('says of an old database what that means', () => {
    const trivy = { version: '0.74.0', db_updated_at: null, db_stale: true };
    expect(readable(render(aNotice({ trivy })).text)).toContain(
      'too old: what was published since is missing, and nothing counts as resolved',
    );
  });
});

const advisory = (number: number, finding: Partial<NoticeFinding> = {}): NoticeFinding =>
  aNoticeFinding({
    key: `CVE-2021-${number}|pkg:npm/lodash|app`,
    vulnerability: `CVE-2021-${number}`,
    package: 'lodash',
    installed: '4.17.11',
    fixed: '5.0.0',
    title: `lodash: flaw ${number}`,
    url: `https://avd.aquasec.com/nvd/cve-2021-${number}`,
    ...finding,
  });

describe('what one upgrade mends', () => {
  const linksIn = (notice: Notice): string[] =>
    elementsIn(parse(render(notice).html)).flatMap(({ tagName, childNodes }) =>
      tagName === 'a' ? childNodes.map(textIn) : [],
    );

  it('is one line with its thirty advisories, each a link', () => {
    const thirty = Array.from({ length: 30 }, (_, index) => advisory(1000 + index));
    const notice = aNotice({ changes: whole(aNoticeGroup({ new: whole(...thirty) })) });
    const ids = thirty.map(({ vulnerability }) => vulnerability);
    const lines = thirty.flatMap(({ vulnerability, title, url }) => [
      `    ${vulnerability}  ${title}`,
      `                   ${url}`,
    ]);
    expect(render(notice).text).toContain(
      ['  * CRITICAL lodash 4.17.11 -> 5.0.0: 30 advisories', ...lines, ''].join('\n'),
    );
    expect(linksIn(notice)).toEqual(ids);
    expect(readable(textIn(parse(render(notice).html)))).toContain('CVE-2021-1029 lodash: flaw 1029');
  });

  it('has the severity of each where they differ', () => {
    const few = [advisory(1, { severity: 'HIGH' }), advisory(2)];
    const notice = aNotice({ changes: whole(aNoticeGroup({ new: whole(...few) })) });
    expect(render(notice).text).toContain(
      [
        '  * CRITICAL lodash 4.17.11 -> 5.0.0: 2 advisories',
        '    CRITICAL CVE-2021-2  lodash: flaw 2',
        '                         https://avd.aquasec.com/nvd/cve-2021-2',
        '    HIGH     CVE-2021-1  lodash: flaw 1',
        '                         https://avd.aquasec.com/nvd/cve-2021-1',
        '',
      ].join('\n'),
    );
    expect(readable(textIn(parse(render(notice).html)))).toContain('CVE-2021-1 HIGH lodash: flaw 1');
  });

  it('keeps every address where a long mail has no room for all titles', () => {
    const many = Array.from({ length: 200 }, (_, index) => advisory(1000 + index, { title: 'a flaw '.repeat(20) }));
    const notice = aNotice({ changes: whole(aNoticeGroup({ new: whole(...many) })) });
    const { text } = render(notice);
    expect(text).not.toContain('a flaw');
    expect(many.filter(({ url }) => !text.includes(`${url}\n`))).toEqual([]);
    expect(linksIn(notice)).toHaveLength(200);
  });

  it('names the packages of one source and the places of one package together', () => {
    const debian = (name: string) => aNoticeFinding({ key: `CVE-2026-1000|pkg:deb/debian/${name}|`, package: name });
    const placed = (path: string) => advisory(1, { key: `CVE-2021-1|pkg:npm/lodash|${path}`, path });
    const findings = [debian('libssl3'), debian('openssl'), placed('a/lodash'), placed('b/lodash')];
    const { text } = render(aNotice({ changes: whole(aNoticeGroup({ new: whole(...findings) })) }));
    expect(text).toContain('  * CRITICAL CVE-2026-1000 in libssl3, openssl\n    3.0.11-1 -> 3.0.12-1\n');
    expect(text).toContain('lodash: flaw 1\n    4.17.11 -> 5.0.0\n    in a/lodash, b/lodash\n');
  });

  it('keeps apart what needs another version or changed for another cause', () => {
    const findings = [advisory(1), advisory(2, { fixed: '6.0.0' }), advisory(3, { causes: ['scanner_newer'] })];
    const { text } = render(aNotice({ changes: whole(aNoticeGroup({ new: whole(...findings) })) }));
    expect(text.match(/^ {2}\* /gm)).toHaveLength(3);
  });
});

describe('lines of the text', () => {
  const longest = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length));
  const words = 'a title that goes on and on, '.repeat(6).trim();

  it('end before the 78th column where nothing in them is longer', () => {
    const references = Array.from({ length: 12 }, (_, index) => `registry.example/shop/service-${index}:1`);
    const findings = [advisory(1, { title: words }), advisory(2, { title: words, severity: 'LOW' })];
    const single = aNoticeFinding({ title: words, path: 'usr/lib/x', raisedFrom: 'LOW' });
    const group = aNoticeGroup({ references: whole(...references), new: whole(...findings, single) });
    const { text } = renderNotice(aNotice({ changes: whole(group) }), { ...options, directory: '/s' });
    expect(longest(text.replaceAll(/^ {2}gts .*$/gm, ''))).toBeLessThanOrEqual(78);
    expect(readable(text)).toContain(`CVE-2026-1000 in openssl ${words} 3.0.11-1`);
    expect(readable(text)).toContain(`CVE-2021-1 ${words} https://`);
  });

  it('leave an address and a name whole, however long', () => {
    const url = `https://example.com/${'a'.repeat(100)}`;
    const name = `registry.example/${'b'.repeat(100)}:1`;
    const group = aNoticeGroup({ references: whole(name, 'x:1'), new: whole(aNoticeFinding({ url })) });
    const { text } = render(aNotice({ changes: whole(group) }));
    expect(text).toContain(`\n    ${url}\n`);
    expect(text).toContain(`${name},\n    x:1\n`);
  });
});

describe('what can be done', () => {
  const hintsIn = (notice: Notice): string[] => render(notice).text.match(/^ {2}gts .*$/gm) ?? [];
  const change = (group: Parameters<typeof aNoticeGroup>[0]) => aNotice({ changes: whole(aNoticeGroup(group)) });
  const of = (reference: string) => ({ references: whole(reference) });

  it('about one finding is a line to copy that accepts it', () => {
    const notice = change({ ...of('shop/web:1'), new: whole(aNoticeFinding()) });
    const command = 'gts accept CVE-2026-1000 --package openssl --image shop/web:1 --reason why --dir /srv/security';
    const { text, html } = render(notice);
    expect(text).toContain(`\n--\nTo accept this finding:\n  ${command}\nFull lists:`);
    expect(readable(textIn(parse(html)))).toContain(`To accept this finding: ${command}`);
  });

  it('about several is an example, and a line for the whole image', () => {
    const notice = change({ ...of('shop/web:1'), new: whole(aNoticeFinding()), severityRaised: whole(advisory(1)) });
    expect(render(notice).text).toContain('To accept a finding in an image, for example:\n  gts accept CVE-2026-1000');
    expect(hintsIn(notice)[1]).toBe('  gts baseline save shop/web:1 --dir /srv/security');
  });

  it('about what ends soon is a line that accepts it for longer', () => {
    const ending = { finding: advisory(1), ...of('shop/web:1'), expires: '2026-12-01', reason: null, owner: null };
    expect(hintsIn(aNotice({ ending: whole(ending) }))).toEqual([
      '  gts accept CVE-2021-1 --package lodash --image shop/web:1 --reason why --expires 90d --dir /srv/security',
    ]);
  });

  it('about first sights is a line for one that something was found in and that can be saved', () => {
    const none = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
    const seen = { imageId: null, containers: null, fixable: 0, coverage: 'full', baselineOf: null } as const;
    const notice = aNotice({
      firstSeen: whole(
        { ...seen, ...of('clean:1'), counts: none },
        { ...seen, ...of('partial:1'), counts: { ...none, high: 1 }, coverage: 'partial' },
        { ...seen, ...of('postgres:16'), counts: { ...none, high: 1 } },
      ),
    });
    expect(hintsIn(notice)).toEqual(['  gts baseline save postgres:16 --dir /srv/security']);
  });

  it.each([
    ['only something failed', aNotice({ failures: aBusyNotice().failures })],
    ['something is resolved', change({ resolved: whole(aNoticeFinding()) })],
    ['no reference can be typed', change({ ...of('ü:1'), new: whole(aNoticeFinding()) })],
  ])('is not said where %s', (_when, notice) => {
    const { text, html } = render(notice);
    expect(hintsIn(notice)).toEqual([]);
    expect(`${text}${html}`).not.toContain('To accept');
  });

  it('names no directory that only a container knows', () => {
    const notice = change({ ...of('shop/web:1'), new: whole(aNoticeFinding()) });
    const { text } = renderNotice(notice, { ...options, directory: null, logs: '/logs' });
    expect(text).toMatch(/ --reason why\nFull lists: .*, in \/logs\n$/);
  });
});

describe('an acceptance that ended', () => {
  it('is named with its reason and owner, in text and HTML', () => {
    const ended = aNoticeFinding({
      causes: ['acceptance_expired'],
      acceptance: {
        reason: 'behind the VPN, SEC-12',
        owner: 'web team',
        since: '2026-08-01T00:00:00.000Z',
        expires: '2026-11-22T00:30:00.000Z',
        untilFix: false,
      },
    });
    const { text, html } = render(aNotice({ changes: whole(aNoticeGroup({ new: whole(ended) })) }));
    for (const part of [text, textIn(parse(html))])
      expect(readable(part)).toContain(
        'was accepted until 2026-11-22 00:30 UTC (01:30 Europe/Berlin) by web team: behind the VPN, SEC-12',
      );
  });
});

describe('two advisories in forty images', () => {
  const references = Array.from({ length: 40 }, (_, index) => `registry.example/shop/service-${index}:1.${index}`);
  const content = render(
    aNotice({
      totals: { images: 40, changedImages: 40, new: 80, advisories: { new: 2, resolved: 0, severityRaised: 0 } },
      changes: whole(
        aNoticeGroup({
          references: whole(...references),
          imageId: null,
          images: 40,
          containers: {
            items: references.map((_, index) => ({
              name: `service-${index}`,
              state: 'running',
              compose_project: 'shop',
            })),
            total: 40,
          },
          new: whole(aNoticeFinding({ title: 'openssl: a flaw' }), advisory(1)),
        }),
      ),
    }),
  );

  it('are named once, with all forty, in a mail below 10 KB', () => {
    for (const part of [content.text, readable(textIn(parse(content.html)))]) {
      expect(part.match(/CVE-2026-1000 in openssl/g)).toHaveLength(1);
      expect(part.match(/CVE-2021-1 in lodash/g)).toHaveLength(1);
      expect(references.filter((reference) => !part.includes(reference))).toEqual([]);
    }
    const headers = 1200;
    expect(transferSize(content.text) + transferSize(content.html) + headers).toBeLessThan(10_000);
  });

  it('are counted as advisories and as findings', () => {
    expect(content.subject).toBe('[image-scanner] web1: 2 new advisories (80 findings)');
    expect(content.text).toMatch(/^web1: 2 new advisories \(80 findings\)\n/);
  });
});

describe('a subject', () => {
  it('has the totals and the worst', () => {
    expect(render(aBusyNotice()).subject).toBe(
      '[image-scanner] web1: 2 new, 1 resolved, 1 raised in severity, 2 first seen, 1 failing, 1 scanned again, worst CRITICAL',
    );
  });

  it('has no name from any image', () => {
    const { subject } = render(aBusyNotice());
    for (const name of ['shop', 'openssl', 'CVE', 'postgres', 'huge', 'flaky']) expect(subject).not.toContain(name);
  });
});

describe('a notice as HTML', () => {
  const page = parse(render(aBusyNotice()).html);

  it('says what the text says', () => {
    const shown = readable(textIn(page));
    for (const words of ['2 new, 1 resolved', 'CRITICAL CVE-2026-1000', '3.0.11-1 -> 3.0.12-1', 'flaky:2', '41 more'])
      expect(shown).toContain(words);
  });

  it('loads nothing and links by https only', () => {
    const elements = elementsIn(page);
    expect(elements.map(({ tagName }) => tagName)).not.toContain('img');
    const attributes = elements.flatMap(({ attrs }) => attrs);
    expect(attributes.filter(({ name }) => ['src', 'srcset', 'background', 'style'].includes(name))).toEqual([]);
    const links = attributes.filter(({ name }) => name === 'href').map(({ value }) => value);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !link.startsWith('https://'))).toEqual([]);
  });
});

const ALLOWED = new Set('html head meta title style body h1 h2 h3 h4 p ul li i b span code a br hr'.split(' '));

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    '</style></title><b>',
    '\r\nBcc: evil@example.net\r\n',
    '\u001B[2J\u001B]0;x\u0007',
    '\u202Egpj.exe\u2066',
    '=HYPERLINK("http://evil")',
    '\u2028\u2029\0',
    'javascript:alert(1)',
    'http://plain.example/',
    `https://x.example/${'"<>'.repeat(30)}`,
  ),
);

const hostileFinding = fc.record({
  vulnerability: hostile,
  package: fc.option(hostile),
  path: fc.option(hostile),
  installed: fc.option(hostile),
  fixed: fc.option(hostile),
  title: fc.option(hostile),
  url: fc.option(hostile),
});

const hostileNotice = fc
  .record({ name: hostile, message: hostile, findings: fc.array(hostileFinding, { maxLength: 8 }) })
  .map(({ name, message, findings }) =>
    aNotice({
      trivy: { version: name, db_updated_at: null, db_stale: false },
      changes: whole(
        aNoticeGroup({
          references: whole(name),
          imageId: name,
          imageBefore: message,
          containers: whole({ name, state: message, compose_project: name }),
          new: whole(...findings.map((finding) => aNoticeFinding(finding))),
        }),
      ),
      failures: whole({
        reason: { code: 'unknown', message },
        references: whole(name),
        everything: false,
        since: '2026-11-20T03:00:00.000Z',
        passes: 3,
      }),
      recoveries: whole(name),
      recovered: { code: 'unknown', message },
      formerHostName: name,
      undelivered: whole(undelivered({ recipients: whole(name), reason: message })),
      digest: hostileDigest(name, findings.map(aNoticeFinding)),
    }),
  );

const hostileDigest = (name: string, findings: readonly NoticeFinding[]): Digest => {
  const changes = {
    findings: 1,
    advisories: 1,
    unlisted: 0,
    entries: whole(...findings.map((finding) => ({ finding, references: whole(name) }))),
  };
  const groups = whole(aNoticeGroup({ references: whole(name), new: whole(...findings) }));
  return aDigest({
    open: { findings: 1, advisories: 1, worst: 'HIGH', groups },
    new: changes,
    resolved: changes,
    notJudged: whole(name),
    failing: whole(name),
  });
};

describe('whatever an image brings', () => {
  it('the subject is one line of words of our own', () => {
    fc.assert(
      fc.property(hostileNotice, hostile, hostile, (notice, host, subjectPrefix) => {
        const { subject } = renderNotice(notice, { ...options, host, subjectPrefix });
        expect(subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(renderNotice(notice, options).subject).toMatch(/^\[image-scanner\] web1: [a-z\d, ()]+$/);
      }),
    );
  });

  it('the text moves no cursor and starts no line', () => {
    fc.assert(
      fc.property(hostileNotice, (notice) => {
        const { text } = render(notice);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(text).not.toMatch(/^Bcc:/m);
      }),
    );
  });

  it('the HTML has the elements of ours, and links by https', () => {
    fc.assert(
      fc.property(hostileNotice, (notice) => {
        const elements = elementsIn(parse(render(notice).html));
        expect(elements.map(({ tagName }) => tagName).filter((name) => !ALLOWED.has(name))).toEqual([]);
        const attributes = elements.flatMap(({ attrs }) => attrs);
        expect(attributes.map(({ name }) => name).filter((name) => /^on|src|style/.test(name))).toEqual([]);
        const links = attributes.filter(({ name }) => name === 'href').map(({ value }) => value);
        expect(links.filter((link) => !/^https:\/\/[^\s"'<>]+$/.test(link))).toEqual([]);
      }),
    );
  });
});

describe('a long notice', () => {
  const long = (text: string): Partial<NoticeFinding> => ({
    vulnerability: text,
    package: text,
    path: text,
    installed: text,
    fixed: text,
    title: text,
    url: `https://example.com/${'=%22'.repeat(400)}`,
  });
  const entriesOf = ({ items, total }: NoticeGroup['new']): Digest['new']['entries'] => ({
    items: items.map((finding) => ({ finding, references: whole(finding.vulnerability) })),
    total,
  });
  const flood = (text: string, groups: number, findings: number): Notice => {
    const list = {
      items: Array.from({ length: findings }, (_, index) =>
        aNoticeFinding({ ...long(text), installed: `${index}${text}` }),
      ),
      total: 5000,
    };
    const group = aNoticeGroup({
      references: whole(...Array.from({ length: 50 }, () => text)),
      new: list,
      resolved: list,
      severityRaised: list,
      fixAvailable: list,
    });
    const changes = { items: Array.from({ length: groups }, () => group), total: 40 };
    const digest = aDigest({
      open: { findings: 200_000, advisories: 5000, worst: 'CRITICAL', groups: changes },
      new: { findings: 500, advisories: 500, unlisted: 9, entries: entriesOf(list) },
      resolved: { findings: 500, advisories: 500, unlisted: 9, entries: entriesOf(list) },
    });
    return aNotice({ totals: { new: 200_000, worst: 'CRITICAL' }, changes, repeated: changes, digest });
  };

  it.each([
    ['plain', 'x'.repeat(160)],
    ['wide', '日'.repeat(160)],
    ['hostile', '\u{E0041}'.repeat(160)],
    ['escaped', '"<>&\'='.repeat(30)],
  ])('stays far below 100 KB and names the logs: %s', (_, text) => {
    const content = render(flood(text, 40, 100));
    expect(transferSize(content.text) + transferSize(content.html)).toBeLessThan(80_001);
    expect(content.text).toContain('Full lists: scan-summary.log');
    expect(content.text).toMatch(/and \d+ more/);
    expect(content.subject).toContain('200000 new');
  });

  it('shows as much as there is room for', () => {
    const { text } = render(flood('openssl', 4, 5));
    expect(text.match(/openssl in openssl/g)?.length).toBe(2 * 4 * 4 * 5 + 4 * 5 + 2 * 5);
  });
});
