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
        new Option('--source <source>', 'where tools are looked for').choices(['docker_hub']).default('docker_hub'),
      )
      .addOption(
        new Option(
          '--namespaces <list>',
          '"popular", or namespaces with commas between [POPULAR_NAMESPACES]',
        ).makeOptionMandatory(),
      )
      .addOption(
        new Option('--max-tags <number>', 'newest tags that are kept of each repository')
          .argParser(wholeNumber(1, MOST_TAGS))
          .default(50),
      )
      .addOption(new Option('--refresh', 'ask Docker Hub even for what was asked in the last 24 hours')),
  scan: (command: Command): Command =>
    withTags(withSettings(command, SCAN_SETTINGS, { SCAN_CONCURRENCY: String(TOOLS_AT_ONCE) }))
      .addOption(
        new Option('--limit <number>', 'look at the first so many by ID, fresh ones included').argParser(
          wholeNumber(1, MOST_TOOLS),
        ),
      )
      .addOption(
        new Option('--next <number>', 'scan the so many that are due for longest').argParser(
          wholeNumber(1, MOST_TOOLS),
        ),
      )
      .addOption(new Option('--force', 'scan fresh tools too, and those that failed within the hour'))
      .addOption(new Option('--dry-run', 'say what would be scanned; needs neither Trivy nor a database'))
      .addOption(
        new Option('--max-age <time>', 'age from which a scan is too old: 36h, 7d, 1w')
          .argParser(seconds)
          .default(7 * 86_400, '7d'),
      )
      .addOption(
        new Option('--namespace <list>', 'only tools of these namespaces; may be repeated').argParser(collectedList),
      )
      .addOption(
        new Option('--platform <platform>', 'os/architecture[/variant] of multi-platform images')
          .argParser(platform)
          .default('linux/amd64'),
      )
      .addOption(
        new Option('--max-wait <time>', 'how long a registry that grants no more pulls is waited for')
          .argParser(seconds)
          .default(300, '5m'),
      ),
  top: (command: Command): Command =>
    withSettings(command, ['GTS_DATA_DIR'])
      .addOption(
        new Option('--limit <number>', 'how many are listed').argParser(wholeNumber(1, MOST_TOOLS)).default(20),
      )
      .addOption(new Option('--sort <order>', 'what comes first').choices(TOOL_ORDERS).default('risk'))
      .addOption(new Option('--status <list>', `only tools of these: ${STATUSES.join(', ')}`).argParser(statuses)),
  tool: (command: Command): Command => withTags(withSettings(command, ['GTS_DATA_DIR'])),
};

const withTags = (command: Command): Command =>
  command
    .addOption(new Option('--tag <tag>', 'taken where no tag of a tool is known').argParser(tagName).default('latest'))
    .addOption(
      new Option('--tag-policy <policy>', 'how a tag is chosen among those that are known')
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
