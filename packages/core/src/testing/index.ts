export { aCompleteScan, aFinding, anImage, aTool, aToolScan } from './builders.ts';
export { clockAt, failedWith, imagesOnHost, InMemoryResultStore, RecordingPassLog, ScriptedScanner } from './fakes.ts';
export { InMemoryBaselineStore } from './in-memory-baseline-store.ts';
export { InMemoryBlobCache } from './in-memory-blob-cache.ts';
export { InMemoryOutbox } from './in-memory-outbox.ts';
export { InMemoryLockKeeper } from './in-memory-lock-keeper.ts';
export { aHostScan, anImageReport } from './documents.ts';
export { InMemoryToolStore } from './in-memory-tool-store.ts';
export { ScriptedDigests } from './scripted-digests.ts';
