import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import {
  type CommandContext,
  type CommonFlags,
  EXIT,
  type ExitCode,
  placeOf,
  type ReadSettings,
  readSettings,
} from '@scanner/app';
import {
  type CatalogueScanDocument,
  ImageResolver,
  type ScanBatchResult,
  type SelectedTools,
  selectTools,
  systemClock,
} from '@scanner/core';
import { scanTimeoutSeconds, type Settings } from '@scanner/core/config';
import { renderScanPlan, renderScanSummary } from '@scanner/report';

import { type ScanFlags, TOOLS_AT_ONCE } from '../catalogue-options.ts';
import {
  describePlan,
  describeStopped,
  scanSelected,
  type ScanRunParts,
  type ScanRunResult,
} from '../catalogue-scan-run.ts';
import { type Catalogue, noSuchTools, openCatalogue, openCatalogueToRead, toolId } from '../catalogue-store.ts';

type Flags = CommonFlags & ScanFlags;

/** `gts scan`: scans the tools of the catalogue that are due, and saves each result at once. */
export const scan = async (context: CommandContext, flags: Flags, names: readonly string[]): Promise<ExitCode> => {
  const read = readSettings(context, flags, { layout: 'user' });
  const open = flags.dryRun === true ? openCatalogueToRead : openCatalogue;
  await using catalogue = await open(context, read.settings);
  const ids = [...new Set(names.map(toolId))];
  const resolver = new ImageResolver({
    policy: flags.tagPolicy,
    defaultTag: flags.tag,
    platform: flags.platform,
    tagsOf: (id) => catalogue.store.tagsOf(id),
  });
  const selection = select(catalogue, resolver, flags, ids);
  if (selection.missing.length > 0) throw noSuchTools(selection.missing, catalogue);
  if (flags.dryRun === true) return tellPlan(context, catalogue, describePlan(selection));

  const result = await scanDue({ context, flags, catalogue, resolver, selection }, withOwnPace(read));
  const published = await catalogue.publish();
  await tellResult(context, catalogue, result);
  const isWhole = published && isDone(result) && (ids.length === 0 || result.document.totals.unresolved === 0);
  return isWhole ? EXIT.done : EXIT.partly;
};

const select = (
  { store }: Catalogue,
  resolver: ImageResolver,
  { limit, next, force = false, maxAge, namespace }: Flags,
  ids: readonly string[],
): SelectedTools => {
  const filter = { ...(namespace !== undefined && { namespaces: namespace }), ...(ids.length > 0 && { ids }) };
  return selectTools(
    store.tools(filter),
    {
      filter,
      force,
      maxAgeMilliseconds: maxAge * 1000,
      ...(limit !== undefined && { limit }),
      ...(next !== undefined && { next }),
    },
    { resolver, failureOf: (id) => store.failureOf(id), now: systemClock.now() },
  );
};

const withOwnPace = ({ settings, sources }: ReadSettings): Settings =>
  sources.SCAN_CONCURRENCY === 'default' ? { ...settings, SCAN_CONCURRENCY: TOOLS_AT_ONCE } : settings;

/** Trivy and its database are looked for only where something is to be scanned. */
const scanDue = async (parts: ScanRunParts, settings: Settings): Promise<ScanRunResult> => {
  const { context, selection } = parts;
  if (selection.selected.length === 0) {
    if (isAnythingLeft(context, settings))
      await (await import('../catalogue-scanning.ts')).endLeftScans(context, settings);
    return { document: describeStopped(selection), batch: null };
  }
  const { openForTools } = await import('../catalogue-scanning.ts');
  try {
    await using scanning = await openForTools(context, settings);
    return await scanSelected(parts, scanning, {
      concurrency: settings.SCAN_CONCURRENCY,
      timeoutSeconds: scanTimeoutSeconds(settings),
    });
  } catch (error) {
    if (!context.signal.aborted) throw error;
    return { document: describeStopped(selection), batch: null };
  }
};

/** Scans work in directories of their own, and remove them. */
const isAnythingLeft = (context: CommandContext, settings: Settings): boolean => {
  const work = join(placeOf(settings, context.cwd).cache, 'work');
  return existsSync(work) && readdirSync(work).length > 0;
};

const isDone = ({ document: { totals } }: ScanRunResult): boolean =>
  totals.failed === 0 && totals.not_reached === 0 && totals.unsaved === 0;

const tellPlan = async (
  context: CommandContext,
  catalogue: Catalogue,
  document: CatalogueScanDocument,
): Promise<ExitCode> => {
  const { console } = context;
  tellEmpty(context, catalogue, document);
  if (console.json) await console.document(document);
  else await console.result(renderScanPlan(document, console.appearance));
  return EXIT.done;
};

const tellResult = async (
  context: CommandContext,
  catalogue: Catalogue,
  { document, batch }: ScanRunResult,
): Promise<void> => {
  const { console } = context;
  tellEmpty(context, catalogue, document);
  if (batch !== null) tellEnd(context, batch);
  if (console.json) await console.document(document);
  else await console.result(renderScanSummary(document, console.appearance));
};

const tellEmpty = ({ console }: CommandContext, { directory }: Catalogue, { tools }: CatalogueScanDocument): void => {
  if (tools.length === 0) console.say(`no tools in ${directory} are meant: \`gts scrape\` finds some`);
};

const tellEnd = ({ console, commandLine }: CommandContext, batch: ScanBatchResult): void => {
  for (const { id, message } of batch.unsaved) console.log.warn(`${id} was scanned and could not be saved: ${message}`);
  if (batch.blockedBy !== null)
    console.log.warn(`the rest was not tried: ${batch.blockedBy.message}`, { code: batch.blockedBy.code });
  if (batch.limited && !batch.interrupted)
    console.complain(
      `a registry grants no more pulls; go on ${batch.resumeAt === null ? 'later' : `after ${batch.resumeAt}`} with: ${console.inert(commandLine)}`,
    );
};
