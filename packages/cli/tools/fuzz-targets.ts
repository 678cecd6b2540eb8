import {
  baselineRevision,
  compareWithKnown,
  familiarReference,
  formatReference,
  type ImageReport,
  knownOfBaseline,
  leaveOutAccepted,
  matchImage,
  parseIgnoreList,
  parseImagePattern,
  parseReference,
  readBaseline,
  readRules,
  repositoryOf,
  ScannerError,
  writeBaseline,
  writeRules,
} from '@scanner/core';
import { parseDotEnv, resolveSettings } from '@scanner/core/config';
import { fuzzTarget, type FuzzTarget, mutatedJson, mutatedText } from '@scanner/testing/fuzz';

import { readPlainIgnores, readStructuredIgnores } from '../src/ignored-findings.ts';

const AT = '2026-11-22T01:02:03.456Z';
const KEY = 'CVE-2026-1000|pkg:deb/debian/openssl|';

const BASELINE = {
  schema: 'gts.baseline/1',
  reference: 'registry.example/shop/web:1',
  image_id: `sha256:${'a'.repeat(64)}`,
  saved_at: AT,
  whole: true,
  coverage: 'full',
  filter: { severities: ['HIGH', 'CRITICAL'], extra_args: [] },
  findings: [
    { key: KEY, package: 'openssl', severity: 'HIGH', fixed: null, since: AT, expires: '2027-01-31', reason: 'so' },
    { key: 'CVE-2026-1001|*|', ticket: { id: 7 }, until_fix: true, owner: 'ops' },
  ],
};
const SEED_BODIES = [['CVE-2026-1000', 'GHSA-aaaa-bbbb-cccc'], { vulnerabilities: ['CVE-2026-1000'], note: 'x' }];
const RULES = {
  schema: 'gts.rules/1',
  rules: [
    {
      vulnerability: 'CVE-2026-1000',
      image: 'registry.example/shop/web:1',
      package: 'openssl',
      paths: ['app/**/*.jar', '?/b'],
      purls: ['pkg:deb/debian/openssl@3.*'],
      severity: 'HIGH',
      since: AT,
      expires: '2027-01-31',
      reason: 'so',
    },
  ],
};
const DOT_ENV = [
  '# mail\nexport SMTP_HOST=mail.example.org\nSMTP_PASS="two\\nlines"\r\nTRIVY_SEVERITY=\'HIGH,CRITICAL\'\n',
  "SCAN_IMAGES=a,b:1 # comment\nTRIVY_EXTRA_ARGS=--skip-dirs '/var/lib/my app'\nHTTP_HOSTS=a.example,b\nSCAN_INTERVAL_SECONDS=60\n",
];
const IGNORE_LISTS = ['# built here\nacme/*\nnginx:1.27\n\nsha256:0123456789abcdef\n*/cache:* # all\n'];
const IGNORE_FILES = ['# why\nCVE-2026-1000 exp:2027-01-31\nAVD-DS-0002\nGHSA-aaaa-bbbb-cccc\n'];
const YAML_FILES = [
  'vulnerabilities:\n  - id: CVE-2026-1000\n    paths:\n      - "app/**"\n    purls: [pkg:deb/debian/openssl]\n    expired_at: 2027-01-31\n    statement: so\nmisconfigurations:\n  - id: AVD-DS-0001\n',
  '{vulnerabilities: [{id: CVE-2026-1000, statement: &a x}, {id: *a}]}',
];
const REFERENCES = [
  'registry.example:5000/shop/web:1.4.2',
  `ghcr.io/acme/app:1@sha256:${'ab'.repeat(32)}`,
  'nginx',
  '[::1]:5000/a/b_c.d-e',
  'docker.io/library/nginx:latest',
];

const isUsage = (error: unknown): boolean => ScannerError.is(error) && error.code === 'usage';

const FINDING = {
  key: KEY,
  vulnerability: 'CVE-2026-1000',
  package: 'openssl',
  path: `app/${'lib/'.repeat(30)}a.jar`,
  installed: '3.0.1-1',
  fixed: null,
  severity: 'HIGH',
  status: null,
  title: null,
  url: null,
} as const;
const REPORT: ImageReport = {
  id: `sha256:${'a'.repeat(64)}`,
  references: ['registry.example/shop/web:1'],
  source: 'docker',
  containers: null,
  status: 'complete',
  reason: null,
  coverage: 'full',
  reused: 'none',
  counts: { critical: 0, high: 1, medium: 0, low: 0, unknown: 0 },
  findings: [FINDING],
  baselines: [],
  log: null,
};

