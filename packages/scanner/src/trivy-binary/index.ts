export { installTrivy } from './install-trivy.ts';
export type { InstallOptions, InstallProgress } from './install-options.ts';
export { locateTrivy } from './locate-trivy.ts';
export type { LocateOptions } from './locate-trivy.ts';
export type { DownloadDeadlines } from './release-download.ts';
export type { TrivyBinary } from './trivy-binary.ts';
export { PINNED_VERSION as PINNED_TRIVY_VERSION } from './trivy-version.ts';
