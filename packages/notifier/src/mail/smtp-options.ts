import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { domainToASCII } from 'node:url';

import type { Mailbox, SmtpSecurity } from '@scanner/core/config';
import type { SMTPTransportOptions } from 'nodemailer/lib/smtp-transport';

/** A mail server, and who sends through it. */
export interface MailOptions {
  readonly host: string;
  readonly port: number;
  /** See `smtpSecurity` for what the settings say. */
  readonly security: SmtpSecurity;
  readonly account: { readonly user: string; readonly pass: string } | null;
  readonly from: Mailbox;
  /** Certificates to trust besides the usual ones, as PEM. */
  readonly trust?: string;
  /** Milliseconds that one step may take; see {@link MAIL_TIMEOUTS}. */
  readonly timeouts?: Partial<MailTimeouts>;
}

export interface MailTimeouts {
  /** To look up its name and connect. */
  readonly connection: number;
  readonly greeting: number;
  /** Between two signs of life, the check of the message's content included. */
  readonly silence: number;
  /** For all of it. */
  readonly whole: number;
}

/** In milliseconds. */
export const MAIL_TIMEOUTS: MailTimeouts = {
  connection: 15_000,
  greeting: 15_000,
  silence: 120_000,
  whole: 180_000,
};

/** How nodemailer is told of a mail server. */
export const smtpOptions = (options: MailOptions): SMTPTransportOptions => {
  const { host, port, account, from } = options;
  const timeouts = { ...MAIL_TIMEOUTS, ...options.timeouts };
  return {
    host,
    port,
    ...encryption(options),
    ...(account !== null && { auth: { ...account }, forceAuth: true }),
    name: greetingName(from.address),
    connectionTimeout: timeouts.connection,
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.silence,
    maxResponseSize: 64 * 1024,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
};

/** Loaded where it is needed: it takes long, and most passes send nothing. */
const usualAuthorities = (): string[] => process.getBuiltinModule('node:tls').getCACertificates('default');

const encryption = ({ security, host, account, trust }: MailOptions): SMTPTransportOptions => {
  const tls: ConnectionOptions = {
    ...(trust !== undefined && { ca: [...usualAuthorities(), trust] }),
    ...(isIP(host) === 0 && { servername: host }),
  };
  switch (security) {
    case 'implicit':
      return { secure: true, tls };
    case 'required':
      return { secure: false, requireTLS: true, tls };
    case 'opportunistic':
      // Who can show a false certificate can as well hide that encryption is offered; a password asks for a true one.
      return { secure: false, tls: { ...tls, rejectUnauthorized: account !== null } };
    case 'none':
      return { secure: false, ignoreTLS: true };
  }
};

/** The name to greet a server with: the sender's domain, never that of a container. */
const greetingName = (address: string): string => {
  const domain = mailDomain(address);
  return domain.includes('.') ? domain : '[127.0.0.1]';
};

/** The domain of an address, in ASCII. */
export const mailDomain = (address: string): string =>
  domainToASCII(address.slice(address.lastIndexOf('@') + 1)) || 'localhost';
