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

import { type LeftOut, withoutAccepted } from '../accepted-findings.ts';
import { isConverted, renderConverted, renderOwn } from '../image-formats.ts';
import { isDirectory } from '../is-directory.ts';
import { openForImages } from '../open-for-images.ts';
import { saveBaselines } from '../save-baselines.ts';
import { gateHolds } from '../severity-gate.ts';
import type { ImageFlags, ImageFormat } from '../scan-options.ts';
import { writeResult } from '../write-result.ts';
import { writeSarif } from '../write-sarif.ts';

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
    throw usage(`--baseline is not supported for --format ${format}`, 'omit --baseline, or choose another format');
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
  const found: LeftOut =
    flags.baseline === undefined
      ? { document: scanned, acceptedOf: () => [], unreadable: false }
      : await withoutAccepted(context, read.settings, scanned, flags.baseline === true ? null : flags.baseline);
  const isWritten = await write(found, { context, flags, format, scanner: opened.scanner, reportPath: reportPath(0) });
  return strongest(
    judge(context, found.document, flags.failOn),
    isWritten && !found.unreadable ? EXIT.done : EXIT.partly,
    flags.saveBaseline === true ? await saveBaselines(context, read.settings, scanned) : EXIT.done,
  );
};

interface Writing {
  readonly context: CommandContext;
  readonly flags: Flags;
  readonly format: ImageFormat;
  readonly scanner: TrivyScanner;
  readonly reportPath: string;
}

/** @returns whether there was something to write */
const write = async (
  { document, acceptedOf }: LeftOut,
  { context, flags: { output }, format, scanner, reportPath }: Writing,
): Promise<boolean> => {
  if (format === 'sarif') {
    await writeSarif(context, document, { output, acceptedOf });
    return true;
  }
  const { signal, console } = context;
  const warn = (message: string): void => console.log.warn(message);
  const text = isConverted(format)
    ? await renderConverted(format, { document, scanner, reportPath, signal, warn })
    : renderOwn(format, document, console.appearance);
  if (text === null) return false;
  await writeResult(context, text, output);
  return true;
};

/** Better said before the scan than after it. */
const refuseMissingDirectory = async (output: string): Promise<void> => {
  const directory = dirname(output);
  if (await isDirectory(directory)) return;
  throw new ScannerError(`${output} cannot be written: there is no directory ${directory}`, {
    code: 'directory_unusable',
    hint: 'make it, or name a file in one that is there',
  });
};

const formatOf = ({ format, json }: Flags): ImageFormat => {
  if (json !== true) return format ?? 'table';
  if (format === undefined || format === 'json') return 'json';
  throw usage(`--json cannot be combined with --format ${format}`, 'give one of them');
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
        `--fail-on was evaluated for ${references[0]}, but its distribution has reached its end of life and no new vulnerabilities are published for it`,
      );
    }
  }
  if (!gateHolds(images, failOn)) {
    console.complain(`--fail-on ${failOn?.toLowerCase()}: findings of that severity or worse`);
    codes.push(EXIT.gate);
  }
  return strongest(...codes);
};
