import { createHash } from 'node:crypto';

import {
  type AcceptanceTerms,
  type AcceptedNow,
  compareFindings,
  compareSeverity,
  type Finding,
  type ImageReport,
  parseReference,
  repositoryOf,
  type Severity,
  type TrivyUsed,
} from '@scanner/core';

import { sanitizeForTerminal } from '../text/inert-text.ts';
import { coverageInWords, fixInWords, nameOf, packageInWords, reasonInWords, staleInWords } from '../text/words.ts';
import { imageUri, pathUri, webAddress } from './uri.ts';

/** One run of a SARIF 2.1.0 log. */
export interface SarifRun {
  readonly tool: { readonly driver: Driver };
  readonly results: readonly Result[];
  readonly invocations?: readonly Invocation[];
  readonly automationDetails: { readonly id: string };
  readonly columnKind: 'utf16CodeUnits';
  readonly originalUriBaseIds: Readonly<Record<string, { readonly uri: string }>>;
  readonly properties?: { readonly imageName: string; readonly imageID: string | null; readonly references: string[] };
}

interface Driver {
  readonly name: string;
  readonly fullName: string;
  readonly informationUri: string;
  readonly version: string;
  readonly rules: readonly Rule[];
}

interface Rule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly defaultConfiguration: { readonly level: Level };
  readonly helpUri?: string;
  readonly help: { readonly text: string; readonly markdown: string };
  readonly properties: { readonly precision: string; readonly 'security-severity': string; readonly tags: string[] };
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: Level;
  readonly message: { readonly text: string };
  readonly locations: readonly Location[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly Suppression[];
}

interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
    readonly region: Readonly<Record<'startLine' | 'startColumn' | 'endLine' | 'endColumn', number>>;
  };
  readonly message: { readonly text: string };
}

interface Suppression {
  readonly kind: 'external';
  readonly status: 'accepted';
  readonly justification: string;
}

interface Invocation {
  readonly executionSuccessful: boolean;
  readonly toolExecutionNotifications: readonly {
    readonly level: Level;
    readonly message: { readonly text: string };
  }[];
}

type Level = 'error' | 'warning' | 'note';

/** A finding as it becomes a result. */
interface Reported {
  readonly finding: Finding;
  /** Why it is accepted; null where it is not. */
  readonly justification: string | null;
}

const ROOT = 'ROOTPATH';
const LEVELS = {
  CRITICAL: 'error',
  HIGH: 'error',
  MEDIUM: 'warning',
  LOW: 'note',
  UNKNOWN: 'note',
} as const satisfies Record<Severity, Level>;
/** What code scanning shows as the severity: within the bounds that GitHub draws for each word. */
const SCORES = {
  CRITICAL: '9.5',
  HIGH: '8.0',
  MEDIUM: '5.5',
  LOW: '2.0',
  UNKNOWN: '0.0',
} as const satisfies Record<Severity, string>;

/**
 * The run of one image. Its category (`automationDetails.id`) is the name of the image, since code scanning keeps apart
 * what is of different categories. A run that could not judge everything is not successful, and says so.
 */
export const runOfImage = (image: ImageReport, trivy: TrivyUsed, accepted: readonly AcceptedNow[]): SarifRun => {
  const reported = reportedFindings(image, accepted);
  const rules = rulesOf(reported);
  return {
    tool: { driver: driver(trivy, [...rules.values()].map(ruleOf)) },
    ...warnings(image, trivy),
    results: resultsOf(image, reported, [...rules.keys()]),
    automationDetails: { id: `gts/${nameOf(image)}/` },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [ROOT]: { uri: 'file:///' } },
    properties: {
      imageName: nameOf(image),
      imageID: image.id === null ? null : sanitizeForTerminal(image.id),
      references: image.references.map(sanitizeForTerminal),
    },
  };
};

/** One run that names the images that failed. */
export const runOfFailedImages = (failed: readonly ImageReport[], trivy: TrivyUsed): SarifRun => ({
  tool: { driver: driver(trivy, []) },
  invocations: [
    {
      executionSuccessful: false,
      toolExecutionNotifications: failed.map((image) =>
        notification(
          'error',
          `${nameOf(image)} was not scanned: ${reasonInWords(image.reason) ?? 'no reason is known'}`,
        ),
      ),
    },
  ],
  results: [],
  automationDetails: { id: 'gts/not-scanned/' },
  columnKind: 'utf16CodeUnits',
  originalUriBaseIds: { [ROOT]: { uri: 'file:///' } },
});

const driver = ({ version }: TrivyUsed, rules: readonly Rule[]): Driver => ({
  name: 'Trivy',
  fullName: 'Trivy Vulnerability Scanner',
  informationUri: 'https://github.com/aquasecurity/trivy',
  version: sanitizeForTerminal(version),
  rules,
});

const notification = (level: Level, text: string): Invocation['toolExecutionNotifications'][number] => ({
  level,
  message: { text },
});

