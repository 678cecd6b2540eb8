import { TopDocument } from '@scanner/core';

import { builtGts } from '../built-gts.ts';
import { runInSetting, runProgram } from './catalogue-setting.ts';
import type { CatalogueSetting } from './catalogue-setting.ts';
import type { SeededCatalogue } from './seeded-catalogue.ts';

/** Whole commands; times in milliseconds. */
interface TopRound {
  readonly top: number;
  /** A Node that does nothing. */
  readonly bareNode: number;
  /** A script that reads, sorts and cuts the whole file. */
  readonly plain: number;
  readonly peakMemoryBytes: number;
  readonly plainPeakMemoryBytes: number;
}

export interface TopMeasurement {
  readonly rounds: readonly TopRound[];
  readonly problems: readonly string[];
}

const LIMIT = 20;

/** `gts top` as it is built, a Node that does nothing, and a script that does the same from the file. */
export async function measureTop(catalogue: SeededCatalogue, setting: CatalogueSetting): Promise<TopMeasurement> {
  const rounds: TopRound[] = [];
  const problems: string[] = [];
  for (let round = 0; round <= setting.rounds; round += 1) {
    setting.note(round === 0 ? 'gts top: once to warm up' : `gts top: round ${round} of ${setting.rounds}`);
    const top = await runTop(catalogue, setting);
    const bareNode = await runInSetting(['-e', '0'], setting);
    const plain = await runProgram('plain-top.ts', [catalogue.toolsFile, LIMIT], setting);
    const ids = TopDocument.parse(JSON.parse(top.stdout)).tools.map(({ id }) => id);
    if (JSON.stringify(ids) !== plain.stdout) problems.push('gts top ranks other tools than the script, or otherwise.');
    if (round === 0) continue;
    rounds.push({
      top: top.milliseconds,
      bareNode: bareNode.milliseconds,
      plain: plain.milliseconds,
      peakMemoryBytes: top.peakMemoryBytes,
      plainPeakMemoryBytes: plain.peakMemoryBytes,
    });
  }
  return { rounds, problems };
}

function runTop({ directory }: SeededCatalogue, setting: CatalogueSetting): ReturnType<typeof runInSetting> {
  return runInSetting([builtGts(), 'top', '--json', '--limit', String(LIMIT)], setting, { GTS_DATA_DIR: directory });
}
