import { readFileSync } from 'node:fs';

import { Ajv, type AnySchemaObject } from 'ajv';
import addFormats from 'ajv-formats';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { AcceptedNow, ImageReport } from '@scanner/core';
import { aFinding, aHostScan, anImageReport } from '@scanner/core/testing';

import { countSarifRuns, renderSarif, type SarifOptions, sarifRuns } from './sarif.ts';
import type { SarifRun } from './sarif-run.ts';

const SCHEMA = new URL('../../../cli/e2e/fixtures/schemas/sarif-2.1.0.schema.json', import.meta.url);

/** The schema is written in draft 4, of which it uses nothing that means something else in draft 7. */
const schema = (): AnySchemaObject => {
  const { $schema: _draft, id: _id, ...rest }: AnySchemaObject = JSON.parse(readFileSync(SCHEMA, 'utf8'));
  return rest;
};
const ajv = new Ajv({ strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const isSarif = ajv.compile(schema());

const textOf = (images: readonly ImageReport[], options?: SarifOptions, given = {}): string =>
  [...renderSarif(sarifRuns(aHostScan(images, given), options))].join('');

interface Log {
  readonly runs: readonly SarifRun[];
}

const logOf = (...given: Parameters<typeof textOf>): Log => {
  const log: Log = JSON.parse(textOf(...given));
  expect(isSarif(log), ajv.errorsText(isSarif.errors)).toBe(true);
  return log;
};

const openssl = aFinding({ vulnerability: 'CVE-1', package: 'openssl', installed: '3.0.1', severity: 'CRITICAL' });
const lodash = aFinding({
  vulnerability: 'GHSA-2',
  package: 'lodash',
  path: 'app/node modules/lodash/package.json',
  installed: '4.17.1',
  fixed: null,
  severity: 'LOW',
});
const web = anImageReport({ references: ['registry.example/shop/web:1'], findings: [lodash, openssl] });

test('has a run for each image, with a rule for each vulnerability and a result for each finding, worst first', () => {
  const { runs } = logOf([web, anImageReport({ references: ['db:1'], findings: [] })]);

  expect(runs.map(({ automationDetails }) => automationDetails.id)).toEqual([
    'gts/registry.example/shop/web:1/',
    'gts/db:1/',
  ]);
  expect(runs[0]?.tool.driver.rules).toMatchObject([
    {
      id: 'CVE-1',
      name: 'OsPackageVulnerability',
      defaultConfiguration: { level: 'error' },
      helpUri: 'https://avd.aquasec.com/nvd/cve-2026-1000',
      properties: { 'security-severity': '9.5', tags: ['vulnerability', 'security', 'CRITICAL'] },
    },
    {
      id: 'GHSA-2',
      name: 'LanguageSpecificPackageVulnerability',
      defaultConfiguration: { level: 'note' },
      properties: { 'security-severity': '2.0' },
    },
  ]);
  expect(runs[0]?.results).toMatchObject([
    {
      ruleId: 'CVE-1',
      ruleIndex: 0,
      level: 'error',
      message: { text: expect.stringContaining('Installed version: 3.0.1') },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'registry.example/shop/web' } } }],
    },
    {
      ruleId: 'GHSA-2',
      ruleIndex: 1,
      level: 'note',
      message: { text: expect.stringContaining('Fixed in: no fix yet') },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'app/node%20modules/lodash/package.json' } } }],
    },
  ]);
  expect(runs[1]?.results).toEqual([]);
});

test('a rule has the worst severity of its findings', () => {
  const findings = [aFinding({ package: 'a', severity: 'LOW' }), aFinding({ package: 'b', severity: 'HIGH' })];
  const [run] = logOf([anImageReport({ findings })]).runs;

  expect(run?.tool.driver.rules.map(({ properties }) => properties['security-severity'])).toEqual(['8.0']);
  expect(run?.results.map(({ level, ruleIndex }) => [level, ruleIndex])).toEqual([
    ['error', 0],
    ['note', 0],
  ]);
});

const fingerprintsOf = (image: ImageReport): unknown[] =>
  (logOf([image]).runs[0]?.results ?? []).map(({ partialFingerprints }) => partialFingerprints);

test('a finding keeps its fingerprint from tag to tag and version to version, and two never share one', () => {
  const next = anImageReport({
    references: ['registry.example/shop/web:2'],
    findings: [lodash, { ...openssl, installed: '3.0.2' }],
  });
  const twice = anImageReport({ findings: [openssl, { ...openssl, installed: '1.0' }] });

  expect(fingerprintsOf(next)).toEqual(fingerprintsOf(web));
  expect(fingerprintsOf(web)[0]).toEqual({ primaryLocationLineHash: expect.stringMatching(/^[0-9a-f]{32}:1$/) });
  expect(new Set([...fingerprintsOf(twice), ...fingerprintsOf(web)].map((each) => JSON.stringify(each))).size).toBe(4);
});

