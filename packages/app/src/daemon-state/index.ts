export { Health, judgeHealth, missingPass, readHealth, SIGN_OF_LIFE_MS, writeHealth } from './health.ts';
export { factsOf, LastPass, readLastPass, writeLastPass } from './last-pass.ts';
export type { ImageFacts } from './last-pass.ts';
