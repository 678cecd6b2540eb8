export { aCompleteScan, aFinding, anImage } from './builders.ts';
export { clockAt, failedWith, imagesOnHost, InMemoryResultStore, RecordingPassLog, ScriptedScanner } from './fakes.ts';
