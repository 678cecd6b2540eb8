import { withCommonOptions, withSettings } from '@scanner/app';
import { type Command, Option } from 'commander';

import type { Bind } from './command-binding.ts';

/** Adds the commands about notices on their way to people. */
export const addNoticesCommands = (gts: Command, bind: Bind): void => {
  const notices = gts.command('notices').description('notices of this host that did not reach somebody');
  const add = (name: string): Command => withCommonOptions(withSettings(notices.command(name), ['SCANNER_DIR']));
  add('list')
    .description('list the notices that did not reach somebody, with why; 1 where one does not go by itself')
    .addHelpText('after', '\nExamples:\n  $ gts notices list\n  $ gts notices list --json | jq .totals\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).noticesList));
  add('retry')
    .description('have them tried again now, those that were given up too; works while the daemon runs')
    .addOption(new Option('--to <recipient>', 'only to this address, or to `webhook`'))
    .addHelpText('after', '\nExamples:\n  $ gts notices retry\n  $ gts notices retry --to ops@example.org\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).noticesRetry));
};
