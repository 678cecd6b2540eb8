export { writeFileAtomically } from './atomic-file.ts';
export { openBlobCache } from './blob-cache.ts';
export type { BlobCacheOptions, OpenBlobCache } from './blob-cache.ts';
export { checkDirectory } from './directory.ts';
export { createLockKeeper } from './lock-keeper.ts';
export { LogDirectory } from './log-directory.ts';
export type { LogDirectoryOptions } from './log-directory.ts';
export { openResultStore } from './result-store.ts';
export type { OpenResultStore, ResultStoreOptions } from './result-store.ts';
