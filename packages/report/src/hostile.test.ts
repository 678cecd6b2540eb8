import { DOMParser } from '@xmldom/xmldom';
import { parse as parseCsv } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse as parseHtml } from 'parse5';
import { describe, expect, test } from 'vitest';

import { COVERAGES, FAILURE_CODES, type HostScanDocument, SEVERITIES } from '@scanner/core';
import { aFinding, aHostScan, anImageReport } from '@scanner/core/testing';

import { renderCsv } from './csv.ts';
import { renderHtml } from './html/html.ts';
import { renderJunit } from './junit.ts';
import { renderImageLog } from './log/image-log.ts';
import { renderPassSummary } from './log/pass-summary.ts';
import { renderMarkdown } from './markdown.ts';
import { renderComparison } from './table/comparison.ts';
import { renderTable } from './table/table.ts';
import { sanitizeForTerminal } from './text/inert-text.ts';

const ATTACKS = [
  '\u001B[2J\u001B]0;title\u0007',
  '\u009B31m',
  'line\r\nFORGED: line',
  '\u2028\u202Egpj.exe',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>',
  ']]>',
  '&lt;b&gt; &amp;',
  "=cmd|' /C calc'!A0",
  '\t=1+1',
  '＝1+1',
  '+1',
  '@SUM(1)',
  'a","b\r\n"c',
  '| cell | `code` `` | <b>',
  '[text](javascript:alert(1)) ![](https://evil.example/x.png)',
  'javascript:alert(1)',
  'https://evil.example/"><script>',
  '__proto__',
  '\0\uFFFE\uFFFF\uD800',
  '%s %d ${x}',
];

const text = fc.oneof(fc.constantFrom(...ATTACKS), fc.string({ unit: 'binary', maxLength: 40 }));
const maybe = fc.option(text);

const finding = fc
  .record({
    vulnerability: text,
    package: text,
    path: maybe,
    installed: text,
    fixed: maybe,
    severity: fc.constantFrom(...SEVERITIES),
    status: maybe,
    title: maybe,
    url: maybe,
  })
  .map(aFinding);

const image = fc
  .record({
    id: maybe,
    references: fc.array(text, { maxLength: 3 }),
    containers: fc.option(fc.array(fc.record({ name: text, state: text, compose_project: maybe }), { maxLength: 3 })),
    status: fc.constantFrom('complete' as const, 'failed' as const, 'skipped' as const),
    reason: fc.option(fc.record({ code: fc.constantFrom(...FAILURE_CODES), message: text })),
    coverage: fc.constantFrom(...COVERAGES),
    reused: fc.constantFrom('none' as const, 'analysis' as const, 'result' as const),
    findings: fc.array(finding, { maxLength: 3 }),
    log: maybe,
  })
  .map((given) => anImageReport(given.status === 'complete' ? given : { ...given, coverage: null, findings: [] }));

const document = fc
  .record({
    images: fc.array(image, { maxLength: 4 }),
    version: text,
    updated: maybe,
    extra: fc.array(text, { maxLength: 2 }),
    stale: fc.boolean(),
    demonstration: fc.boolean(),
  })
  .map(({ images, version, updated, extra, stale, demonstration }): HostScanDocument =>
    aHostScan(images, {
      trivy: { version, db_updated_at: updated, db_stale: stale },
      filter: { severities: ['HIGH', 'CRITICAL'], extra_args: extra },
      demonstration,
    }),
  );

const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\uFFFE\uFFFF]/u;

const holdsFor = (check: (document: HostScanDocument) => void): void => {
  fc.assert(
    fc.property(document, (scan) => {
      check(scan);
    }),
    { numRuns: 200 },
  );
};

const PLAIN = { width: 100, color: false, unicode: true };

