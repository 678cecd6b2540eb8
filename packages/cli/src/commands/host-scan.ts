import { join } from 'node:path';

import { HostPass, type HostPassEvent, type HostPassOutcome, systemClock } from '@scanner/core';
import { scanTimeoutSeconds } from '@scanner/core/config';
import { renderImageLog, renderPassSummary, renderTable } from '@scanner/report';
import { createDockerEngine } from '@scanner/scanner';
import { checkDirectory, createLockKeeper, LogDirectory, openBlobCache, openResultStore } from '@scanner/store';

import type { CommandContext } from '../command-context.ts';
import type { CommonFlags } from '../common-options.ts';
import { composeScanner } from '../compose.ts';
import { engineEndpoint } from '../engine-endpoint.ts';
import { EXIT, type ExitCode, strongest } from '../exit-code.ts';
import { readImageSelection } from '../image-selection.ts';
import { openTelling, type OpenTelling } from '../open-telling.ts';
import { holdState, placeOf } from '../place.ts';
import { readSettings } from '../read-settings.ts';

/** `gts host scan`: one pass over the images of this host's engine. */
export const hostScan = async (context: CommandContext, flags: CommonFlags): Promise<ExitCode> => {
  const { console, signal } = context;
  const read = readSettings(context, flags, 'directory');
  const { settings } = read;
  const selection = readImageSelection(read, context.cwd, console.log);
  const place = placeOf(settings, context.cwd);
  const endpoint = await engineEndpoint(context, settings);

  const locks = createLockKeeper();
  for (const directory of [place.state, place.cache]) await checkDirectory(directory);
  using _held = holdState(locks, place.state, context.commandLine);
  const logs = await LogDirectory.open(place.logs, {
    renderImage: renderImageLog,
    renderSummary: renderPassSummary,
    keepDays: settings.LOG_KEEP_DAYS,
    log: console.log,
  });
  using results = openResultStore(join(place.state, 'results.db'), { log: console.log });
  await using told = await openTelling(context, settings, place);
  using blobCache = openBlobCache(join(place.cache, 'scan-cache.db'), { log: console.log });

  const pass = new HostPass({
    images: createDockerEngine(endpoint, { log: console.log }),
    openScanner: () => composeScanner({ context, settings, place, endpoint, blobCache, locks }, signal),
    results,
    log: logs,
    clock: systemClock,
    telling: told.telling,
  });
  const run = pass.run({
    selection,
    severities: settings.TRIVY_SEVERITY,
    extraArgs: settings.TRIVY_EXTRA_ARGS.flags,
    concurrency: settings.SCAN_CONCURRENCY,
    timeoutSeconds: scanTimeoutSeconds(settings),
    observe: (event) => tellProgress(context, event),
    signal,
  });
  const outcome = await run.catch(async (error: unknown) => {
    // What keeps passes from scanning is a notice too; what ended this one is worth more than that it did not arrive.
    await deliver(context, told).catch(() => {});
    throw error;
  });
  await tellOutcome(context, outcome, place.logs);
  return strongest(exitCode(outcome), await deliver(context, told));
};

const deliver = async ({ console, signal }: CommandContext, told: OpenTelling): Promise<ExitCode> => {
  const undelivered = await told.deliver(signal);
  for (const sentence of undelivered) console.log.warn(sentence);
  return undelivered.length > 0 ? EXIT.partly : EXIT.done;
};

const tellProgress = ({ console }: CommandContext, event: HostPassEvent): void => {
  switch (event.type) {
    case 'listed':
      console.say(`${event.images} images on this host, ${event.selected} to look at`);
      break;
    case 'started':
      console.progress.start();
      break;
    case 'image':
      console.progress.update({
        done: event.done,
        total: event.total,
        unit: 'images',
        what: event.report.references[0] ?? '',
      });
  }
};

const tellOutcome = async ({ console }: CommandContext, outcome: HostPassOutcome, logs: string): Promise<void> => {
  for (const sentence of [...outcome.warnings, ...outcome.problems]) console.log.warn(sentence);
  if (console.json) return console.document(outcome.document);
  await console.result(renderTable(outcome.document, console.appearance));
  console.say(`full reports: ${logs}`);
};

const exitCode = ({ document, problems }: HostPassOutcome): ExitCode =>
  document.totals.failed > 0 || problems.length > 0 ? EXIT.partly : EXIT.done;
