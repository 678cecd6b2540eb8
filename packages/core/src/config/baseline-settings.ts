import { setting } from './setting.ts';
import { path, yesOrNo } from './value-kind.ts';

/** Where baselines are kept, and when one is saved. */
export const BASELINE_SETTINGS = {
  SNAPSHOT_DIR: setting({
    group: 'Notices',
    kind: path,
    default: { shown: '`<SCANNER_DIR>/snapshots`', from: ({ snapshots }) => snapshots },
    description: 'Directory of the baselines: one JSON file for each image reference, with its accepted findings.',
    example: '/srv/baselines',
  }),
  SNAPSHOT_WRITE: setting({
    group: 'Notices',
    flag: '--save-snapshot',
    kind: yesOrNo,
    default: 'off',
    description:
      'After the pass, save its findings as the baseline (the accepted findings) of each image, as `gts baseline save` does. On a daemon this repeats after every pass, so nothing is ever reported: give it together with `--once`.',
    example: 'on',
  }),
};
