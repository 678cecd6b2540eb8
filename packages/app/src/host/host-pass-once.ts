import { type HostPassEvent, type HostPassOutcome, systemClock } from '@scanner/core';
import { renderTable } from '@scanner/report';
import { checkDirectory, createLockKeeper, removeUnfinished } from '@scanner/store';

import type { CommandContext } from '../command-context.ts';
import { recorded } from '../daemon-state/manual-pass.ts';
import { EXIT, type ExitCode, strongest } from '../exit-code.ts';
import { holdState, placeOf } from '../place.ts';
import type { ReadSettings } from '../read-settings.ts';
import { engineEndpoint } from './engine-endpoint.ts';
import { hasChannel, openTelling, type OpenTelling } from './open-telling.ts';
import { runHostPass } from './run-host-pass.ts';

/**
 * One pass over this host, told on the console, with what waits for people delivered behind it.
 *
 * @returns the exit code of the pass
 * @throws ScannerError where nothing could be done at all
 */
export const hostPassOnce = async (context: CommandContext, read: ReadSettings): Promise<ExitCode> => {
  const { signal } = context;
  const place = placeOf(read.settings, context.cwd);
  const endpoint = await engineEndpoint(context, read.settings);
  const locks = createLockKeeper();
  await Promise.all([place.state, place.cache].map((directory) => checkDirectory(directory)));
  using _held = holdState(locks, place.state, {
    command: context.commandLine,
    hostName: read.settings.HOST_NAME,
  });
  removeUnfinished(place.state);
  await using told = await openTelling(context, read.settings, place);
  const host = { context, place, locks, endpoint, telling: told.telling, identity: told.identity };
  const record = { state: place.state, commandLine: context.commandLine, clock: systemClock, log: context.console.log };
  const run = recorded(record, () =>
    runHostPass(host, { read, signal, observe: (event) => tellProgress(context, event) }),
  );
  const outcome = await run.catch(async (error: unknown) => {
    // What keeps passes from scanning is a notice too; what ended this one is worth more than that it did not arrive.
    await deliver(context, told).catch(() => {});
    throw error;
  });
  await tellOutcome(context, outcome, place.logs);
  if (!hasChannel(read.settings)) context.console.say(TELLS_NOBODY);
  return strongest(exitCode(outcome), await deliver(context, told));
};

const TELLS_NOBODY =
  'no notice is sent: neither SMTP_HOST nor WEBHOOK_URL is set; changes are kept and reported once one of them is';

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
    case 'scanned':
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
