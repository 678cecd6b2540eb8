import { resolve } from 'node:path';

import type { Check } from '@scanner/core';
import { BaselineDirectory } from '@scanner/store';

import { bad, type CheckParts, good, odd } from './check.ts';

/** Whether what is accepted can be read: a file that cannot accepts nothing. */
export const checkBaselines = async ({ context, settings }: CheckParts): Promise<Check[]> => {
  const path = resolve(context.cwd, settings.SNAPSHOT_DIR);
  const unusable: Check[] = [];
  let readable = 0;
  try {
    const baselines = new BaselineDirectory(path);
    for await (const stored of baselines.list([])) {
      if (stored.status === 'read') readable += 1;
      else unusable.push(odd('baselines', `${stored.file} ${stored.problem}`, MEND));
    }
    const rules = await baselines.readRules();
    if (rules.status === 'unreadable') unusable.push(odd('baselines', `${rules.file} ${rules.problem}`, MEND));
  } catch (error) {
    return [bad('baselines', error)];
  }
  const message = readable === 1 ? `1 baseline in ${path}` : `${readable} baselines in ${path}`;
  return unusable.length === 0 ? [good('baselines', message)] : unusable;
};

const MEND =
  'correct or remove the file; until then its findings count as accepted only where they were accepted before';
