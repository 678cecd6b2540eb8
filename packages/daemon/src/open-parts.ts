import { type CommandContext, type Place, readSettings, type ReadSettings } from '@scanner/app';
import { engineEndpoint, type HostIdentity, openTelling, runHostPass } from '@scanner/app/host';
import type { LockKeeper, Outbox } from '@scanner/core';

import type { OpenParts } from './service.ts';

export interface OpenerInput {
  readonly context: CommandContext;
  readonly flags: object;
  /** As they were at the start. */
  readonly read: ReadSettings;
  readonly place: Place;
  readonly locks: LockKeeper;
  /** Stands before the outbox and sees what becomes of each delivery. */
  readonly watchOutbox: (outbox: Outbox) => Outbox;
}

/** The parts with the outbox that they deliver from. */
export type PartsWithOutbox = OpenParts & { readonly outbox: Outbox; readonly identity: HostIdentity };

/** Makes what passes and deliveries need, with the secrets as they are then; settings themselves stay those of the start. */
export const opener = async ({
  context,
  flags,
  read: first,
  place,
  locks,
  watchOutbox,
}: OpenerInput): Promise<() => Promise<PartsWithOutbox>> => {
  const endpoint = await engineEndpoint(context, first.settings);
  let read: ReadSettings | null = null;
  return async () => {
    const mended = read !== null;
    const now = read === null ? first : readAgain(context, flags, read);
    read = now;
    const told = await openTelling(context, now.settings, place, { watchOutbox });
    const host = { context, place, locks, endpoint, telling: told.telling, identity: told.identity };
    return {
      outbox: told.outbox,
      identity: told.identity,
      pass: ({ signal, observe }) => runHostPass(host, { read: now, observe, signal }),
      deliver: async (signal) => {
        // Who has just mended a secret wants to see it work; a restart alone mends nothing.
        if (mended) await told.sender.deliverDue(signal, { early: true });
        await told.sender.run(signal);
      },
      wake: () => told.sender.wake(),
      deliveries: () => {
        const { pending, held, heldSince, heldForEverybody, dead, oldestPendingAt, lastError } = told.outbox.state();
        return {
          summary: {
            pending,
            held,
            held_since: heldSince,
            dead,
            oldest_pending_at: oldestPendingAt,
            last_error: lastError,
          },
          heldForEverybody,
        };
      },
      [Symbol.asyncDispose]: () => told[Symbol.asyncDispose](),
    };
  };
};

const readAgain = (context: CommandContext, flags: object, before: ReadSettings): ReadSettings => {
  try {
    return readSettings(context, flags, { layout: 'container', dotEnv: before.dotEnv });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.console.log.warn(`the secrets as they are now cannot be used, so those of before are: ${why}`);
    return before;
  }
};
