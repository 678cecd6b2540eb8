import { type CommandContext, type CommonFlags, EXIT, type ExitCode, readSettings } from '@scanner/app';
import { describeTool, ImageResolver } from '@scanner/core';
import { renderTool } from '@scanner/report';

import type { TagFlags } from '../catalogue-options.ts';
import { noSuchTools, openCatalogueToRead, toolId } from '../catalogue-store.ts';

type Flags = CommonFlags & TagFlags;

/** `gts tool`: everything that is known of one tool. */
export const tool = async (
  context: CommandContext,
  flags: Flags,
  [name = '']: readonly string[],
): Promise<ExitCode> => {
  const { console } = context;
  const { settings } = readSettings(context, flags, { layout: 'user' });
  await using catalogue = await openCatalogueToRead(context, settings);
  const { store } = catalogue;
  const id = toolId(name);
  const found = store.find(id);
  if (found === undefined) throw noSuchTools([id], catalogue);
  const resolver = new ImageResolver({
    policy: flags.tagPolicy,
    defaultTag: flags.tag,
    tagsOf: (each) => store.tagsOf(each),
  });
  const document = describeTool({
    tool: found,
    resolution: resolver.explain(found),
    scan: store.scanOf(id),
    failure: store.failureOf(id),
  });
  if (console.json) await console.document(document);
  else await console.result(renderTool(document, console.appearance));
  return EXIT.done;
};
