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
  const stored = await baselines.readRules();
  if (stored.status === 'unreadable') throw unusable(`${stored.file} ${stored.problem}`);
  const { rules } = stored.rules;
  for (const image of document.images) {
    const [reference] = asOnHost(image.references);
    const own = image.source === 'archive' || reference === undefined ? undefined : await baselines.read(reference, []);
    if (own?.status === 'unreadable') throw unusable(`${own.file} ${own.problem}`);
    if (own === undefined && rules.length === 0) {
      console.log.warn(`there is no baseline of ${image.references[0] ?? 'an image'}: nothing of it is left out`);
      images.push(image);
      continue;
    }
    const { report, accepted } = leaveOutAccepted(
      { ...image, references: asOnHost(image.references) },
      own?.baseline ?? null,
      document.finished_at,
      rules,
    );
    console.say(console.inert(`${reference ?? 'an image'}: ${accepted} accepted findings are left out`));
    images.push({ ...report, references: image.references });
  }
  return { ...document, images };
};

const unusable = (what: string): ScannerError =>
  new ScannerError(`what is accepted cannot be read: ${what}`, {
    code: 'store_corrupt',
    hint: 'mend the file, or accept anew with gts baseline save',
  });
