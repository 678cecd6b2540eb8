import { type CommandContext, type CommonFlags, EXIT, type ExitCode, readSettings } from '@scanner/app';
import { describeRanking, rankTools } from '@scanner/core';
import { renderTop } from '@scanner/report';

import type { TopFlags } from '../catalogue-options.ts';
import { openCatalogueToRead } from '../catalogue-store.ts';

type Flags = CommonFlags & TopFlags;

/** `gts top`: ranks the tools of the catalogue, from what is stored. */
export const top = async (context: CommandContext, flags: Flags): Promise<ExitCode> => {
  const { console } = context;
  const { limit, sort, status } = flags;
  const { settings } = readSettings(context, flags, { layout: 'user' });
  await using catalogue = await openCatalogueToRead(context, settings);
  const ranking = rankTools(catalogue.store.tools(), {
    limit,
    sort,
    ...(status !== undefined && { statuses: status }),
  });
  const document = describeRanking(ranking, sort);
  if (console.json) await console.document(document);
  else await console.result(renderTop(document, console.appearance));
  return EXIT.done;
};
