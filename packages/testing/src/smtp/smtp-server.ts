import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';

import type { SelfSignedCertificate } from './certificate.ts';
import { selfSignedCertificate } from './certificate.ts';
import { Mailroom } from './mailroom.ts';
import type { MailroomOptions, ReceivedMail } from './mailroom.ts';
import type { SmtpRefusal } from './refusals.ts';

export interface SmtpOptions extends MailroomOptions {
  /** Encrypts after STARTTLS, from the first byte, or never; never unless told. */
  readonly encryption?: 'starttls' | 'implicit' | 'none';
  /** The certificate to show; one of its own unless told. */
  readonly certificate?: SelfSignedCertificate;
  /** A free one unless told. */
  readonly port?: number;
}

/** A mail server that keeps what it takes over. */
export interface SmtpServer extends AsyncDisposable {
  readonly port: number;
  /** As PEM, for who wants to trust it; null where nothing is encrypted. */
  readonly certificate: string | null;
  readonly mails: readonly ReceivedMail[];
  /** Sign-ins that were tried, with success or without. */
  readonly logins: number;
  readonly connections: number;
  refuse(refusal: SmtpRefusal): void;
  /** From now on nothing is refused that was to be. */
  forgive(): void;
}

/** Starts a mail server on 127.0.0.1. */
export async function startSmtpServer(options: SmtpOptions = {}): Promise<SmtpServer> {
  const { encryption = 'none' } = options;
  const shown = encryption === 'none' ? null : (options.certificate ?? (await selfSignedCertificate()));
  const room = new Mailroom(options);
  const server = new SMTPServer({
    ...encryptionOptions(encryption, shown),
    ...room.handlers(),
    name: 'localhost',
    disableReverseLookup: true,
    closeTimeout: 100,
    allowInsecureAuth: true,
  });
  server.on('error', () => {});
  await once(server.listen(options.port ?? 0, '127.0.0.1'), 'listening');
  return {
    port: portOf(server.server.address()),
    certificate: shown?.certificate ?? null,
    mails: room.mails,
    get logins() {
      return room.logins;
    },
    get connections() {
      return room.connections;
    },
    refuse: (refusal) => room.refusals.add(refusal),
    forgive: () => room.refusals.clear(),
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function encryptionOptions(
  encryption: NonNullable<SmtpOptions['encryption']>,
  certificate: SelfSignedCertificate | null,
): SMTPServerOptions {
  if (certificate === null) return { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] };
  return { secure: encryption === 'implicit', key: certificate.key, cert: certificate.certificate };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The mail server has no port.');
  return address.port;
}
