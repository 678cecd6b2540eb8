import { withCommonOptions, withSettings } from '@scanner/app';
import { AcceptanceRule, AcceptedFinding } from '@scanner/core';
import { parseDuration } from '@scanner/core/config';
import { type Command, InvalidArgumentError, Option } from 'commander';

import type { Bind } from './command-binding.ts';

/** What commander makes of the options of `gts baseline save`. */
export interface BaselineSaveFlags {
  readonly reason?: string;
  /** ISO 8601: a day or a moment. */
  readonly expires?: string;
}

/** What commander makes of the options of `gts accept`. */
export interface AcceptFlags {
  readonly key: readonly string[];
  readonly image?: string;
  readonly package?: string;
  readonly reason: string;
  readonly owner?: string;
  readonly expires?: string;
  readonly untilFix?: boolean;
}

/** Adds the command that accepts single findings. */
export const addAcceptCommand = (gts: Command, bind: Bind): void => {
  withCommonOptions(
    withSettings(gts.command('accept').argument('[vulnerability...]', 'IDs, as CVE-2026-1234'), ['SCANNER_DIR']),
  )
    .description('accept single vulnerabilities: in one image, or in every one, now and later')
    .addOption(new Option('--image <reference>', 'only in this image, by name'))
    .addOption(new Option('--package <name>', 'only in this package').argParser(text))
    .addOption(
      new Option('--key <hash>', 'a finding by the hash of its key (repeatable)').argParser(keyHash).default([]),
    )
    .addOption(new Option('--reason <text>', 'why it is accepted').argParser(text).makeOptionMandatory())
    .addOption(new Option('--owner <name>', 'who answers for it').argParser(text))
    .addOption(
      new Option('--expires <when>', 'from when it is new again: 2027-01-31, or a time from now: 90d').argParser(
        moment,
      ),
    )
    .addOption(new Option('--until-fix', 'only while there is no fix'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ gts accept CVE-2026-1234 --image nginx:stable --reason "not reachable" --expires 90d\n' +
        '  $ gts accept CVE-2026-1234 CVE-2026-5678 --package openssl --reason "waiting for upstream" --owner web --until-fix\n',
    )
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).accept));
};

const keyHash = (value: string, before: readonly string[]): string[] => {
  if (/^[0-9a-f]{8,16}$/.test(value)) return [...before, value];
  throw new InvalidArgumentError('Accepted: 8 to 16 hexadecimal digits.');
};

/** What commander makes of the options of `gts baseline diff`. */
export interface BaselineDiffFlags {
  readonly exitCode?: boolean;
}

/** Adds the commands about what is accepted on this host. */
export const addBaselineCommands = (gts: Command, bind: Bind): void => {
  const baseline = gts.command('baseline').description('what is accepted of the images of this host');
  const add = (name: string, argument = '[reference...]'): Command =>
    withCommonOptions(withSettings(baseline.command(name).argument(argument, 'images, by name'), ['SCANNER_DIR']));

  withSettings(add('save'), ['TRIVY_SEVERITY'])
    .description('accept what the last complete scan of images found; of all on record unless named')
    .addOption(new Option('--reason <text>', 'why they are accepted, said of every finding').argParser(text))
    .addOption(
      new Option('--expires <when>', 'from when they are new again: 2027-01-31, or a time from now: 90d').argParser(
        moment,
      ),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ gts baseline save\n  $ gts baseline save nginx:stable --reason "not reachable" --expires 90d\n',
    )
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineSave));
  add('show')
    .description('say what is accepted, worst first')
    .addHelpText('after', '\nExample:\n  $ gts baseline show nginx:stable\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineShow));
  withSettings(add('diff'), ['TRIVY_SEVERITY'])
    .description('say what the last complete scan found beyond what is accepted, and what is gone')
    .addOption(new Option('--exit-code', 'end with 1 where something is new, worse or not accepted'))
    .addHelpText('after', '\nExamples:\n  $ gts baseline diff nginx:stable\n  $ gts baseline diff --exit-code\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineDiff));
  withCommonOptions(withSettings(baseline.command('list'), ['SCANNER_DIR']))
    .description('list every baseline, and those that cannot be used with what is wrong')
    .addHelpText('after', '\nExample:\n  $ gts baseline list\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineList));
  add('tidy')
    .description('list what is accepted and not needed any more: gone for 30 days, fixed, or over')
    .addOption(new Option('--write', 'drop it'))
    .addHelpText('after', '\nExamples:\n  $ gts baseline tidy\n  $ gts baseline tidy --write\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineTidy));
  withCommonOptions(
    withSettings(baseline.command('import').argument('<file>', 'a .trivyignore or .trivyignore.yaml'), ['SCANNER_DIR']),
  )
    .description('accept what Trivy was told to ignore, as rules for every image')
    .addOption(new Option('--image <reference>', 'only in this image, by name'))
    .addHelpText('after', '\nExample:\n  $ gts baseline import .trivyignore.yaml\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineImport));
  add('remove', '<reference...>')
    .description('remove baselines: nothing of these images is accepted then')
    .addHelpText('after', '\nExample:\n  $ gts baseline remove nginx:stable\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineRemove));
};

const text = (written: string): string => {
  if (written.trim() !== '' && AcceptanceRule.shape.reason.safeParse(written).success) return written;
  throw new InvalidArgumentError('Accepted: a text that is not empty, of at most 4096 characters.');
};

const moment = (given: string): string => {
  const seconds = parseDuration(given);
  const when = seconds === null ? given : new Date(Date.now() + seconds * 1000);
  const written = typeof when === 'string' ? when : Number.isNaN(when.getTime()) ? '' : when.toISOString();
  if (AcceptedFinding.shape.expires.safeParse(written).success && Date.parse(written) > Date.now()) return written;
  throw new InvalidArgumentError('Accepted: a day to come, such as 2027-01-31, or a time from now: 36h, 90d, 12w.');
};
