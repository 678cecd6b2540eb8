export { aCompleteScan, aFinding, anImage } from './builders.ts';
export { clockAt, failedWith, imagesOnHost, InMemoryResultStore, RecordingPassLog, ScriptedScanner } from './fakes.ts';
export { InMemoryBlobCache } from './in-memory-blob-cache.ts';
export { InMemoryLockKeeper } from './in-memory-lock-keeper.ts';
export { aHostScan, anImageReport } from './documents.ts';
