import { collected, withSettings } from '@scanner/app';
import { isTagName, TAG_POLICIES, type TagPolicy, TOOL_ORDERS, type ToolOrder, type ToolStatus } from '@scanner/core';
import { parseDuration, type SettingName } from '@scanner/core/config';
import { type Command, InvalidArgumentError, Option } from 'commander';

import { platform } from './scan-options.ts';

/** What commander makes of the options of `gts scrape`. */
export interface ScrapeFlags {
  readonly namespaces: string;
  readonly maxTags: number;
  readonly refresh?: boolean;
}

/** How tags are chosen. */
export interface TagFlags {
  readonly tag: string;
  readonly tagPolicy: TagPolicy;
}

/** What commander makes of the options of `gts scan`. */
export interface ScanFlags extends TagFlags {
  readonly limit?: number;
  readonly next?: number;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  /** Seconds. */
  readonly maxAge: number;
  readonly namespace?: readonly string[];
  readonly platform: string;
  /** Seconds. */
  readonly maxWait: number;
}

/** What commander makes of the options of `gts top`. */
export interface TopFlags {
  readonly limit: number;
  readonly sort: ToolOrder;
  readonly status?: readonly ToolStatus[];
}

const SCAN_SETTINGS = [
  'GTS_DATA_DIR',
  'REGISTRY_MIRRORS',
  'SCAN_CONCURRENCY',
  'SCAN_TIMEOUT_SECONDS',
  'TRIVY_SKIP_DB_UPDATE',
  'DOCKER_HOST',
] as const satisfies readonly SettingName[];

/** Each asks its registry for one image; more at once wins little and meets a registry's limits sooner. */
export const TOOLS_AT_ONCE = 3;

const STATUSES = ['unknown', 'ok', 'vulnerable'] as const satisfies readonly ToolStatus[];

/** More than Docker Hub gives on one page is not asked for. */
const MOST_TAGS = 1000;
const MOST_TOOLS = 1_000_000;

/** The options of each command about the catalogue. */
export const catalogueOptions = {
  scrape: (command: Command): Command =>
    withSettings(command, ['GTS_DATA_DIR'])
      .addOption(
        new Option('--source <source>', 'where repositories are listed').choices(['docker_hub']).default('docker_hub'),
      )
      .addOption(
        new Option(
          '--namespaces <list>',
          'comma-separated namespaces, or "popular" for those of the setting POPULAR_NAMESPACES',
        ).makeOptionMandatory(),
      )
      .addOption(
        new Option('--max-tags <number>', 'number of tags to keep of each repository, newest first')
          .argParser(wholeNumber(1, MOST_TAGS))
          .default(50),
      )
      .addOption(
        new Option(
          '--refresh',
          'send every request to Docker Hub again, also those whose response of the last 24 hours is kept',
        ),
      ),
  scan: (command: Command): Command =>
    withTags(withSettings(command, SCAN_SETTINGS, { SCAN_CONCURRENCY: String(TOOLS_AT_ONCE) }))
      .addOption(
        new Option(
          '--limit <number>',
          'consider only the first N tools by ID; of these, only due ones are scanned',
        ).argParser(wholeNumber(1, MOST_TOOLS)),
      )
      .addOption(
        new Option(
          '--next <number>',
          'scan at most N due tools, those without a scan first, then the oldest',
        ).argParser(wholeNumber(1, MOST_TOOLS)),
      )
      .addOption(
        new Option('--force', 'also scan tools whose scan is younger than --max-age or failed within the last hour'),
      )
      .addOption(
        new Option('--dry-run', 'print what would be scanned and scan nothing; needs neither Trivy nor a database'),
      )
      .addOption(
        new Option('--max-age <time>', 'age from which a tool is scanned again: 36h, 7d, 1w')
          .argParser(seconds)
          .default(7 * 86_400, '7d'),
      )
      .addOption(
        new Option('--namespace <list>', 'only tools of these comma-separated namespaces; may be repeated').argParser(
          collectedList,
        ),
      )
      .addOption(
        new Option('--platform <platform>', 'os/architecture[/variant] to scan of multi-platform images')
          .argParser(platform)
          .default('linux/amd64'),
      )
      .addOption(
        new Option('--max-wait <time>', 'longest wait for a registry that has reached its pull limit')
          .argParser(seconds)
          .default(300, '5m'),
      ),
  top: (command: Command): Command =>
    withSettings(command, ['GTS_DATA_DIR'])
      .addOption(
        new Option('--limit <number>', 'number of tools to list').argParser(wholeNumber(1, MOST_TOOLS)).default(20),
      )
      .addOption(new Option('--sort <order>', 'order of the list').choices(TOOL_ORDERS).default('risk'))
      .addOption(
        new Option(
          '--status <list>',
          `only tools with one of these statuses, comma-separated: ${STATUSES.join(', ')}`,
        ).argParser(statuses),
      ),
  tool: (command: Command): Command => withTags(withSettings(command, ['GTS_DATA_DIR'])),
};

const withTags = (command: Command): Command =>
  command
    .addOption(
      new Option('--tag <tag>', 'tag to scan of a tool that has no stored tags').argParser(tagName).default('latest'),
    )
    .addOption(
      new Option('--tag-policy <policy>', 'how the tag to scan is chosen among the stored tags')
        .choices(TAG_POLICIES)
        .default('priority'),
    );

const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Accepted: a whole number from ${least} to ${most}.`);
  };

const seconds = (text: string): number => {
  const parsed = parseDuration(text);
  if (parsed !== null) return parsed;
  throw new InvalidArgumentError('Accepted: a whole number with a unit, s, m, h, d or w.');
};

const tagName = (text: string): string => {
  if (isTagName(text)) return text;
  throw new InvalidArgumentError('Accepted: the name of a tag, without the image before it.');
};

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const collectedList = (text: string, before: readonly string[] | undefined): string[] =>
  listed(text).reduce<string[]>((all, part) => collected(part, all), [...(before ?? [])]);

const statuses = (text: string): ToolStatus[] =>
  listed(text).map((word) => {
    const status = STATUSES.find((known) => known === word);
    if (status !== undefined) return status;
    throw new InvalidArgumentError(`Accepted: ${STATUSES.join(', ')}, with commas between.`);
  });
