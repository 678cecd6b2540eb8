import { setTimeout as sleep } from 'node:timers/promises';

import type { CommandContext, Console } from '@scanner/app';
import {
  type CatalogueScanDocument,
  leftOutReport,
  type LeftOutTool,
  resultReport,
  type ScanBatchResult,
  ScanOrchestrator,
  scanTotals,
  type SelectedTools,
  selectedReport,
  systemClock,
  type ToolReport,
  type Wait,
} from '@scanner/core';
import type { ImageResolver } from '@scanner/core';

import type { ScanFlags } from './catalogue-options.ts';
import type { CatalogueScanning } from './catalogue-scanning.ts';
import type { Catalogue } from './catalogue-store.ts';
import { toolsDue } from './catalogue-tools-due.ts';

export interface ScanRunParts {
  readonly context: CommandContext;
  readonly flags: ScanFlags;
  readonly catalogue: Catalogue;
  readonly resolver: ImageResolver;
  readonly selection: SelectedTools;
}

export interface ScanPace {
  readonly concurrency: number;
  readonly timeoutSeconds: number;
}

/** How a run ended, and its document. */
export interface ScanRunResult {
  readonly document: CatalogueScanDocument;
  readonly batch: ScanBatchResult | null;
}

/** Scans the tools that were selected. */
export const scanSelected = async (
  { context, flags, catalogue, resolver, selection }: ScanRunParts,
  { scanner, digests }: Pick<CatalogueScanning, 'scanner' | 'digests'>,
  { concurrency, timeoutSeconds }: ScanPace,
): Promise<ScanRunResult> => {
  const { console, signal } = context;
  const { store } = catalogue;
  const reports: ToolReport[] = [];
  const overtaken: LeftOutTool[] = [];
  const total = selection.selected.length;
  const orchestrator = new ScanOrchestrator({
    resolver,
    scanner,
    digests,
    store,
    clock: systemClock,
    log: console.log,
    wait: waitAloud(console),
  });
  const tools = toolsDue(selection.selected, store, {
    again: flags.force ?? false,
    leaveOut: (tool) => overtaken.push(tool),
  });
  console.progress.start();
  const batch = await orchestrator.scanBatch(tools, {
    concurrency,
    timeoutSeconds,
    platform: flags.platform,
    maxWaitMilliseconds: flags.maxWait * 1000,
    signal,
    onResult: (result) => {
      const report = resultReport(result);
      reports.push(report);
      console.log.debug(report.status, { tool: report.id, saved: report.saved });
      const done = reports.length + overtaken.length;
      if (result.status !== 'not_reached')
        console.progress.update({ done, total, unit: 'tools', what: result.image?.imageRef ?? result.tool.id });
    },
  });
  const saved = savedInTheEnd(reports, batch);
  return {
    document: describe([...saved.toSorted(byId), ...[...overtaken, ...selection.leftOut].map(leftOutReport)], batch),
    batch,
  };
};

/** What would be scanned. */
export const describePlan = ({ selected, leftOut }: SelectedTools): CatalogueScanDocument => ({
  ...describe([...selected.map(selectedReport), ...leftOut.map(leftOutReport)], null),
  dry_run: true,
});

/** A run that was stopped before anything could be scanned. */
export const describeStopped = ({ selected, leftOut }: SelectedTools): CatalogueScanDocument =>
  describe(
    [
      ...selected.map((tool): ToolReport => ({ ...selectedReport(tool), status: 'not_reached', reason: STOPPED })),
      ...leftOut.map(leftOutReport),
    ],
    null,
  );

const STOPPED = { code: 'interrupted', message: 'stopped before it was scanned' } as const;

const describe = (tools: ToolReport[], batch: ScanBatchResult | null): CatalogueScanDocument => ({
  schema: 'gts.scan/1',
  dry_run: false,
  tools,
  totals: scanTotals(tools, batch?.unsaved.length ?? 0),
  resume_at: batch?.resumeAt ?? null,
});

/** What could not be saved at first may have been saved later. */
const savedInTheEnd = (reports: readonly ToolReport[], { unsaved }: ScanBatchResult): ToolReport[] => {
  const lost = new Set(unsaved.map(({ id }) => id));
  return reports.map((report) => (report.status === 'scanned' ? { ...report, saved: !lost.has(report.id) } : report));
};

const byId = (a: ToolReport, b: ToolReport): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Says once for all that wait for the same moment that a registry wants it. */
const waitAloud = (console: Console): Wait => {
  let toldUntil = 0;
  return async (milliseconds, signal) => {
    const until = Date.now() + milliseconds;
    if (until > toldUntil + 1000) {
      toldUntil = until;
      console.say(`a registry grants no more pulls for now; going on in ${Math.ceil(milliseconds / 1000)} s`);
    }
    await sleep(milliseconds, undefined, signal && { signal });
  };
};
