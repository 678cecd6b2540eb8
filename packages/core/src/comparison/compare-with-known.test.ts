import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findingKey, type Finding } from '../model/finding.ts';
import { SEVERITIES, type Severity } from '../model/severity.ts';
import { aFinding } from '../testing/builders.ts';
import { type Compared, compareWithKnown } from './compare-with-known.ts';
import { anyPackageKey, type KnownFinding, knownFinding } from './known-finding.ts';
import type { KnownSide, ScannedSide } from './sides.ts';
import { UnlistedHistory } from './unlisted-history.ts';

const AT = '2026-11-22T00:00:00.000Z';
const ALL: readonly Severity[] = SEVERITIES;
const circumstances = (given: Partial<KnownSide['circumstances']> = {}): ScannedSide['circumstances'] => ({
  imageId: 'sha256:1',
  content: null,
  databaseGeneration: 'g1',
  trivyVersion: '0.74.0',
  ...given,
  filter: given.filter ?? { severities: ['HIGH', 'CRITICAL'], extra_args: [] },
});

const knownSide = (findings: readonly KnownFinding[], given: Partial<KnownSide> = {}): KnownSide => ({
  findings,
  coverage: 'full',
  circumstances: circumstances(),
  unlisted: new Map(),
  listings: [],
  takenBack: new Set(),
  acceptedGone: [],
  ...given,
});

const unlistedAs = (key: string, severity: Severity): KnownSide['unlisted'] =>
  new Map([[key, new UnlistedHistory([[null, severity, 'fixed']])]]);

const accepted = (finding: Finding, expires: string | null = null): KnownFinding =>
  knownFinding(finding, { accepted: true, since: AT, expires });

const scannedSide = (findings: readonly Finding[], given: Partial<ScannedSide> = {}): ScannedSide => ({
  outcome: { status: 'complete', coverage: 'full', findings },
  circumstances: circumstances(),
  databaseStale: false,
  at: AT,
  ...given,
});

const compare = (known: KnownSide, scan: ScannedSide): Compared => {
  const comparison = compareWithKnown(known, scan);
  if (comparison.status !== 'compared') throw new Error('not comparable');
  return comparison;
};

const keys = (findings: readonly { readonly key: string }[]): string[] => findings.map(({ key }) => key).toSorted();
const newKeys = ({ new: found }: Compared): string[] => keys(found.map(({ finding }) => finding));

const openssl = aFinding({ package: 'openssl' });
const zlib = aFinding({ package: 'zlib', vulnerability: 'CVE-2026-2000' });

