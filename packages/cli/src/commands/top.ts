import { describeRanking, rankTools } from '@scanner/core';
import { renderTop } from '@scanner/report';

import type { TopFlags } from '../catalogue-options.ts';
import { openCatalogue } from '../catalogue-store.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommonFlags } from '../common-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readSettings } from '../read-settings.ts';

type Flags = CommonFlags & TopFlags;

/** `gts top`: ranks the tools of the catalogue, from what is stored. */
export const top = async (context: CommandContext, flags: Flags): Promise<ExitCode> => {
  const { console } = context;
  const { limit, sort, status } = flags;
  const { settings } = readSettings(context, flags, 'user');
  await using catalogue = await openCatalogue(context, settings);
  const { store } = catalogue;
  const ranking = rankTools(store.tools(), { limit, sort, ...(status !== undefined && { statuses: status }) });
  const document = describeRanking(ranking, sort, (id) => store.scanOf(id)?.coverage ?? null);
  if (console.json) await console.document(document);
  else await console.result(renderTop(document, console.appearance));
  return EXIT.done;
};
