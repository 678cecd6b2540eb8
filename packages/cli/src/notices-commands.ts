import { withCommonOptions, withSettings } from '@scanner/app';
import { type Command, Option } from 'commander';

import type { Bind } from './command-binding.ts';

/** Adds the commands about notices that were not delivered. */
export const addNoticesCommands = (gts: Command, bind: Bind): void => {
  const notices = gts.command('notices').description('notices of this host that were not delivered to every recipient');
  const add = (name: string): Command => withCommonOptions(withSettings(notices.command(name), ['SCANNER_DIR']));
  add('list')
    .description('list undelivered notices with the reason; exit code 1 if one will not be tried again automatically')
    .addHelpText('after', '\nExamples:\n  $ gts notices list\n  $ gts notices list --json | jq .totals\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).noticesList));
  add('retry')
    .description('try undelivered notices again now, also permanently rejected ones; works while the daemon runs')
    .addOption(new Option('--to <recipient>', 'only those to this mail address, or to `webhook`'))
    .addHelpText('after', '\nExamples:\n  $ gts notices retry\n  $ gts notices retry --to ops@example.org\n')
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).noticesRetry));
};
