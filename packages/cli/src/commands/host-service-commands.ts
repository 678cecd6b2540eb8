export { hostDown } from './host-down.ts';
export { hostLogs } from './host-logs.ts';
export { hostStatus } from './host-status.ts';
export { hostUp } from './host-up.ts';