describe('comparing what is known with a scan', () => {
  it('calls new what is found and not known, and resolved what is known and not found', () => {
    const compared = compare(knownSide([accepted(openssl)]), scannedSide([zlib]));
    expect(newKeys(compared)).toEqual([zlib.key]);
    expect(keys(compared.resolved)).toEqual([openssl.key]);
  });

  it('is no comparison where the scan failed', () => {
    const reason = { code: 'timeout', message: 'too slow' } as const;
    const scan = scannedSide([], { outcome: { status: 'failed', reason } });
    expect(compareWithKnown(knownSide([accepted(openssl)]), scan)).toEqual({ status: 'not_comparable', reason });
  });

  it.each([
    ['a partial scan', { coverage: 'partial' }, 'partial'],
    ['an image without support that was judged whole before', { coverage: 'eol' }, 'coverage_differs'],
    ['an image that could be judged before', { coverage: 'unsupported' }, 'coverage_differs'],
    ['a stale database', { coverage: 'full', databaseStale: true }, 'database_stale'],
  ] as const)('resolves nothing by %s, and tells what is new all the same', (_, given, withheld) => {
    const { coverage, ...rest } = given;
    const compared = compare(
      knownSide([accepted(openssl)]),
      scannedSide([zlib], { ...rest, outcome: { status: 'complete', coverage, findings: [zlib] } }),
    );
    expect(compared.resolved).toEqual([]);
    expect(compared.withheld).toBe(withheld);
    expect(newKeys(compared)).toEqual([zlib.key]);
  });

  it('resolves in an image without support what was accepted without support', () => {
    const compared = compare(
      knownSide([accepted(openssl)], { coverage: 'eol' }),
      scannedSide([], { outcome: { status: 'complete', coverage: 'eol', findings: [] } }),
    );
    expect(keys(compared.resolved)).toEqual([openssl.key]);
  });

  it('tells a severity that rose, and not one that fell', () => {
    const raised = compare(knownSide([accepted(openssl)]), scannedSide([{ ...openssl, severity: 'CRITICAL' }]));
    expect(raised.severityRaised.map(({ from, finding }) => [from, finding.severity])).toEqual([['HIGH', 'CRITICAL']]);
    const fell = compare(
      knownSide([accepted({ ...openssl, severity: 'CRITICAL' })]),
      scannedSide([{ ...openssl, severity: 'HIGH' }]),
    );
    expect([fell.severityRaised, fell.new, fell.resolved]).toEqual([[], [], []]);
  });

  it('says when a fix is there now', () => {
    const compared = compare(knownSide([accepted({ ...openssl, fixed: null })]), scannedSide([openssl]));
    expect(keys(compared.fixAvailable)).toEqual([openssl.key]);
  });

  it('pairs a vulnerability that went with its renamed package', () => {
    const renamed = aFinding({ package: 'libssl3t64', vulnerability: openssl.vulnerability });
    const compared = compare(knownSide([accepted(openssl)]), scannedSide([renamed]));
    expect([newKeys(compared), compared.resolved]).toEqual([[], []]);
    expect(compared.moved.map(({ from, to }) => [from.key, to.key])).toEqual([[openssl.key, renamed.key]]);
  });

  it('pairs one to one, first within the same package', () => {
    const at = (path: string): Finding => aFinding({ package: 'netty', path });
    const other = aFinding({ package: 'aaa' });
    const compared = compare(knownSide([accepted(at('a-1.jar'))]), scannedSide([at('a-2.jar'), other]));
    expect(compared.moved.map(({ to }) => to.key)).toEqual([at('a-2.jar').key]);
    expect(newKeys(compared)).toEqual([other.key]);
  });

  it('does not take a jar that a partial scan left out for one that moved', () => {
    const jar = aFinding({ package: 'netty', path: 'a.jar' });
    const system = aFinding({ package: 'libnetty' });
    const scan = scannedSide([system], { outcome: { status: 'complete', coverage: 'partial', findings: [system] } });
    expect(newKeys(compare(knownSide([accepted(jar)]), scan))).toEqual([system.key]);
  });

  it('tells what moved when it also got worse', () => {
    const renamed = aFinding({ package: 'libssl3t64', severity: 'CRITICAL' });
    const compared = compare(knownSide([accepted(openssl)]), scannedSide([renamed]));
    expect(compared.severityRaised.map(({ from, finding }) => [from, finding.key])).toEqual([['HIGH', renamed.key]]);
  });

  it('logs and does not resolve what left the filter', () => {
    const fell = compare(knownSide([accepted(openssl)]), scannedSide([{ ...openssl, severity: 'LOW' }]));
    expect([fell.resolved, fell.leftFilter.map(({ by }) => by)]).toEqual([[], ['severity']]);
    const narrow = circumstances({ filter: { severities: ['CRITICAL'], extra_args: [] } });
    const narrowed = compare(knownSide([accepted(openssl)]), scannedSide([openssl], { circumstances: narrow }));
    expect([narrowed.resolved, narrowed.leftFilter.map(({ by }) => by)]).toEqual([[], ['setting']]);
  });

  it('resolves nothing that other arguments may hide', () => {
    const filter = { severities: [...ALL], extra_args: ['--pkg-types=library'] };
    const compared = compare(
      knownSide([accepted(openssl)]),
      scannedSide([], { circumstances: circumstances({ filter }) }),
    );
    expect([compared.resolved, compared.leftFilter.length]).toEqual([[], 1]);
  });

  it('lets what only a setting brought in join the inventory', () => {
    const medium = aFinding({ package: 'curl', severity: 'MEDIUM' });
    const wide = circumstances({ filter: { severities: ['MEDIUM', 'HIGH', 'CRITICAL'], extra_args: [] } });
    const before = knownSide([], { unlisted: unlistedAs(medium.key, 'MEDIUM') });
    const compared = compare(before, scannedSide([medium], { circumstances: wide }));
    expect([newKeys(compared), keys(compared.joined)]).toEqual([[], [medium.key]]);
  });

  it('tells what came while a setting changed', () => {
    const medium = aFinding({ package: 'curl', severity: 'MEDIUM' });
    const wide = circumstances({ filter: { severities: ['MEDIUM', 'HIGH', 'CRITICAL'], extra_args: [] } });
    expect(newKeys(compare(knownSide([]), scannedSide([medium], { circumstances: wide })))).toEqual([medium.key]);
  });

  it('calls new what a raised severity brought in, with what it was raised from', () => {
    const before = knownSide([], { unlisted: unlistedAs(openssl.key, 'MEDIUM') });
    const [found] = compare(before, scannedSide([openssl])).new;
    expect([found?.raisedFrom, found?.causes]).toEqual(['MEDIUM', ['severity_changed']]);
  });

  it('calls new again what was accepted until now', () => {
    const compared = compare(knownSide([accepted(openssl, '2026-11-22')]), scannedSide([openssl]));
    expect(compared.new.map(({ causes }) => causes)).toEqual([['acceptance_expired']]);
    expect(newKeys(compare(knownSide([accepted(openssl, '2026-11-23')]), scannedSide([openssl])))).toEqual([]);
  });

  it('accepts an ID in every package until it is in none', () => {
    const anywhere: KnownFinding = {
      ...accepted(openssl),
      key: anyPackageKey(openssl.vulnerability),
      package: null,
      severity: null,
    };
    const other = aFinding({ package: 'libssl3' });
    const found = compare(knownSide([anywhere]), scannedSide([openssl, other]));
    expect([newKeys(found), found.resolved]).toEqual([[], []]);
    expect(keys(compare(knownSide([anywhere]), scannedSide([zlib])).resolved)).toEqual([anywhere.key]);
  });

  it.each([
    ['imageId', 'sha256:2', 'image_updated'],
    ['databaseGeneration', 'g2', 'database_newer'],
    ['trivyVersion', '0.75.0', 'scanner_newer'],
  ] as const)('names another %s as the cause', (field, value, cause) => {
    const scan = scannedSide([openssl], { circumstances: circumstances({ [field]: value }) });
    expect(compare(knownSide([]), scan).new[0]?.causes).toEqual([cause]);
  });
});

