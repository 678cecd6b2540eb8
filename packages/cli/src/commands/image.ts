import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import {
  type CommandContext,
  type CommonFlags,
  EXIT,
  type ExitCode,
  type ReadSettings,
  readSettings,
  strongest,
} from '@scanner/app';
import {
  type ImageDocument,
  type NamedImage,
  scanNamedImages,
  ScannerError,
  SEVERITIES,
  type Severity,
  systemClock,
  totalsOf,
  trivyUsed,
} from '@scanner/core';
import { scanTimeoutSeconds, type Settings } from '@scanner/core/config';
import type { TrivyScanner } from '@scanner/scanner';
import { removeLeftovers, writeFileAtomically } from '@scanner/store';

import { withoutAccepted } from '../accepted-findings.ts';
import { isConverted, renderConverted, renderOwn } from '../image-formats.ts';
import { openForImages } from '../open-for-images.ts';
import { saveBaselines } from '../save-baselines.ts';
import { gateHolds } from '../severity-gate.ts';
import type { ImageFlags, ImageFormat } from '../scan-options.ts';

type Flags = CommonFlags & ImageFlags;

/** `gts image`: scans named images now, prints them in a format, and gates. */
export const image = async (
  context: CommandContext,
  flags: Flags,
  references: readonly string[],
): Promise<ExitCode> => {
  const format = formatOf(flags);
  const images: NamedImage[] = [
    ...references.map((reference) => ({ reference })),
    ...flags.input.map((path) => ({ archive: resolve(context.cwd, path) })),
  ];
  const read = readSettings(context, flags, { layout: 'user' });
  const severities = wantedSeverities(read);
  refuseWhatCannotBe(images, format, severities, flags);
  if (flags.baseline !== undefined && isConverted(format))
    throw usage(`${format} is made by Trivy, which knows no baselines`, 'leave out --baseline, or take another format');
  if (flags.output !== undefined) await refuseMissingDirectory(resolve(context.cwd, flags.output));

  await using opened = await openForImages(context, read.settings);
  const reportPath = (index: number): string => join(opened.scanner.reportsDirectory, `${index}.json`);
  const scanned = await scan({
    context,
    flags,
    settings: read.settings,
    scanner: opened.scanner,
    images,
    severities,
    keepReportAt: isConverted(format) ? reportPath : undefined,
  });
  const { document, unreadable } =
    flags.baseline === undefined
      ? { document: scanned, unreadable: false }
      : await withoutAccepted(context, read.settings, scanned, flags.baseline === true ? null : flags.baseline);
  const text = isConverted(format)
    ? await renderConverted(format, {
        document,
        scanner: opened.scanner,
        reportPath,
        signal: context.signal,
        warn: (message) => context.console.log.warn(message),
      })
    : renderOwn(format, document, context.console.appearance);
  if (text !== null) await deliver(context, flags, text);
  return strongest(
    judge(context, document, flags.failOn),
    unreadable ? EXIT.partly : EXIT.done,
    flags.saveBaseline === true ? await saveBaselines(context, read.settings, scanned) : EXIT.done,
  );
};

/** Better said before the scan than after it. */
const refuseMissingDirectory = async (output: string): Promise<void> => {
  const directory = dirname(output);
  const isDirectory = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isDirectory) return;
  throw new ScannerError(`${output} cannot be written: there is no directory ${directory}`, {
    code: 'directory_unusable',
    hint: 'make it, or name a file in one that is there',
  });
};

const formatOf = ({ format, json }: Flags): ImageFormat => {
  if (json !== true) return format ?? 'table';
  if (format === undefined || format === 'json') return 'json';
  throw usage(`--json and --format ${format} ask for two things on one stdout`, 'give one of them');
};

/** A developer who asks about one image wants all of it; a setting made on purpose narrows it down. */
const wantedSeverities = ({ settings, sources }: ReadSettings): readonly Severity[] =>
  sources.TRIVY_SEVERITY === 'default' ? SEVERITIES : settings.TRIVY_SEVERITY;

