import { withCommonOptions, withSettings } from '@scanner/app';
import { AcceptedFinding } from '@scanner/core';
import { parseDuration } from '@scanner/core/config';
import { type Command, InvalidArgumentError, Option } from 'commander';

import type { Bind } from './command-binding.ts';

/** What commander makes of the options of `gts baseline save`. */
export interface BaselineSaveFlags {
  readonly reason?: string;
  /** ISO 8601: a day or a moment. */
  readonly expires?: string;
}

/** Adds the commands about what is accepted on this host. */
export const addBaselineCommands = (gts: Command, bind: Bind): void => {
  const baseline = gts.command('baseline').description('what is accepted of the images of this host');
  const add = (name: string, argument = '[reference...]'): Command =>
    withCommonOptions(withSettings(baseline.command(name).argument(argument, 'images, by name'), ['SCANNER_DIR']));

  withSettings(add('save'), ['TRIVY_SEVERITY'])
    .description('accept what the last complete scan of images found; of all on record unless named')
    .addOption(new Option('--reason <text>', 'why they are accepted, said of every finding').argParser(reason))
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
    .addHelpText('after', '\nExample:\n  $ gts baseline diff nginx:stable\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineDiff));
  withCommonOptions(withSettings(baseline.command('list'), ['SCANNER_DIR']))
    .description('list every baseline, and those that cannot be used with what is wrong')
    .addHelpText('after', '\nExample:\n  $ gts baseline list\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineList));
  add('remove', '<reference...>')
    .description('remove baselines: nothing of these images is accepted then')
    .addHelpText('after', '\nExample:\n  $ gts baseline remove nginx:stable\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).baselineRemove));
};

const reason = (text: string): string => {
  if (text.trim() !== '' && AcceptedFinding.shape.reason.safeParse(text).success) return text;
  throw new InvalidArgumentError('Accepted: a text that is not empty, of at most 4096 characters.');
};

const moment = (text: string): string => {
  const seconds = parseDuration(text);
  const when = seconds === null ? text : new Date(Date.now() + seconds * 1000);
  const written = typeof when === 'string' ? when : Number.isNaN(when.getTime()) ? '' : when.toISOString();
  if (AcceptedFinding.shape.expires.safeParse(written).success && Date.parse(written) > Date.now()) return written;
  throw new InvalidArgumentError('Accepted: a day to come, such as 2027-01-31, or a time from now: 36h, 90d, 12w.');
};
