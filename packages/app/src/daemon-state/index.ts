export { Health, judgeHealth, missingPass, readHealth, SIGN_OF_LIFE_MS, writeHealth } from './health.ts';
export { factsOf, howItEnded, LastPass, readLastPass, writeLastPass } from './last-pass.ts';
export { readManualPass, recorded } from './manual-pass.ts';
export type { ManualPass } from './manual-pass.ts';
export type { ImageFacts } from './last-pass.ts';
