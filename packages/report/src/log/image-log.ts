import { compareFindings, type Finding, type ImageReport, type PassContext } from '@scanner/core';

import { adviseOn } from '../failure-advice.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import {
  cleanHeading,
  containersInWords,
  coverageInWords,
  filterInWords,
  fixInWords,
  nameOf,
  packageInWords,
  reasonInWords,
  resultInWords,
  staleInWords,
  trivyInWords,
} from '../text/words.ts';

const REUSED = {
  none: 'analysed in this pass',
  analysis: 'layers known from before, matched again',
  result: 'unchanged since an earlier pass',
} as const;

/** Everything known of one image, as plain text: facts as `Name: value` lines, then a block for each finding, worst first. */
export const renderImageLog = (image: ImageReport, context: PassContext): string =>
  [...facts(image, context), '', ...findingBlocks(image, context)].join('\n') + '\n';

const facts = (image: ImageReport, context: PassContext): string[] => {
  const advice = image.reason && adviseOn(image.reason.code);
  const stale = staleInWords(context.trivy);
  return [
    `Image: ${nameOf(image)}`,
    ...image.references.map((reference) => `Reference: ${sanitizeForTerminal(reference)}`),
    `ID: ${image.id === null ? 'unknown' : sanitizeForTerminal(image.id)}`,
    `Source: ${image.source}`,
    `Containers: ${containersInWords(image) ?? 'not asked'}`,
    `Pass: started ${sanitizeForTerminal(context.started_at)}`,
    `Scanner: ${trivyInWords(context.trivy)}`,
    ...(stale === null ? [] : [`Warning: ${stale}`]),
    `Looked for: ${filterInWords(context.filter)}`,
    `Status: ${image.status}${image.status === 'complete' ? `, ${REUSED[image.reused]}` : ''}`,
    ...(image.status === 'complete' ? [`Coverage: ${coverageInWords(image) ?? 'full'}`] : []),
    ...(image.reason === null ? [] : [`Reason: ${reasonInWords(image.reason)}`]),
    ...(advice === null ? [] : [`To do: ${advice}`]),
    ...(image.status === 'complete' ? [`Findings: ${resultInWords(image, context.trivy)}`] : []),
  ];
};

const findingBlocks = (image: ImageReport, { trivy }: PassContext): string[] => {
  if (image.status !== 'complete') return ['Nothing is known of its vulnerabilities.'];
  if (image.findings.length > 0) return image.findings.toSorted(compareFindings).flatMap(findingBlock);
  if (image.coverage !== 'full') return ['Nothing found in what could be judged; that is not the same as clean.'];
  return [`${cleanHeading(trivy)}.`];
};

const findingBlock = (finding: Finding): string[] => [
  `${finding.severity}  ${sanitizeForTerminal(finding.vulnerability)}  ${packageInWords(finding)}`,
  `    installed: ${sanitizeForTerminal(finding.installed)}, fixed in: ${fixInWords(finding)}`,
  ...(finding.title === null ? [] : [`    ${sanitizeForTerminal(finding.title)}`]),
  ...(finding.url === null ? [] : [`    ${sanitizeForTerminal(finding.url)}`]),
];
