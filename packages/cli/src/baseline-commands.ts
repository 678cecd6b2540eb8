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
    withSettings(gts.command('accept').argument('[vulnerability...]', 'vulnerability IDs, such as CVE-2026-1234'), [
      'SCANNER_DIR',
    ]),
  )
    .description('accept single vulnerabilities in one image, or in every image of this host, now and in later passes')
    .addOption(new Option('--image <reference>', 'accept only in this image'))
    .addOption(new Option('--package <name>', 'accept only in this package').argParser(text))
    .addOption(
      new Option('--key <hash>', 'accept one finding by the hash of its key; may be repeated')
        .argParser(keyHash)
        .default([]),
    )
    .addOption(
      new Option('--reason <text>', 'reason, stored with the acceptance').argParser(text).makeOptionMandatory(),
    )
    .addOption(new Option('--owner <name>', 'person or team responsible for the acceptance').argParser(text))
    .addOption(
      new Option(
        '--expires <when>',
        'when the acceptance ends and the finding is reported again: 2027-01-31, or a time from now: 90d',
      ).argParser(moment),
    )
    .addOption(new Option('--until-fix', 'accept only until a fixed version exists'))
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

/** Adds the commands about the baselines of this host. */
export const addBaselineCommands = (gts: Command, bind: Bind): void => {
  const baseline = gts
    .command('baseline')
    .description('manage baselines: the accepted findings of images of this host, one file for each reference');
  const add = (name: string, argument = '[reference...]'): Command =>
    withCommonOptions(
      withSettings(baseline.command(name).argument(argument, 'image references; default: all'), ['SCANNER_DIR']),
    );

  withSettings(add('save'), ['TRIVY_SEVERITY'])
    .description(
      'accept the findings of the last complete scan, without a new scan; without references: of every image with a stored scan',
    )
    .addOption(new Option('--reason <text>', 'reason, stored with each accepted finding').argParser(text))
    .addOption(
      new Option(
        '--expires <when>',
        'when the findings are reported again: 2027-01-31, or a time from now: 90d',
      ).argParser(moment),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ gts baseline save\n  $ gts baseline save nginx:stable --reason "not reachable" --expires 90d\n',
    )
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineSave));
  add('show')
    .description('show the accepted findings, most severe first')
    .addHelpText('after', '\nExample:\n  $ gts baseline show nginx:stable\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineShow));
  withSettings(add('diff'), ['TRIVY_SEVERITY'])
    .description(
      'compare the last complete scan with the baseline: findings that are new, more severe or resolved, and fixes now available',
    )
    .addOption(new Option('--exit-code', 'exit with code 1 if a finding is new, more severe or not accepted'))
    .addHelpText('after', '\nExamples:\n  $ gts baseline diff nginx:stable\n  $ gts baseline diff --exit-code\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineDiff));
  withCommonOptions(withSettings(baseline.command('list'), ['SCANNER_DIR']))
    .description('list all baseline files, with the error of each that cannot be read')
    .addHelpText('after', '\nExample:\n  $ gts baseline list\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineList));
  add('tidy')
    .description(
      'list acceptances that are no longer needed: the finding is gone for 30 days or has a fix, or the acceptance has ended',
    )
    .addOption(new Option('--write', 'remove them from the baselines'))
    .addHelpText('after', '\nExamples:\n  $ gts baseline tidy\n  $ gts baseline tidy --write\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineTidy));
  withCommonOptions(
    withSettings(baseline.command('import').argument('<file>', 'a .trivyignore or .trivyignore.yaml'), ['SCANNER_DIR']),
  )
    .description('turn the entries of a Trivy ignore file into acceptance rules for every image')
    .addOption(new Option('--image <reference>', 'accept only in this image'))
    .addHelpText('after', '\nExample:\n  $ gts baseline import .trivyignore.yaml\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineImport));
  add('remove', '<reference...>')
    .description('remove baselines: all findings of these images count as not accepted')
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
