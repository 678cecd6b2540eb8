import { resolve } from 'node:path';

import type { CommandContext } from '@scanner/app';
import { type ImageDocument, type ImageReport, leaveOutAccepted, ScannerError } from '@scanner/core';
import type { Settings } from '@scanner/core/config';
import { BaselineDirectory } from '@scanner/store';

import { asOnHost } from './open-baselines.ts';

/**
 * The document without what the images' baselines accept, and says what was left out.
 *
 * @throws ScannerError `store_corrupt` for a baseline that cannot be used: what it accepts is not known then
 */
export const withoutAccepted = async (
  { console, cwd }: CommandContext,
  settings: Settings,
  document: ImageDocument,
): Promise<ImageDocument> => {
  const baselines = new BaselineDirectory(resolve(cwd, settings.SNAPSHOT_DIR));
  const images: ImageReport[] = [];
  for (const image of document.images) {
    const [reference] = asOnHost(image.references);
    const stored =
      image.source === 'archive' || reference === undefined ? undefined : await baselines.read(reference, []);
    if (stored?.status === 'unreadable')
      throw new ScannerError(`the baseline of ${reference} cannot be used, ${stored.file}: ${stored.problem}`, {
        code: 'store_corrupt',
        hint: 'mend the file, or accept anew with gts baseline save',
      });
    if (stored === undefined) {
      console.log.warn(`there is no baseline of ${image.references[0] ?? 'an image'}: nothing of it is left out`);
      images.push(image);
      continue;
    }
    const { report, accepted } = leaveOutAccepted(image, stored.baseline, document.finished_at);
    console.say(console.inert(`${reference}: ${accepted} accepted findings are left out`));
    images.push(report);
  }
  return { ...document, images };
};