const everything = { severities: [...ALL], extra_args: [] };
const anyFinding = fc
  .record({
    vulnerability: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3', 'GHSA-a'),
    package: fc.constantFrom('a', 'b', 'c', 'd|e'),
    path: fc.constantFrom(null, 'x-1.jar', 'x-2.jar'),
    severity: fc.constantFrom(...ALL),
    installed: fc.constantFrom('1', '2'),
    title: fc.constantFrom(null, 'one', 'two'),
  })
  .map((given) => aFinding(given));
const anyFindings = fc.array(anyFinding, { maxLength: 15 });
const sideOf = (findings: readonly Finding[]): KnownSide =>
  knownSide(
    findings.map((finding) => accepted(finding)),
    { circumstances: circumstances({ filter: everything }) },
  );
const compareSets = (a: readonly Finding[], b: readonly Finding[]): Compared =>
  compare(sideOf(a), scannedSide(b, { circumstances: circumstances({ filter: everything }) }));

describe('any comparison', () => {
  it('of a set with itself finds nothing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyFinding, { selector: ({ key }) => key, maxLength: 15 }), (findings) => {
        const compared = compareSets(findings, findings);
        expect([compared.new, compared.resolved, compared.severityRaised, compared.moved]).toEqual([[], [], [], []]);
      }),
    );
  });

  it('swaps new and resolved when the sides are swapped', () => {
    fc.assert(
      fc.property(anyFindings, anyFindings, (a, b) => {
        const forth = compareSets(a, b);
        const back = compareSets(b, a);
        expect(newKeys(forth)).toEqual([...new Set(keys(back.resolved))]);
        expect([...new Set(keys(forth.resolved))]).toEqual(newKeys(back));
      }),
    );
  });

  it('does not see order, duplicates, versions or descriptions', () => {
    fc.assert(
      fc.property(anyFindings, anyFindings, fc.string(), (a, b, text) => {
        const other = [...b, ...b]
          .toReversed()
          .map((finding) => ({ ...finding, installed: text, title: text, url: text, status: text }));
        expect(newKeys(compareSets(a, other))).toEqual(newKeys(compareSets(a, b)));
        expect(keys(compareSets(a, other).resolved)).toEqual(keys(compareSets(a, b).resolved));
      }),
    );
  });

  it('does not see a point release', () => {
    const purl = (release: string): string => `pkg:deb/debian/openssl@3.0.${release}?distro=debian-12.${release}`;
    const keyIn = (release: string): string =>
      findingKey({ vulnerability: 'CVE-1', package: { purl: purl(release) }, path: null });
    expect(keyIn('15')).toBe(keyIn('16'));
  });
});