describe('whatever stands in any field', () => {
  test.each<[string, (document: HostScanDocument) => string]>([
    ['the table', (scan) => renderTable(scan, PLAIN)],
    ['the summary', (scan) => renderPassSummary(scan, ATTACKS)],
    ['the logs', (scan) => scan.images.map((each) => renderImageLog(each, scan)).join('')],
    ['Markdown', renderMarkdown],
    ['HTML', renderHtml],
    ['JUnit', renderJunit],
    [
      'the comparison',
      (scan) =>
        renderComparison(
          {
            ...scan,
            schema: 'gts.compare/1',
            a: scan.images[0] ?? anImageReport(),
            b: scan.images[1] ?? anImageReport(),
            comparable: true,
            removed: scan.images[0]?.findings ?? [],
            added: scan.images[1]?.findings ?? [],
            kept: [],
          },
          PLAIN,
        ),
    ],
  ])('no control character gets into %s', (_, render) => {
    holdsFor((scan) => expect(render(scan).replaceAll('\n', '')).not.toMatch(CONTROLS));
  });

  test('the summary has just its own lines', () => {
    holdsFor((scan) => {
      const calm = aHostScan(
        scan.images.map((each) => ({ ...each, references: ['a'], log: 'b' })),
        scan,
      );
      expect(renderPassSummary(scan).split('\n')).toHaveLength(renderPassSummary(calm).split('\n').length);
    });
  });

  test('HTML holds our own elements and attributes only, and links to http addresses', () => {
    holdsFor((scan) => {
      const foreign = [...elementsOf(parseHtml(renderHtml(scan)))].filter((element) => !isOurs(element));
      expect(foreign.map(({ tagName, attrs }) => ({ tagName, attrs }))).toEqual([]);
    });
  });

  test('CSV reads back as the data, but for the guard', () => {
    holdsFor((scan) => {
      const csv = renderCsv(scan);
      expect(csv.replaceAll('\r\n', '')).not.toMatch(CONTROLS);
      const rows: Record<string, string>[] = parseCsv(csv, { columns: true, record_delimiter: '\r\n' });
      const titles = scan.images.flatMap(({ findings }) =>
        findings.map(({ title }) => sanitizeForTerminal(title ?? '')),
      );
      expect(
        rows
          .filter((row) => row['severity'] !== '')
          .map((row) => unguarded(row['title'] ?? ''))
          .toSorted(),
      ).toEqual(titles.toSorted());
      expect(rows.filter((row) => row['severity'] === '')).toHaveLength(
        scan.images.filter(({ findings }) => findings.length === 0).length,
      );
      expect(rows.flatMap((row) => Object.values(row)).filter((cell) => /^\s*[=+\-@＝＋－＠]/.test(cell))).toEqual([]);
    });
  });

  test('JUnit is well-formed, of the common shape, and its totals are true', () => {
    holdsFor((scan) => expect(junitProblems(renderJunit(scan))).toEqual([]));
  });
});

const unguarded = (cell: string): string => (/^'\s*[=+\-@＝＋－＠]/.test(cell) ? cell.slice(1) : cell);

const ELEMENTS =
  'html head meta title style body header h1 h2 p strong span section ul li table thead tbody tr th td a'.split(' ');

const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  html: ['lang'],
  meta: ['charset', 'http-equiv', 'content', 'name'],
  p: ['class'],
  span: ['class'],
  td: ['class', 'data-label'],
  a: ['href', 'rel'],
};

const isOurs = ({ tagName, attrs }: DefaultTreeAdapterTypes.Element): boolean =>
  ELEMENTS.includes(tagName) &&
  attrs.every(
    ({ name, value }) => (ATTRIBUTES[tagName] ?? []).includes(name) && (name !== 'href' || /^https?:\/\//.test(value)),
  );

const elementsOf = function* (
  node: DefaultTreeAdapterTypes.ParentNode,
): Generator<DefaultTreeAdapterTypes.Element, void, undefined> {
  for (const child of node.childNodes) {
    if ('tagName' in child) yield child;
    if ('childNodes' in child) yield* elementsOf(child);
  }
};

type XmlElement = NonNullable<ReturnType<DOMParser['parseFromString']>['documentElement']>;

const childrenOf = (element: XmlElement): XmlElement[] => [...element.children];

const numberOf = (element: XmlElement, name: string): number => Number(element.getAttribute(name) ?? NaN);

const TOTALS = { failures: 'failure', errors: 'error', skipped: 'skipped' } as const;

/** What the schemas in use agree on: nesting, order, required attributes, and counts that add up. */
const junitProblems = (xml: string): string[] => {
  const problems: string[] = [];
  const parser = new DOMParser({ onError: (_, message) => void problems.push(message) });
  const root = parser.parseFromString(xml, 'text/xml').documentElement;
  if (root?.tagName !== 'testsuites') return [...problems, 'the root is not testsuites'];
  const suites = childrenOf(root);
  const untrue = ['tests', ...Object.keys(TOTALS)].filter(
    (name) => numberOf(root, name) !== suites.reduce((sum, suite) => sum + numberOf(suite, name), 0),
  );
  return [...problems, ...untrue.map((name) => `total of ${name}`), ...suites.flatMap(suiteProblems)];
};

const suiteProblems = (suite: XmlElement): string[] => {
  const [properties, ...cases] = childrenOf(suite);
  const outcomes = cases.flatMap(childrenOf).map(({ tagName }) => tagName);
  const rules: Readonly<Record<string, boolean>> = {
    'is a testsuite': suite.tagName === 'testsuite',
    'has a name': suite.hasAttribute('name'),
    'has a timestamp': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(suite.getAttribute('timestamp') ?? ''),
    'starts with properties': properties?.tagName === 'properties',
    'has cases, and nothing else': cases.length > 0 && cases.every(({ tagName }) => tagName === 'testcase'),
    'counts its cases': numberOf(suite, 'tests') === cases.length,
    'names its cases': cases.every((each) => each.hasAttribute('name') && each.hasAttribute('classname')),
    'counts its outcomes': Object.entries(TOTALS).every(
      ([name, tag]) => numberOf(suite, name) === outcomes.filter((outcome) => outcome === tag).length,
    ),
  };
  return Object.keys(rules).filter((rule) => rules[rule] === false);
};
