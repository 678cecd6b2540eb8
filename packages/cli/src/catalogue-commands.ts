import type { Command } from 'commander';
import { withCommonOptions } from '@scanner/app';

import { catalogueOptions } from './catalogue-options.ts';
import type { Bind } from './command-binding.ts';

/** Adds the commands about the tools of Docker Hub. */
export const addCatalogueCommands = (gts: Command, bind: Bind): void => {
  withCommonOptions(catalogueOptions.scrape(gts.command('scrape')))
    .description('store the repositories of Docker Hub namespaces, with their tags, as tools')
    .addHelpText(
      'after',
      '\nExamples:\n  $ gts scrape --source docker_hub --namespaces popular\n  $ gts scrape --namespaces library,grafana --max-tags 20\n',
    )
    .action(bind(async () => (await import('./commands/scrape.ts')).scrape));
  withCommonOptions(catalogueOptions.scan(gts.command('scan').argument('[tool...]', 'IDs of tools; all unless named')))
    .description('scan the tools that were never scanned, or not for long, and save each result at once')
    .addHelpText(
      'after',
      '\nExamples:\n  $ gts scan --dry-run\n  $ gts scan --limit 500\n  $ gts scan docker_hub:library/postgres --force\n',
    )
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).scan));
  withCommonOptions(catalogueOptions.top(gts.command('top')))
    .description('rank the tools that were scanned')
    .addHelpText('after', '\nExamples:\n  $ gts top --limit 20\n  $ gts top --sort pulls --status vulnerable\n')
    .action(bind(async () => (await import('./commands/shown-tools.ts')).top));
  withCommonOptions(
    catalogueOptions.tool(gts.command('tool').argument('<id>', 'ID of a tool, e.g. docker_hub:library/postgres')),
  )
    .description('say everything that is known of one tool')
    .addHelpText('after', '\nExample:\n  $ gts tool docker_hub:library/postgres\n')
    .action(bind(async () => (await import('./commands/shown-tools.ts')).tool));
};
