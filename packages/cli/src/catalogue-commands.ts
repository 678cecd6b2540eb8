import type { Command } from 'commander';
import { withCommonOptions } from '@scanner/app';

import { catalogueOptions } from './catalogue-options.ts';
import type { Bind } from './command-binding.ts';

/** Adds the commands about the tools of Docker Hub. */
export const addCatalogueCommands = (gts: Command, bind: Bind): void => {
  withCommonOptions(catalogueOptions.scrape(gts.command('scrape')))
    .description(
      'list the repositories of Docker Hub namespaces and store them, with their tags, as tools in the catalogue',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ gts scrape --source docker_hub --namespaces popular\n  $ gts scrape --namespaces library,grafana --max-tags 20\n',
    )
    .action(bind(async () => (await import('./commands/scrape.ts')).scrape));
  withCommonOptions(
    catalogueOptions.scan(
      gts
        .command('scan')
        .argument('[tool...]', 'IDs of tools (Docker Hub repositories in the catalogue); default: all'),
    ),
  )
    .description(
      'scan the tools that have no scan or one older than --max-age; each result is saved as soon as its scan ends',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ gts scan --dry-run\n  $ gts scan --limit 500\n  $ gts scan docker_hub:library/postgres --force\n',
    )
    .action(bind(async () => (await import('./commands/everyday-commands.ts')).scan));
  withCommonOptions(catalogueOptions.top(gts.command('top')))
    .description('rank the scanned tools (Docker Hub repositories) by risk')
    .addHelpText('after', '\nExamples:\n  $ gts top --limit 20\n  $ gts top --sort pulls --status vulnerable\n')
    .action(bind(async () => (await import('./commands/shown-tools.ts')).top));
  withCommonOptions(
    catalogueOptions.tool(gts.command('tool').argument('<id>', 'ID of a tool, e.g. docker_hub:library/postgres')),
  )
    .description(
      'show one tool (a Docker Hub repository in the catalogue): its tags, last scan, findings, and the tag to scan next',
    )
    .addHelpText('after', '\nExample:\n  $ gts tool docker_hub:library/postgres\n')
    .action(bind(async () => (await import('./commands/shown-tools.ts')).tool));
};
