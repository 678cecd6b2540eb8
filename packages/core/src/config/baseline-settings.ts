import { setting } from './setting.ts';
import { path, yesOrNo } from './value-kind.ts';

/** Where what is accepted lies, and when it is saved. */
export const BASELINE_SETTINGS = {
  SNAPSHOT_DIR: setting({
    group: 'Notices',
    kind: path,
    default: { shown: '`<SCANNER_DIR>/snapshots`', from: ({ snapshots }) => snapshots },
    description: 'Directory of the baselines: one file an image reference with the findings that are accepted.',
    example: '/srv/baselines',
  }),
  SNAPSHOT_WRITE: setting({
    group: 'Notices',
    flag: '--save-snapshot',
    kind: yesOrNo,
    default: 'off',
    description: 'Accept what this pass finds, as the baseline that later passes are compared with.',
    example: 'on',
  }),
};
