import { z } from 'zod';

import { shownValue } from './problem.ts';
import type { ValueKind } from './value-kind.ts';

/** The sender or a recipient of mail. */
export interface Mailbox {
  /** Empty where none was given. */
  readonly name: string;
  readonly address: string;
}

const MAX_MAILBOXES = 50;
const LONGEST_NAME = 100;
const LONGEST_LIST = 32_768;
/** Plain addresses only: no quotes, no comments, no routes. */
const ADDRESS = /^[\w!#$%&'*+/=?^`{|}~.-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,251}[\p{L}\p{N}])?$/u;
/** A name in front of an address in angle brackets: in quotes, or plain. */
const NAMED = /^(?:"((?:[^"\\]|\\.)*)"|([^<>"@]*))\s*<([^<>]+)>$/u;
/** What separates mailboxes, and the quoted names in which it does not. */
const QUOTED_OR_SEPARATOR = /"(?:[^"\\]|\\.)*"|[,\r\n]/gu;

/**
 * Reads `someone@example.org`, `Some One <someone@example.org>` or, as RFC 5322 quotes names,
 * `"One, Some" <someone@example.org>`.
 *
 * @returns null for anything else
 */
const parseMailbox = (text: string): Mailbox | null => {
  const [, quoted, plain, address = text] = NAMED.exec(text.trim()) ?? [];
  const name = (quoted?.replaceAll(/\\(.)/gu, '$1') ?? plain ?? '').trim();
  const isFit = name.length <= LONGEST_NAME && !/\p{C}/u.test(name) && ADDRESS.test(address.trim());
  return isFit ? { name, address: address.trim() } : null;
};

/** Items between commas or line breaks that do not stand in quotes. */
const splitMailboxes = (text: string): string[] => {
  const separators = [...text.matchAll(QUOTED_OR_SEPARATOR)].filter(([found]) => !found.startsWith('"'));
  const starts = [0, ...separators.map(({ index }) => index + 1)];
  const ends = [...separators.map(({ index }) => index), text.length];
  return starts.map((start, item) => text.slice(start, ends[item]).trim()).filter((item) => item !== '');
};

export const mailbox: ValueKind<Mailbox> = {
  accepted: 'a mail address, alone or as Name <someone@example.org> or "Name, Some" <someone@example.org>',
  placeholder: 'address',
  schema: z
    .string()
    .max(4096)
    .transform((text, context) => parseMailbox(text) ?? refuse(text, context)),
};

/** One after the other, each address once. */
export const mailboxes: ValueKind<readonly Mailbox[]> = {
  accepted: `a comma-separated list of at most ${MAX_MAILBOXES} mail addresses, each alone or as Name <someone@example.org>`,
  placeholder: 'list',
  schema: z
    .string()
    .max(LONGEST_LIST)
    .transform((text) => splitMailboxes(text))
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
