import type { ToolDocument, ToolSecurity, VulnerablePackage } from '@scanner/core';

import { layOutColumns } from '../table/columns.ts';
import { Style, type TableOptions } from '../table/style.ts';
import { sanitizeForTerminal } from '../text/inert-text.ts';
import { wrap } from '../text/width.ts';
import {
  countsInWords,
  coverageInWords,
  fixInWords,
  minute,
  packageInWords,
  plural,
  reasonInWords,
} from '../text/words.ts';
import { adviseOnTool, ruleInWords, shortNumber, statusInWords } from './catalogue-words.ts';

const TAGS_LISTED = 20;
const INDENT = 4;

/** Everything known of one tool: what it is, why its tag was chosen, what was found. Ends with a line break. */
export const renderTool = (document: ToolDocument, options: TableOptions): string => {
  const style = new Style(options);
  const sections = [
    aboutLines(document, style),
    scanLines(document, style),
    nextLines(document, style),
    failureLines(document, style),
    ...document.packages.map((each) => packageLines(each, style)),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
};

const aboutLines = ({ tool }: ToolDocument, style: Style): string[] => {
  const { status, vulnerabilities } = tool.security;
  const found = vulnerabilities === null ? '' : `: ${countsInWords(vulnerabilities)}`;
  const facts = [
    `pulls: ${shortNumber(tool.pull_count)}`,
    `stars: ${shortNumber(tool.star_count)}`,
    `last updated: ${timeOf(tool.last_updated)}`,
  ];
  return [
    style.bold(`${sanitizeForTerminal(tool.id)}  ${statusInWords(status, tool.security)}${found}`),
    ...indented(tool.description, style).map((line) => style.dim(line)),
    ...indented(facts.join(', '), style),
    ...indented(tagsInWords(tool.docker_tags, tool.tags_note, style), style),
  ];
};

const tagsInWords = (tags: readonly string[], note: string | null, { ellipsis }: Style): string => {
  if (note === 'no_linux_image') return 'tags: none of them carries a Linux image';
  if (tags.length === 0) return 'tags: none known';
  const more = tags.length - TAGS_LISTED;
  const listed = tags.slice(0, TAGS_LISTED).map(sanitizeForTerminal).join(', ');
  return `tags: ${listed}${more > 0 ? ` ${ellipsis} and ${more} more` : ''}`;
};

const scanLines = ({ tool: { security }, scan }: ToolDocument, style: Style): string[] => {
  if (security.trivy_scan_date === null && security.status === 'unknown') return ['Last scan: never'];
  const facts = [
    ...(scan === null ? [] : [`${sanitizeForTerminal(scan.image_ref)}: ${ruleInWords(scan.rule)}`]),
    ...(scan === null && security.scanned_tag !== null ? [`tag ${sanitizeForTerminal(security.scanned_tag)}`] : []),
    ...(security.scanned_digest === null ? [] : [sanitizeForTerminal(security.scanned_digest)]),
    ...(scan === null ? [] : [`${sanitizeForTerminal(scan.platform)}, from ${SOURCE[scan.source]}`]),
    `Trivy ${sanitizeForTerminal(security.trivy_version ?? 'of unknown version')}, database of ${timeOf(security.db_updated_at)}`,
  ];
  return [
    `Last scan: ${timeOf(security.trivy_scan_date)}`,
    ...facts.flatMap((fact) => indented(fact, style)),
    ...warnings(security, scan).flatMap((text) => indented(`! ${text}`, style).map((line) => style.warning(line))),
    ...(scan === null ? indented('its findings were not stored; the next scan stores them', style) : []),
  ];
};

const SOURCE = { remote: 'the registry', docker: 'the local engine' } as const;

const warnings = ({ coverage, db_stale: stale }: ToolSecurity, scan: ToolDocument['scan']): string[] => [
  ...(coverage === null ? ['nobody knows how much of it could be judged: the next scan finds out'] : []),
  ...[coverageInWords({ coverage, reason: scan?.reason ?? null })].filter((limit) => limit !== null),
  ...(stale === true ? ['the vulnerability database was too old: what was published since is missing'] : []),
];

const nextLines = ({ next }: ToolDocument, style: Style): string[] =>
  next.reason === null
    ? wrap(`Next scan: ${sanitizeForTerminal(next.image_ref ?? '-')}: ${ruleInWords(next.rule ?? '')}`, style.width)
    : wrap(`Next scan: none, ${reasonInWords(next.reason)}`, style.width).map((line) => style.warning(line));

const failureLines = ({ failure }: ToolDocument, style: Style): string[] => {
  if (failure === null) return [];
  const advice = adviseOnTool(failure.reason.code);
  const text = `Failed, and not tried again before ${minute(failure.until)}: ${reasonInWords(failure.reason)}`;
  return [
    ...wrap(text, style.width).map((line) => style.failure(line)),
    ...indented(advice && `${style.arrow} ${advice}`, style),
  ];
};

const packageLines = ({ findings, fixed, ...named }: VulnerablePackage, style: Style): string[] => {
  const mended = fixed.length === 0 ? 'no fix yet' : `fixed in ${fixed.map(sanitizeForTerminal).join(', ')}`;
  const [, ...rows] = layOutColumns(
    [
      {
        heading: '',
        cells: findings.map(({ severity }) => severity),
        least: 8,
        paint: (padded, row) => style.severity(findings[row]?.severity ?? 'UNKNOWN', padded),
      },
      { heading: '', cells: findings.map(({ vulnerability }) => sanitizeForTerminal(vulnerability)), least: 16 },
      { heading: '', cells: findings.map(fixInWords), least: 10 },
      { heading: '', cells: findings.map(({ title }) => sanitizeForTerminal(title ?? '')), least: 0 },
    ],
    style.width - INDENT,
    style.ellipsis,
  );
  return [
    ...wrap(
      `${packageInWords(named)} ${sanitizeForTerminal(named.installed)}, ${mended} (${plural(findings.length, 'finding')})`,
      style.width,
    ).map((line) => style.bold(line)),
    ...rows.map((line) => ' '.repeat(INDENT) + line),
  ];
};

const indented = (text: string | null, style: Style): string[] =>
  text === null || text === ''
    ? []
    : wrap(sanitizeForTerminal(text), style.width - INDENT).map((line) => ' '.repeat(INDENT) + line);

const timeOf = (time: string | null): string => (time === null ? 'an unknown time' : minute(time));