test('what is accepted is a suppressed result with its justification', () => {
  const terms = {
    severity: null,
    since: null,
    expires: '2027-01-01',
    reason: 'not reached',
    owner: 'shop',
    untilFix: true,
  };
  const accepted: AcceptedNow[] = [{ finding: openssl, terms }];
  const image = anImageReport({ findings: [lodash, { ...aFinding({ severity: 'HIGH' }), accepted: true }] });
  const [run] = logOf([image], { acceptedOf: () => accepted }).runs;

  expect(
    run?.results.map(({ ruleId, suppressions }) => [ruleId, suppressions?.map((each) => each.justification)]),
  ).toEqual([
    ['CVE-1', ['not reached; owner: shop; until 2027-01-01; until there is a fix']],
    ['CVE-2026-1000', ['accepted in the baseline']],
    ['GHSA-2', undefined],
  ]);
});

test.each([
  [{ coverage: 'unsupported' as const }, false, false, 'not supported'],
  [
    { coverage: 'partial' as const, reason: { code: 'java_db_missing' as const, message: 'no jars' } },
    false,
    false,
    'no jars',
  ],
  [{ coverage: 'eol' as const }, false, true, 'end of life'],
  [{}, true, true, 'too old'],
])('warns in the run where no results would not mean clean: %#', (image, stale, executionSuccessful, warning) => {
  const { trivy } = aHostScan();
  const [run] = logOf([anImageReport(image)], {}, { trivy: { ...trivy, db_stale: stale } }).runs;

  expect(run?.invocations).toEqual([
    {
      executionSuccessful,
      toolExecutionNotifications: [{ level: 'warning', message: { text: expect.stringContaining(warning) } }],
    },
  ]);
});

test('names what failed in a run of its own, and what was skipped nowhere', () => {
  const failed = anImageReport({
    references: ['db:1'],
    status: 'failed',
    coverage: null,
    reason: { code: 'corrupt', message: 'a bad layer' },
  });
  const skipped = anImageReport({ status: 'skipped', coverage: null, reason: { code: 'ignored', message: 'listed' } });
  const images = [failed, web, skipped];

  expect(countSarifRuns(aHostScan(images))).toBe(2);
  expect(logOf(images).runs).toMatchObject([
    { automationDetails: { id: 'gts/registry.example/shop/web:1/' } },
    {
      automationDetails: { id: 'gts/not-scanned/' },
      results: [],
      invocations: [
        {
          executionSuccessful: false,
          toolExecutionNotifications: [
            { level: 'error', message: { text: 'db:1 was not scanned: corrupt: a bad layer' } },
          ],
        },
      ],
    },
  ]);
});

test('is a log without runs when there are no images', () => {
  expect(logOf([]).runs).toEqual([]);
  expect(countSarifRuns(aHostScan())).toBe(0);
});

const PATHS = [
  '/etc/../../../etc/passwd',
  '../..',
  '%0d%0aX: y',
  '100%/%zz',
  'a\nFATAL: forged',
  '\u001B]52;c;cm0gLXJmIC8=\u0007/x.jar',
  '\u202Egpj.exe',
  '\uD800',
  'C:\\x',
  'javascript:alert(1)',
  '//evil.example/x',
  'a?b#c',
  "it's (1)!*",
  '\0',
  '',
];

const URI_PART = /^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})+$/;

test.each(PATHS)('the path %j is a relative URI that leads nowhere else', (path) => {
  const [run] = logOf([anImageReport({ findings: [aFinding({ path })] })]).runs;
  const parts = run?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri.split('/') ?? [''];

  for (const part of parts) expect(part).toMatch(URI_PART);
  expect(parts).not.toContain('..');
});

/** Every line of every text of a JSON document. */
const textsIn = (json: string): string[] => {
  const texts: string[] = [];
  JSON.parse(json, (_, value: unknown) => {
    if (typeof value === 'string') texts.push(...value.split('\n'));
    return value;
  });
  return texts;
};

test('whatever stands in any field, the log is valid and shows a terminal nothing but text', () => {
  const text = fc.oneof(fc.constantFrom(...PATHS), fc.string({ unit: 'binary', maxLength: 40 }));
  const maybe = fc.option(text);
  const finding = fc
    .record({
      vulnerability: text,
      package: text,
      path: maybe,
      installed: text,
      fixed: maybe,
      title: maybe,
      url: maybe,
    })
    .map(aFinding);
  const image = fc
    .record({ id: maybe, references: fc.array(text, { maxLength: 2 }), findings: fc.array(finding, { maxLength: 3 }) })
    .map(anImageReport);
  fc.assert(
    fc.property(fc.array(image, { maxLength: 3 }), (images) => {
      logOf(images);
      for (const said of textsIn(textOf(images))) expect(said).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});
