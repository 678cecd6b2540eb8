import {
  compareFindings,
  type Finding,
  type ImageReport,
  type ScanDocument,
  type TrivyUsed,
  webAddress,
} from '@scanner/core';

import { explainFailure } from './failure-advice.ts';
import { sortImages } from './image-order.ts';
import { sanitizeForTerminal } from './text/inert-text.ts';
import {
  containersInWords,
  cleanHeading,
  coverageInWords,
  DEMONSTRATION,
  filterInWords,
  findingsInWords,
  fixInWords,
  nameOf,
  packageInWords,
  reasonInWords,
  resultInWords,
  staleInWords,
  totalsInWords,
  trivyInWords,
} from './text/words.ts';

/** The document as GitHub-flavoured Markdown, with every finding. Nothing from outside becomes markup, a link or a mention. */
export const renderMarkdown = (document: ScanDocument): string => {
  const { atRisk, clean, failed, skipped } = sortImages(document.images);
  const warnings = [document.demonstration === true ? DEMONSTRATION : null, staleInWords(document.trivy)];
  const blocks = [
    '# Vulnerabilities in container images',
    ...warnings.filter((text) => text !== null).map((text) => `> **${plain(text)}**`),
    [
      `- ${plain(totalsInWords(document.totals))}`,
      `- Findings: ${plain(findingsInWords(document))}`,
      `- Looked for: ${plain(filterInWords(document.filter))}`,
      `- ${plain(trivyInWords(document.trivy))}`,
    ].join('\n'),
    ...atRisk.flatMap((image) => imageBlocks(image, document.trivy)),
    ...listBlocks(cleanHeading(document.trivy), clean, () => null),
    ...listBlocks('Failed: nothing is known of these', failed, ({ reason }) => explainFailure(reason)),
    ...listBlocks('Skipped', skipped, (image) => reasonInWords(image.reason)),
  ];
  return `${blocks.join('\n\n')}\n`;
};

const imageBlocks = (image: ImageReport, trivy: TrivyUsed): string[] => {
  const facts = [
    image.references.length > 1 ? `also ${image.references.slice(1).map(code).join(', ')}` : null,
    ...[containersInWords(image), image.findings.length > 0 ? coverageInWords(image) : null].map(
      (text) => text && plain(text),
    ),
  ].filter((text) => text !== null);
  return [
    `## ${code(nameOf(image))}: ${plain(resultInWords(image, trivy))}`,
    ...(facts.length > 0 ? [facts.map((fact) => `- ${fact}`).join('\n')] : []),
    ...(image.findings.length > 0 ? [findingTable(image.findings)] : []),
  ];
};

const findingTable = (findings: readonly Finding[]): string =>
  [
    '| Severity | Package | Installed | Fixed in | Vulnerability | Title |',
    '| --- | --- | --- | --- | --- | --- |',
    ...findings.toSorted(compareFindings).map(findingRow),
  ].join('\n');

const findingRow = (finding: Finding): string => {
  const cells = [
    finding.severity,
    code(packageInWords(finding)),
    code(finding.installed),
    finding.fixed === null ? plain(fixInWords(finding)) : code(finding.fixed),
    linked(finding),
    plain(finding.title ?? ''),
  ];
  return `| ${cells.join(' | ')} |`;
};

const linked = ({ vulnerability, url }: Finding): string => {
  const address = webAddress(url);
  return address === null ? plain(vulnerability) : `[${plain(vulnerability)}](<${address}>)`;
};

const listBlocks = (
  heading: string,
  images: readonly ImageReport[],
  more: (image: ImageReport) => string | null,
): string[] => {
  if (images.length === 0) return [];
  const items = images.map((image) => {
    const text = more(image);
    return text === null ? `- ${code(nameOf(image))}` : `- ${code(nameOf(image))}: ${plain(text)}`;
  });
  return [`## ${heading}`, items.join('\n')];
};

/** Punctuation with a meaning in Markdown or HTML, and what GitHub makes links and mentions of. */
const plain = (text: string): string =>
  sanitizeForTerminal(text)
    .replaceAll(/[\\`*_[\]<>|~&#!$()+]/g, String.raw`\$&`)
    .replaceAll('://', String.raw`\://`)
    .replaceAll(/www\./gi, (match) => `${match.slice(0, 3)}\\.`)
    .replaceAll('@', '<span>@</span>');

/** A code span whose fence is longer than any run of backticks in it. */
const code = (text: string): string => {
  const inert = sanitizeForTerminal(text).trim();
  if (inert === '') return '–';
  const longest = Math.max(0, ...(inert.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const spaced = inert.includes('`') ? ` ${inert} ` : inert;
  return `${fence}${spaced.replaceAll('|', String.raw`\|`)}${fence}`;
};
