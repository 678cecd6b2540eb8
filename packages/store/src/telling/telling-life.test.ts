import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  NOTHING_TOLD,
  type OutboxMessage,
  type ReferenceState,
  type TellingStore,
  unscannedReference,
} from '@scanner/core';
import { InMemoryTellingStore } from '@scanner/core/testing';

import { openTellingStore } from './open-telling-store.ts';
import type { OpenTellingStore } from './sqlite-telling-store.ts';

const START = '2026-11-22T00:00:00.000Z';
const RECIPIENTS = ['a@example.org', 'b@example.org', 'c@example.org'];

type Step =
  | {
      readonly kind: 'commit';
      readonly references: readonly string[];
      readonly keys: readonly string[];
      readonly message: { readonly id: number; readonly mail: readonly string[]; readonly webhook: boolean } | null;
      /** Whether the message names what did not arrive. */
      readonly names: boolean;
    }
  | {
      readonly kind: 'sent' | 'retry' | 'held' | 'refused' | 'again' | 'give up';
      readonly head: number;
      readonly minute: number;
    }
  | { readonly kind: 'reopen' };

const minute = fc.integer({ min: 0, max: 59 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('commit' as const),
    references: fc.uniqueArray(fc.constantFrom('a:1', 'b:1', 'B:1', '__proto__', 'é:1')),
    keys: fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }),
    message: fc.option(
      fc.record({
        id: fc.integer({ min: 0, max: 8 }),
        mail: fc.subarray(RECIPIENTS),
        webhook: fc.boolean(),
      }),
    ),
    names: fc.boolean(),
  }),
  fc.record({
    kind: fc.constantFrom('sent', 'retry', 'held', 'refused', 'again', 'give up'),
    head: fc.nat({ max: 5 }),
    minute,
  }),
  fc.record({ kind: fc.constant('reopen' as const) }),
);

const stateOf = (reference: string, keys: readonly string[]): ReferenceState => ({
  ...unscannedReference(reference, START),
  standing: 'pending',
  unlisted: keys.map((key) => [key, [[START, 'LOW', 'affected']]]),
});

const messageOf = ({
  id,
  mail,
  webhook,
}: {
  id: number;
  mail: readonly string[];
  webhook: boolean;
}): OutboxMessage => ({
  id: `notice ${id}`,
  createdAt: START,
  mail: {
    subject: 's',
    text: 't',
    html: 'h',
    messageId: `<${id}@example.org>`,
    thread: '<t@example.org>',
    recipients: [...mail],
  },
  webhook: webhook ? '{}' : null,
});

const take = (store: TellingStore, given: Step): void => {
  if (given.kind === 'reopen') return;
  if (given.kind === 'commit') {
    const references = given.references.toSorted((a, b) => (a < b ? -1 : 1)).map((name) => stateOf(name, given.keys));
    store.commit({
      state: { ...NOTHING_TOLD, references },
      message: given.message && messageOf(given.message),
      names: given.names ? store.undelivered() : [],
    });
    return;
  }
  const heads = store.heads();
  const head = heads[given.head % heads.length];
  if (head === undefined) return;
  const at = `2026-11-22T01:${String(given.minute).padStart(2, '0')}:00.000Z`;
  if (given.kind === 'sent') store.recordSent(head, at);
  if (given.kind === 'refused') store.recordRefused(head, { at, error: 'refused', nextAt: at });
  if (given.kind === 'held') store.recordRetry(head, { at, error: `held ${given.minute}`, nextAt: at, held: true });
  if (given.kind === 'again') store.retry(head.recipient);
  if (given.kind === 'give up') store.giveUp({ decidedAfter: at, waiting: given.minute % 5 }, at);
  if (given.kind === 'retry') store.recordRetry(head, { at, error: `later ${given.minute}`, nextAt: at, held: false });
};

const shown = (store: TellingStore) => ({
  told: store.read(),
  heads: store.heads(),
  dead: store.deadLetters(100),
  state: store.state(),
  undelivered: store.undelivered(),
  messages: Array.from({ length: 9 }, (_, id) => store.find(`notice ${id}`)),
});

test('whatever is committed and delivered in whatever order, the store shows what a simple model shows', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const directory = mkdtempSync(join(tmpdir(), 'gts-telling-life-'));
      const clock = { now: () => new Date(START), elapsed: () => 0 };
      const open = (): OpenTellingStore => openTellingStore(join(directory, 'telling.db'), { clock });
      const model = new InMemoryTellingStore();
      let store = open();
      try {
        for (const given of steps) {
          take(model, given);
          take(store, given);
          if (given.kind === 'reopen') {
            store.close();
            store = open();
          }
          expect(shown(store)).toEqual(shown(model));
        }
      } finally {
        store.close();
        rmSync(directory, { recursive: true });
      }
    }),
    { numRuns: 100 },
  );
});
