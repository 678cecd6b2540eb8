import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { judged } from '../aim.ts';
import type { HostSize } from './invented-host.ts';
import { aimsOf, renderLarge } from './large-text.ts';
import { type LargePass, measureHost } from './measure-host.ts';

/** Each with a host of half its size before it, which says whether time grows with the size or faster. */
const HOSTS: readonly HostSize[] = [
  { images: 2000, findings: 100 },
  { images: 800, findings: 2000 },
  { images: 80, findings: 20_000 },
];

/** What a pass takes on hosts that are larger than almost all. */
export const largeSuite: Suite = {
  name: 'hosts-large',
  summary: 'time and memory of passes over 2,000 images, and over 1,600,000 findings',
  options: {},
  optionsHelp: [],
  prepare: () => measureLarge,
};

async function measureLarge(context: SuiteContext): Promise<SuiteOutcome> {
  const passes: LargePass[] = [];
  const problems: string[] = [];
  for (let round = 1; round <= context.rounds; round += 1)
    for (const host of HOSTS)
      for (const images of [host.images / 2, host.images]) {
        const measured = await measureHost({ ...host, images }, context);
        passes.push(...measured.passes);
        problems.push(...measured.problems);
      }
  return { text: renderLarge(HOSTS, passes), result: { passes, aims: judged(aimsOf(HOSTS, passes)) }, problems };
}