/** What was read can be used and written, and is then read as the same. */
const throughBaseline = (text: string): unknown => {
  const reading = readBaseline(text);
  if (reading.status === 'unreadable') return onOneLine(reading.problem);
  const { baseline } = reading;
  const known = knownOfBaseline(baseline);
  const again = readBaseline(writeBaseline(baseline));
  if (again.status === 'unreadable' && baseline.reference !== null) throw new Error(`written, it ${again.problem}`);
  const circumstances = {
    imageId: 'i',
    content: 'c',
    databaseGeneration: 'g',
    trivyVersion: 't',
    filter: { severities: [], extra_args: [] },
  };
  const scanned = {
    outcome: { status: 'complete', coverage: 'full', findings: [] },
    circumstances,
    databaseStale: false,
    at: AT,
  } as const;
  return [
    baseline,
    baselineRevision(baseline),
    compareWithKnown(known, scanned),
    leaveOutAccepted(REPORT, baseline, AT),
  ];
};

const throughRules = (text: string): unknown => {
  const reading = readRules(text);
  if (reading.status === 'unreadable') return onOneLine(reading.problem);
  const again = readRules(writeRules(reading.rules));
  if (again.status === 'unreadable') throw new Error(`written, it ${again.problem}`);
  return [reading.rules, leaveOutAccepted(REPORT, null, AT, { rules: reading.rules.rules })];
};

const onOneLine = (problem: string): string => {
  if (/[\r\n]/.test(problem)) throw new Error(`a problem of several lines: ${JSON.stringify(problem)}`);
  return problem;
};

const BASE = { layout: 'directory', cores: 2, memoryBytes: 4 * 1024 ** 3, cacheHome: '/cache' } as const;
const NOTHING = (): null => null;

const throughSettings = (text: string): unknown => {
  const variables = parseDotEnv(text);
  if (Object.getPrototypeOf(variables) !== Object.prototype && Object.getPrototypeOf(variables) !== null)
    throw new Error('a prototype that is not its own');
  const resolution = resolveSettings({
    flags: {},
    env: {},
    readFile: NOTHING,
    secretsDirectory: NOTHING,
    dotEnv: text,
    base: BASE,
  });
  return [
    variables,
    resolution.warnings.map(onOneLine),
    resolution.ok ? Object.values(resolution.settings) : resolution.problems,
  ];
};

const IMAGES = [
  { id: `sha256:${'0123456789abcdef'.repeat(4)}`, references: [...REFERENCES, 'my_registry.example/app', 'odd name'] },
];

const throughIgnoreList = (text: string): unknown => {
  const { patterns, problems } = parseIgnoreList(text);
  return [
    problems.map(({ problem }) => onOneLine(problem)),
    patterns.flatMap((pattern) => IMAGES.map((image) => matchImage(pattern, image))),
  ];
};

/** What is one is written as it was, and means the same in its short form. */
const throughReference = (text: string): unknown => {
  const pattern = parseImagePattern(text);
  const parsed = parseReference(text);
  if (!parsed.ok) return [onOneLine(parsed.problem), pattern];
  const { reference } = parsed;
  if (formatReference(reference) !== text) throw new Error('it is written in another way than it was');
  const short = parseReference(familiarReference(reference));
  if (!short.ok || repositoryOf(short.reference) !== repositoryOf(reference))
    throw new Error('its short form means another');
  return [reference, pattern];
};

/** What people write for us, and what lies in the files of a host. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'a baseline',
    inputs: mutatedJson([BASELINE, ...SEED_BODIES]),
    read: throughBaseline,
    ofText: (text) => text,
  }),
  fuzzTarget({ name: 'rules.json', inputs: mutatedJson([RULES]), read: throughRules, ofText: (text) => text }),
  fuzzTarget({ name: '.env', inputs: mutatedText(DOT_ENV), read: throughSettings, ofText: (text) => text }),
  fuzzTarget({
    name: 'an ignore list',
    inputs: mutatedText(IGNORE_LISTS),
    read: throughIgnoreList,
    ofText: (text) => text,
  }),
  fuzzTarget({
    name: 'a reference or pattern',
    inputs: mutatedText(REFERENCES),
    read: throughReference,
    ofText: (text) => text,
  }),
  fuzzTarget({
    name: '.trivyignore',
    inputs: mutatedText(IGNORE_FILES),
    read: (text) => readPlainIgnores(text, AT),
    mayThrow: isUsage,
    ofText: (text) => text,
  }),
  fuzzTarget({
    name: '.trivyignore.yaml',
    inputs: mutatedText(YAML_FILES),
    read: (text) => readStructuredIgnores(text, AT),
    mayThrow: isUsage,
    ofText: (text) => text,
  }),
];
