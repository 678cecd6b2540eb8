import { buffer } from 'node:stream/consumers';

import type { SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server';

import { SmtpRefusals } from './refusals.ts';

/** A mail as it came in. */
export interface ReceivedMail {
  readonly sender: string;
  readonly recipients: readonly string[];
  /** The message with its headers, as it was sent. */
  readonly raw: Buffer;
  readonly encrypted: boolean;
  /** Who had signed in, null without. */
  readonly user: string | null;
}

export interface MailroomOptions {
  /** Who may send; anybody, without signing in, unless told. */
  readonly account?: { readonly user: string; readonly pass: string };
  /** Called with each mail that was taken over, before the client is told; the answer waits for it. */
  readonly onMail?: (mail: ReceivedMail) => void | Promise<void>;
}

/** What happens behind a mail server: who may send, what is refused, what was taken over. */
export class Mailroom {
  readonly mails: ReceivedMail[] = [];
  readonly refusals = new SmtpRefusals();
  readonly #options: MailroomOptions;
  #logins = 0;
  #connections = 0;

  constructor(options: MailroomOptions) {
    this.#options = options;
  }

  get logins(): number {
    return this.#logins;
  }

  get connections(): number {
    return this.#connections;
  }

  /** How the server's library is told of it. */
  handlers(): SMTPServerOptions {
    return {
      authOptional: this.#options.account === undefined,
      onAuth: ({ username, password }, _session, answer) => {
        const refused = this.refusals.refusalOf('login');
        if (refused !== null) return answer(refused);
        if (this.#signsIn(username, password)) answer(null, { user: username });
        else answer(new Error('Authentication credentials invalid'));
      },
      onConnect: (_session, answer) => {
        this.#connections += 1;
        answer(this.refusals.refusalOf('connect'));
      },
      onMailFrom: (_address, _session, answer) => answer(this.refusals.refusalOf('sender')),
      onRcptTo: ({ address }, _session, answer) => answer(this.refusals.refusalOf('recipient', [address])),
      onData: (stream, session, answer) => void this.#take(stream, session).then(answer, answer),
    };
  }

  #signsIn(user: unknown, pass: unknown): boolean {
    this.#logins += 1;
    const { account } = this.#options;
    return account !== undefined && user === account.user && pass === account.pass;
  }

  async #take(stream: SMTPServerDataStream, { envelope, secure, user }: SMTPServerSession): Promise<Error | null> {
    const recipients = envelope.rcptTo.map(({ address }) => address);
    const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
    const raw = await buffer(stream);
    const refused = this.refusals.refusalOf('data', recipients);
    if (refused !== null) return refused;
    const mail = { sender, recipients, raw, encrypted: secure, user: typeof user === 'string' ? user : null };
    this.mails.push(mail);
    await this.#options.onMail?.(mail);
    return null;
  }
}
