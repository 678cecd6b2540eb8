import { resolve } from 'node:path';

import { type CommandContext, EXIT, type ExitCode } from '@scanner/app';
import {
  acceptancesOf,
  acceptScan,
  type BaselineStore,
  type ImageDocument,
  type ImageReport,
  whyNotAcceptable,
} from '@scanner/core';
import type { Settings } from '@scanner/core/config';
import { BaselineDirectory } from '@scanner/store';

import { asOnHost } from './open-baselines.ts';

/**
 * Accepts what was found in each image, and says so: where there is no engine, this is how a baseline begins. What cannot
 * be accepted keeps what it had and is named.
 */
export const saveBaselines = async (
  { console, cwd }: CommandContext,
  settings: Settings,
  document: ImageDocument,
): Promise<ExitCode> => {
  const baselines = new BaselineDirectory(resolve(cwd, settings.SNAPSHOT_DIR));
  return baselines.exclusively(async () => {
    let code: ExitCode = EXIT.done;
    for (const image of document.images) {
      const name = image.references[0] ?? 'an image';
      const outcome = await save(baselines, image, document);
      if ('refusal' in outcome) {
        console.log.warn(`${name} was not accepted: ${outcome.refusal}`);
        code = EXIT.partly;
      } else console.say(console.inert(`${name}: ${outcome.accepted} findings accepted, in ${outcome.file}`));
    }
    return code;
  });
};

type Outcome = { readonly accepted: number; readonly file: string } | { readonly refusal: string };

const save = async (
  baselines: BaselineStore,
  image: ImageReport,
  { filter, trivy, finished_at: at }: ImageDocument,
): Promise<Outcome> => {
  const [reference] = image.source === 'archive' ? [] : asOnHost(image.references);
  if (reference === undefined) return { refusal: 'an archive has no name to be accepted under' };
  if (image.status !== 'complete' || image.coverage === null) return { refusal: 'it was not scanned' };
  const reason = whyNotAcceptable({ coverage: image.coverage, databaseStale: trivy.db_stale });
  if (reason !== null) return { refusal: reason };
  const stored = await baselines.read(reference, []);
  const rules = await baselines.readRules();
  for (const file of [stored, rules])
    if (file?.status === 'unreadable') return { refusal: `${file.file} ${file.problem}` };
  const baseline = acceptScan(
    {
      reference,
      imageId: image.id,
      coverage: image.coverage,
      databaseStale: trivy.db_stale,
      findings: image.findings,
      filter,
    },
    {
      at,
      before: stored?.status === 'read' ? stored.baseline : null,
      byRules: rules.status === 'read' ? acceptancesOf(reference, null, rules.rules.rules) : null,
    },
  );
  const saving = await baselines.save(reference, baseline);
  return saving.status === 'saved'
    ? { accepted: baseline.findings.length, file: saving.file }
    : { refusal: `${saving.file} ${saving.problem}` };
};
