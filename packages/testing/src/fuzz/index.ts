export { fuzzFromCommandLine } from './fuzz-from-command-line.ts';
export { fuzzTarget } from './fuzz-target.ts';
export type { FuzzOutcome, FuzzSubject, FuzzTarget } from './fuzz-target.ts';
export { anyBytes, mutatedBytes, mutatedText } from './mutated-bytes.ts';
export { mutatedJson } from './mutated-json.ts';
export { oddArchive } from './odd-archives.ts';
