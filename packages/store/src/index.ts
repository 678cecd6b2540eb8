export { openBlobCache } from './blob-cache.ts';
export type { BlobCacheOptions, OpenBlobCache } from './blob-cache.ts';
export { createLockKeeper } from './lock-keeper.ts';
export { openResultStore } from './result-store.ts';
export type { OpenResultStore, ResultStoreOptions } from './result-store.ts';