const refuseWhatCannotBe = (
  images: readonly NamedImage[],
  format: ImageFormat,
  severities: readonly Severity[],
  { failOn, baseline }: Flags,
): void => {
  if (images.length === 0 && typeof baseline === 'string')
    throw usage(
      `no image is named: --baseline took ${JSON.stringify(baseline)}`,
      'name the image before --baseline, e.g. gts image alpine:3.20 --baseline',
    );
  if (images.length === 0)
    throw usage('no image is named', 'name a reference, e.g. gts image alpine:3.20, or an archive with --input');
  if (images.length > 1 && (format === 'cyclonedx' || format === 'spdx'))
    throw usage(`${format} describes one image and ${images.length} are named`, 'call gts image once for each');
  const hidden =
    failOn === undefined
      ? []
      : SEVERITIES.slice(SEVERITIES.indexOf(failOn)).filter((worse) => !severities.includes(worse));
  if (hidden.length > 0)
    throw usage(
      `--fail-on ${failOn?.toLowerCase()} looks at what --severity leaves out: ${hidden.join(', ')}`,
      'list these severities too',
    );
};

const usage = (message: string, hint: string): ScannerError => new ScannerError(message, { code: 'usage', hint });

interface ImageRun {
  readonly context: CommandContext;
  readonly flags: Flags;
  readonly settings: Settings;
  readonly scanner: TrivyScanner;
  readonly images: readonly NamedImage[];
  readonly severities: readonly Severity[];
  /** Where Trivy's own reports are to be left for conversion, if it is wanted. */
  readonly keepReportAt: ((index: number) => string) | undefined;
}

const scan = async (run: ImageRun): Promise<ImageDocument> => {
  const { context, flags, settings, scanner, images, severities, keepReportAt } = run;
  const startedAt = systemClock.now().toISOString();
  context.console.progress.start();
  const extraArgs = [...settings.TRIVY_EXTRA_ARGS.flags, ...(flags.ignoreUnfixed === true ? ['--ignore-unfixed'] : [])];
  const reports = await scanNamedImages(scanner, images, {
    sources: flags.source,
    severities,
    extraArgs,
    concurrency: settings.SCAN_CONCURRENCY,
    timeoutSeconds: scanTimeoutSeconds(settings),
    ...(flags.platform !== undefined && { platform: flags.platform }),
    ...(keepReportAt !== undefined && { keepReportAt }),
    observe: ({ report, done, total }) =>
      context.console.progress.update({ done, total, unit: 'images', what: report.references[0] ?? '' }),
    signal: context.signal,
  });
  return {
    schema: 'gts.image/1',
    started_at: startedAt,
    finished_at: systemClock.now().toISOString(),
    trivy: trivyUsed(scanner.identity),
    filter: { severities: [...severities], extra_args: extraArgs },
    images: reports,
    totals: totalsOf(reports),
  };
};

/** A file that a killed command has begun is older. */
const LONGEST_WRITE_MS = 600_000;

const deliver = async ({ console, cwd }: CommandContext, { output }: Flags, text: string): Promise<void> => {
  if (output === undefined) return console.result(text);
  const path = resolve(cwd, output);
  await writeFileAtomically(path, text);
  await removeLeftovers(path, { before: new Date(Date.now() - LONGEST_WRITE_MS) }).catch(() => {
    // The report is written; a directory that may not be listed is no reason to say otherwise.
  });
  console.say(`written to ${path}`);
};

/** A gate that could not be judged for the whole of an image is no gate that held. */
const judge = (
  { console }: CommandContext,
  { images, trivy }: ImageDocument,
  failOn: Severity | undefined,
): ExitCode => {
  const codes: ExitCode[] = [EXIT.done];
  if (failOn !== undefined && trivy.db_stale)
    console.log.warn(
      '--fail-on says nothing of what was published since the vulnerability database was built: it is too old',
    );
  for (const { references, status, reason, coverage } of images) {
    if (status === 'failed') {
      console.log.warn(`${references[0]} was not scanned: ${reason?.message}`, { code: reason?.code });
      codes.push(EXIT.partly);
    } else if (failOn !== undefined && (coverage === 'partial' || coverage === 'unsupported')) {
      console.log.warn(`--fail-on says nothing of ${references[0]}: its coverage is ${coverage}`);
      codes.push(EXIT.partly);
    } else if (failOn !== undefined && coverage === 'eol') {
      console.log.warn(
        `--fail-on says little of ${references[0]}: nobody writes advisories for its distribution any more`,
      );
    }
  }
  if (!gateHolds(images, failOn)) {
    console.complain(`--fail-on ${failOn?.toLowerCase()}: findings of that severity or worse`);
    codes.push(EXIT.gate);
  }
  return strongest(...codes);
};
