import { type CommandContext, type CommonFlags, EXIT, type ExitCode, readSettings } from '@scanner/app';
import {
  type CompareDocument,
  compareImages,
  scanNamedImages,
  SEVERITIES,
  systemClock,
  trivyUsed,
} from '@scanner/core';
import { scanTimeoutSeconds } from '@scanner/core/config';
import { renderComparison } from '@scanner/report';

import { openForImages } from '../open-for-images.ts';
import type { ImageFlags } from '../scan-options.ts';

type Flags = CommonFlags & Pick<ImageFlags, 'source' | 'platform'>;

/** `gts compare`: fresh scans of two images, and what changing one for the other does. */
export const compare = async (
  context: CommandContext,
  flags: Flags,
  references: readonly string[],
): Promise<ExitCode> => {
  const { console, signal } = context;
  const { settings, sources } = readSettings(context, flags, { layout: 'user' });
  const severities = sources.TRIVY_SEVERITY === 'default' ? SEVERITIES : settings.TRIVY_SEVERITY;
  const startedAt = systemClock.now().toISOString();
  await using opened = await openForImages(context, settings);
  const [a, b] = await scanNamedImages(
    opened.scanner,
    references.map((reference) => ({ reference })),
    {
      sources: flags.source,
      severities,
      extraArgs: settings.TRIVY_EXTRA_ARGS.flags,
      concurrency: settings.SCAN_CONCURRENCY,
      timeoutSeconds: scanTimeoutSeconds(settings),
      observe: ({ report, done, total }) =>
        console.progress.update({ done, total, unit: 'images', what: report.references[0] ?? '' }),
      ...(flags.platform !== undefined && { platform: flags.platform }),
      signal,
    },
  );
  if (a === undefined || b === undefined) throw new TypeError('two images were named and not two were scanned');
  const document: CompareDocument = {
    schema: 'gts.compare/1',
    started_at: startedAt,
    finished_at: systemClock.now().toISOString(),
    trivy: trivyUsed(opened.scanner.identity),
    filter: { severities: [...severities], extra_args: [...settings.TRIVY_EXTRA_ARGS.flags] },
    a,
    b,
    ...compareImages(a, b),
  };
  if (console.json) await console.document(document);
  else await console.result(renderComparison(document, console.appearance));
  return document.comparable ? EXIT.done : EXIT.partly;
};
