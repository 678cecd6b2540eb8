export { selfSignedCertificate } from './certificate.ts';
export type { SelfSignedCertificate } from './certificate.ts';
export type { RefusalStage, SmtpRefusal } from './refusals.ts';
export { openSilentPort } from './silent-port.ts';
export type { SilentPort } from './silent-port.ts';
export type { ReceivedMail } from './mailroom.ts';
export { startSmtpServer } from './smtp-server.ts';
export type { SmtpOptions, SmtpServer } from './smtp-server.ts';
