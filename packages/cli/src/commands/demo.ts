import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { type CommandContext, type CommonFlags, EXIT, type ExitCode, readSettings } from '@scanner/app';
import {
  type ImageDocument,
  type ImageReport,
  scanNamedImages,
  SEVERITIES,
  systemClock,
  totalsOf,
  trivyUsed,
} from '@scanner/core';
import { scanTimeoutSeconds } from '@scanner/core/config';
import { renderTable } from '@scanner/report';

import { openDemonstration } from '../open-demonstration.ts';
import { ownFile } from '../own-files.ts';

/** `gts demo`: the bundled images against the bundled database, with the real Trivy; says on every output that it is no real result. */
export const demo = async (context: CommandContext, flags: CommonFlags): Promise<ExitCode> => {
  const { console } = context;
  const { settings } = readSettings(context, flags, { layout: 'user' });
  const bundled = ownFile('demo');
  const startedAt = systemClock.now().toISOString();
  await using opened = await openDemonstration(context, settings, bundled);
  const archives = (await readdir(join(bundled, 'images'))).toSorted();
  const reports = await scanNamedImages(
    opened.scanner,
    archives.map((name) => ({ archive: join(bundled, 'images', name) })),
    {
      sources: [],
      severities: SEVERITIES,
      extraArgs: [],
      concurrency: settings.SCAN_CONCURRENCY,
      timeoutSeconds: scanTimeoutSeconds(settings),
      signal: context.signal,
    },
  );
  const images = reports.map(named);
  const document: ImageDocument = {
    schema: 'gts.image/1',
    demonstration: true,
    started_at: startedAt,
    finished_at: systemClock.now().toISOString(),
    trivy: trivyUsed(opened.scanner.identity),
    filter: { severities: [...SEVERITIES], extra_args: [] },
    images,
    totals: totalsOf(images),
  };
  if (console.json) await console.document(document);
  else await console.result(renderTable(document, console.appearance));
  return document.totals.failed > 0 ? EXIT.partly : EXIT.done;
};

/** An archive's place says nothing to people; its name does. */
const named = (report: ImageReport): ImageReport => ({
  ...report,
  references: report.references.map((path) => `demonstration/${path.replace(/^.*\//, '').replace(/\.tar$/, '')}`),
});
