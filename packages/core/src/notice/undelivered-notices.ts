import type { UndeliveredDelivery } from '../ports/telling-store.ts';
import type { NoticeCaps, UndeliveredNotices } from './notice.ts';
import { clip, cutList, type CutList, shortenNames } from './shorten.ts';

/** What did not reach somebody, one entry a reason. */
export const undeliveredNotices = (
  deliveries: readonly UndeliveredDelivery[],
  caps: NoticeCaps,
): CutList<UndeliveredNotices> => {
  const groups = Map.groupBy(deliveries, ({ channel, status, reachedOthers, lastError }) =>
    JSON.stringify([channel, status, reachedOthers, lastError]),
  );
  const items = [...groups.values()].flatMap((group): UndeliveredNotices[] => {
    const [first] = group;
    if (first === undefined) return [];
    const decided = group.map(({ decidedAt }) => decidedAt).toSorted();
    const recipients = [...new Set(group.map(({ recipient }) => recipient))].toSorted();
    return [
      {
        notices: new Set(group.map(({ message }) => message)).size,
        from: decided[0] ?? first.decidedAt,
        to: decided.at(-1) ?? first.decidedAt,
        channel: first.channel,
        recipients: shortenNames(recipients, caps.references, caps),
        outcome: first.status === 'dead' ? 'given_up' : 'held',
        reachedNobody: !first.reachedOthers,
        reason: first.lastError && clip(first.lastError, caps.text * 2),
      },
    ];
  });
  return cutList(
    items.toSorted((a, b) => (a.from < b.from ? -1 : 1)),
    caps.failures,
  );
};

/**
 * Whether somebody is to hear of it at once: a notice is held for some while others get theirs. What was given up waits
 * for the next notice, since to tell a recipient who refuses everything would be refused too, pass after pass.
 */
export const isHeldForSome = (deliveries: readonly UndeliveredDelivery[]): boolean =>
  deliveries.some(({ status, reachedOthers }) => status === 'pending' && reachedOthers);
