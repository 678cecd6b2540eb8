export type { HubAccount } from './accounts.ts';
export type { HubAnswer } from './answer.ts';
export * from './content.ts';
export * from './docker-hub.ts';
export type { HubFault, HubFaultRule } from './faults.ts';
export * from './oddities.ts';
export * from './published-catalogue.ts';
export type { LimitRefusal, RequestLimit } from './request-limit.ts';
export type { AnonymousDepth } from './shelf.ts';