const warnings = (image: ImageReport, trivy: TrivyUsed): Pick<SarifRun, 'invocations'> => {
  const texts = [coverageInWords(image), staleInWords(trivy)].filter((text) => text !== null);
  if (texts.length === 0) return {};
  return {
    invocations: [
      {
        executionSuccessful: image.coverage !== 'unsupported' && image.coverage !== 'partial',
        toolExecutionNotifications: texts.map((text) => notification('warning', `${nameOf(image)}: ${text}`)),
      },
    ],
  };
};

const reportedFindings = (image: ImageReport, accepted: readonly AcceptedNow[]): Reported[] =>
  [
    ...image.findings.map((finding) => ({
      finding,
      justification: finding.accepted === true ? 'accepted in the baseline' : null,
    })),
    ...accepted.map(({ finding, terms }) => ({ finding, justification: justificationOf(terms) })),
  ].toSorted((a, b) => compareFindings(a.finding, b.finding));

const justificationOf = ({ reason, owner, expires, untilFix }: AcceptanceTerms): string =>
  [
    reason ?? 'accepted in the baseline',
    ...(owner === null ? [] : [`owner: ${owner}`]),
    ...(expires === null ? [] : [`until ${expires}`]),
    ...(untilFix ? ['until there is a fix'] : []),
  ]
    .map(sanitizeForTerminal)
    .join('; ');

/** The worst finding of each vulnerability, by the vulnerability's name. */
const rulesOf = (reported: readonly Reported[]): Map<string, Finding> => {
  const rules = new Map<string, Finding>();
  for (const { finding } of reported) {
    const id = sanitizeForTerminal(finding.vulnerability);
    const before = rules.get(id);
    if (before === undefined || compareSeverity(finding.severity, before.severity) > 0) rules.set(id, finding);
  }
  return rules;
};

const ruleOf = (finding: Finding): Rule => {
  const id = sanitizeForTerminal(finding.vulnerability);
  const title = sanitizeForTerminal(finding.title ?? finding.vulnerability) || id;
  const address = webAddress(finding.url);
  const text = `${id}: ${title}`;
  return {
    id,
    name: finding.path === null ? 'OsPackageVulnerability' : 'LanguageSpecificPackageVulnerability',
    shortDescription: { text: title },
    defaultConfiguration: { level: LEVELS[finding.severity] },
    ...(address !== null && { helpUri: address }),
    help: {
      text: address === null ? text : `${text}\n${address}`,
      markdown: address === null ? asMarkdown(text) : `${asMarkdown(text)}\n\n<${address}>`,
    },
    properties: {
      precision: 'very-high',
      'security-severity': SCORES[finding.severity],
      tags: ['vulnerability', 'security', finding.severity],
    },
  };
};

/** Every character that means something in Markdown or HTML, written so that it does not. */
const asMarkdown = (text: string): string => text.replaceAll(/[!-/:-@[-`{-~]/g, '\\$&');

const resultsOf = (image: ImageReport, reported: readonly Reported[], ruleIds: readonly string[]): Result[] => {
  const places = new Map(ruleIds.map((id, index) => [id, index]));
  const fingerprint = fingerprints(image);
  return reported.map(({ finding, justification }) => {
    const ruleId = sanitizeForTerminal(finding.vulnerability);
    return {
      ruleId,
      ruleIndex: places.get(ruleId) ?? -1,
      level: LEVELS[finding.severity],
      message: { text: messageOf(finding) },
      locations: [locationOf(finding, image)],
      partialFingerprints: { primaryLocationLineHash: fingerprint(finding) },
      ...(justification !== null && {
        suppressions: [{ kind: 'external', status: 'accepted', justification } as const],
      }),
    };
  });
};

const messageOf = (finding: Finding): string =>
  [
    `Package: ${packageInWords(finding)}`,
    `Installed version: ${sanitizeForTerminal(finding.installed)}`,
    `Vulnerability: ${sanitizeForTerminal(finding.vulnerability)}`,
    `Severity: ${finding.severity}`,
    `Fixed in: ${fixInWords(finding)}`,
  ].join('\n');

/** A package of the system stands in the image, one of a language in its file. */
const locationOf = (finding: Finding, image: ImageReport): Location => ({
  physicalLocation: {
    artifactLocation: {
      uri: finding.path === null || finding.path === '' ? imageUri(repositoryName(image)) : pathUri(finding.path),
      uriBaseId: ROOT,
    },
    region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
  },
  message: { text: `${nameOf(image)}: ${packageInWords(finding)}` },
});

/**
 * What makes two results the same across runs: the repository of the image and the finding's key, which know neither tag
 * nor version. GitHub looks at this one name, and wants a number behind the hash that counts equal ones.
 */
const fingerprints = (image: ImageReport): ((finding: Finding) => string) => {
  const seen = new Map<string, number>();
  return ({ key }) => {
    const hash = createHash('sha256')
      .update(`${repositoryName(image)}\n${key}`)
      .digest('hex')
      .slice(0, 32);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return `${hash}:${count}`;
  };
};

/** The image without its tag; archives and images without a name by what they have. */
const repositoryName = ({ references, id, source }: ImageReport): string => {
  const [reference] = references;
  const parsed = reference === undefined || source === 'archive' ? null : parseReference(reference);
  return parsed?.ok === true ? repositoryOf(parsed.reference) : (reference ?? id ?? 'image');
};
