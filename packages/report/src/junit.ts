import { compareFindings, type Finding, type ImageReport, type ScanDocument } from '@scanner/core';

import { sortImages } from './image-order.ts';
import { sanitizeForTerminal } from './text/inert-text.ts';
import {
  coverageInWords,
  DEMONSTRATION,
  fixInWords,
  nameOf,
  packageInWords,
  reasonInWords,
  staleInWords,
} from './text/words.ts';

interface Case {
  readonly name: string;
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  readonly message?: string;
  readonly type?: string;
  readonly detail?: string;
}

/**
 * The document as JUnit XML: a suite for each image, in it a failed case for each finding, or one that passed where
 * there is none. An image that failed is an error; one that was skipped, not fully judged, or judged by a database that is
 * too old, has a skipped case.
 */
export const renderJunit = (document: ScanDocument): string => {
  const { atRisk, clean, failed, skipped } = sortImages(document.images);
  const suites = [...atRisk, ...clean, ...failed, ...skipped].map((image) => ({
    image,
    cases: casesOf(image, document),
  }));
  const cases = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="gts" ${totals(cases)}>`,
    ...suites.flatMap((suite) => suiteLines(suite.image, suite.cases, document)),
    '</testsuites>',
    '',
  ].join('\n');
};

const casesOf = (image: ImageReport, { trivy }: ScanDocument): Case[] => {
  if (image.status === 'failed') {
    return [{ name: 'scan', outcome: 'error', type: image.reason?.code ?? 'unknown', message: why(image) }];
  }
  if (image.status === 'skipped') return [{ name: 'scan', outcome: 'skipped', message: why(image) }];
  const coverage = coverageInWords(image);
  const stale = staleInWords(trivy);
  const notJudged: Case[] = [
    ...(coverage === null ? [] : [{ name: 'coverage', outcome: 'skipped', message: coverage } as const]),
    ...(stale === null ? [] : [{ name: 'database', outcome: 'skipped', message: stale } as const]),
  ];
  const findings = image.findings.toSorted(compareFindings).map(findingCase);
  return notJudged.length + findings.length === 0
    ? [{ name: 'no findings', outcome: 'passed' }]
    : [...notJudged, ...findings];
};

const why = (image: ImageReport): string => reasonInWords(image.reason) ?? 'no reason is known';

const findingCase = (finding: Finding): Case => ({
  name: `${finding.vulnerability} ${packageInWords(finding)}`,
  outcome: 'failure',
  type: finding.severity,
  message: `${finding.severity} ${finding.vulnerability} in ${packageInWords(finding)} ${finding.installed}`,
  detail: [finding.title, `fixed in: ${fixInWords(finding)}`, finding.url]
    .filter((text) => text !== null)
    .map(sanitizeForTerminal)
    .join('\n'),
});

const suiteLines = (image: ImageReport, cases: readonly Case[], document: ScanDocument): string[] => {
  const timestamp = document.started_at.slice(0, 19);
  return [
    `  <testsuite name="${attribute(nameOf(image))}" timestamp="${attribute(timestamp)}" ${totals(cases)}>`,
    '    <properties>',
    ...properties(image, document).map(
      ([name, value]) => `      <property name="${name}" value="${attribute(value)}"/>`,
    ),
    '    </properties>',
    ...cases.flatMap((each) => caseLines(each, image)),
    '  </testsuite>',
  ];
};

const properties = (image: ImageReport, document: ScanDocument): [string, string][] => {
  const notes: [string, string | null][] = [
    ['id', image.id],
    ['references', image.references.join(' ')],
    ['coverage', image.coverage],
    ['trivy', document.trivy.version],
    ['database', document.trivy.db_updated_at],
    ['warning', staleInWords(document.trivy)],
    ['demonstration', document.demonstration === true ? DEMONSTRATION : null],
  ];
  return notes.filter((note): note is [string, string] => note[1] !== null);
};

const caseLines = ({ name, outcome, message, type, detail }: Case, image: ImageReport): string[] => {
  const opened = `    <testcase classname="${attribute(nameOf(image))}" name="${attribute(name)}" time="0"`;
  if (outcome === 'passed') return [`${opened}/>`];
  const facts = [
    ...(message === undefined ? [] : [` message="${attribute(message)}"`]),
    ...(type === undefined ? [] : [` type="${attribute(type)}"`]),
  ].join('');
  const inner = detail === undefined ? `<${outcome}${facts}/>` : `<${outcome}${facts}>${text(detail)}</${outcome}>`;
  return [`${opened}>`, `      ${inner}`, '    </testcase>'];
};

const totals = (cases: readonly Case[]): string => {
  const count = (outcome: Case['outcome']): number => cases.filter((each) => each.outcome === outcome).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0"`;
};

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const text = (value: string): string => value.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

const attribute = (value: string): string => text(sanitizeForTerminal(value));
