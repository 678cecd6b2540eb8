import { z } from 'zod';

import { shownValue } from './problem.ts';
import { splitList, type ValueKind } from './value-kind.ts';

/** Somebody who sends or gets mail. */
export interface Mailbox {
  /** Empty where none was given. */
  readonly name: string;
  readonly address: string;
}

const MAX_MAILBOXES = 50;
/** Plain addresses only: no quotes, no comments, no routes. */
const ADDRESS = /^[\w!#$%&'*+/=?^`{|}~.-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,251}[\p{L}\p{N}])?$/u;
const NAMED = /^([^<>"@\p{C}]{0,100})<([^<>]+)>$/u;

/** `someone@example.org`, or `Some One <someone@example.org>`; null for anything else. */
const parseMailbox = (text: string): Mailbox | null => {
  const [, name = '', address = text] = NAMED.exec(text.trim()) ?? [];
  return ADDRESS.test(address.trim()) ? { name: name.trim(), address: address.trim() } : null;
};

export const mailbox: ValueKind<Mailbox> = {
  accepted: 'a mail address, alone or as Name <someone@example.org>',
  placeholder: 'address',
  schema: z
    .string()
    .max(4096)
    .transform((text, context) => parseMailbox(text) ?? refuse(text, context)),
};

/** One after the other, each address once. */
export const mailboxes: ValueKind<readonly Mailbox[]> = {
  accepted: `a comma-separated list of at most ${MAX_MAILBOXES} mail addresses`,
  placeholder: 'list',
  schema: z
    .string()
    .transform((text) => splitList(text))
    .pipe(z.array(z.string()).max(MAX_MAILBOXES))
    .transform((items, context) => {
      const listed = items.map((item) => parseMailbox(item) ?? refuse(item, context));
      return [...new Map(listed.map((each) => [each.address, each])).values()];
    }),
};

const refuse = (text: string, context: z.RefinementCtx): never => {
  context.addIssue({ code: 'custom', message: `mail addresses such as someone@example.org, not ${shownValue(text)}` });
  return z.NEVER;
};
