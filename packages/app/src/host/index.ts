export {
  composeDatabase,
  composeScanner,
  findTrivy,
  networkEnvironment,
  registryCredentials,
} from './compose-scanner.ts';
export { engineEndpoint } from './engine-endpoint.ts';
export { knownHostName } from './host-identity.ts';
export type { HostIdentity } from './host-identity.ts';
export { readImageSelection } from './image-selection.ts';
export { hostPassOnce } from './host-pass-once.ts';
export { checkMailAuthorities, mailSenderOf } from './mail-sender.ts';
export { networkDispatcher } from './network-dispatcher.ts';
export { openTelling } from './open-telling.ts';
export type { OpenTelling } from './open-telling.ts';
export { runHostPass } from './run-host-pass.ts';
export type { HostParts } from './run-host-pass.ts';
