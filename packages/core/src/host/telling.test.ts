import { describe, expect, it } from 'vitest';

import type { Baseline } from '../baseline/baseline.ts';
import { ScannerError } from '../errors.ts';
import type { Finding } from '../model/finding.ts';
import type { Notice } from '../notice/notice.ts';
import type { PassImage } from '../notice/pass.ts';
import type { OutboxMessage } from '../ports/outbox.ts';
import { aCompleteScan, aFinding } from '../testing/builders.ts';
import { InMemoryBaselineStore } from '../testing/in-memory-baseline-store.ts';
import { InMemoryTellingStore } from '../testing/in-memory-telling-store.ts';
import { type ConcludedPass, Telling, type TellingParts } from './telling.ts';

const openssl = aFinding();
const curl = aFinding({ vulnerability: 'CVE-2026-2000', package: 'curl' });

const scanned = (findings: readonly Finding[], reference = 'app:1', id = 'sha256:a'): PassImage => ({
  id,
  references: [reference],
  containers: [],
  outcome: { ...aCompleteScan({ findings: [...findings] }), matched: true },
});

const aPass = (images: readonly PassImage[], given: Partial<ConcludedPass> = {}): ConcludedPass => ({
  at: '2026-11-22T03:00:00.000Z',
  images,
  onHost: images.flatMap(({ references }) => references),
  scanner: {
    trivyVersion: '0.74.0',
    databaseGeneration: 'g1',
    databaseUpdatedAt: '2026-11-21T00:00:00Z',
    databaseStale: false,
  },
  filter: { severities: ['HIGH', 'CRITICAL'], extra_args: [] },
  trouble: null,
  interrupted: false,
  ...given,
});

const message = (notice: Notice): OutboxMessage => ({
  id: notice.decidedAt,
  createdAt: notice.decidedAt,
  mail: null,
  webhook: JSON.stringify(notice),
});

const aDesk = (freeze: TellingParts['freeze'] = message) => {
  const [store, baselines] = [new InMemoryTellingStore(), new InMemoryBaselineStore()];
  const tellingThat = (accepts: boolean) =>
    new Telling({ store, baselines, freeze }, { repeat: 'never', failuresAfter: 3, accept: accepts });
  return { store, baselines, telling: tellingThat(false), accepting: tellingThat(true) };
};

const keysIn = async (baselines: InMemoryBaselineStore, reference: string): Promise<string[]> => {
  const stored = await baselines.read(reference);
  return stored?.status === 'read' ? stored.baseline.findings.map(({ key }) => key) : [];
};

describe('a pass that is concluded', () => {
  it('puts what is known and the notice into the store together', async () => {
    const { store, telling } = aDesk();
    const { notice, problems } = await telling.conclude(aPass([scanned([openssl])]));
    expect(notice?.totals.firstSeen).toBe(1);
    expect(problems).toEqual([]);
    expect(store.state().pending).toBe(1);
    expect((await telling.conclude(aPass([scanned([openssl])]))).notice).toBeNull();
    expect(store.state().pending).toBe(1);
  });

  it('remembers what it told where nobody is to be told', async () => {
    const { store, telling } = aDesk(() => null);
    expect((await telling.conclude(aPass([scanned([openssl])]))).notice).not.toBeNull();
    expect(store.state().pending).toBe(0);
    expect((await telling.conclude(aPass([scanned([openssl])]))).notice).toBeNull();
  });

  it('changes nothing and accepts nothing when it was interrupted', async () => {
    const { store, baselines, accepting } = aDesk();
    const before = store.read();
    await accepting.conclude(aPass([scanned([openssl])], { interrupted: true }));
    expect(store.read()).toEqual(before);
    expect(await keysIn(baselines, 'app:1')).toEqual([]);
  });

  it('asks for a second look at what seems to be gone', async () => {
    const { telling, accepting } = aDesk();
    await accepting.conclude(aPass([scanned([openssl, curl])]));
    expect([...telling.secondLooks()]).toEqual([]);
    const first = await telling.conclude(aPass([scanned([curl])]));
    expect(first.notice).toBeNull();
    expect([...telling.secondLooks()]).not.toEqual([]);
    const second = await telling.conclude(aPass([scanned([curl])]));
    expect(second.notice?.totals.resolved).toBe(1);
  });

  it('says that what was told before is lost', async () => {
    const lost = { since: '2026-11-22T01:00:00.000Z', references: 'all' } as const;
    const telling = new Telling(
      { store: new InMemoryTellingStore(undefined, lost), baselines: new InMemoryBaselineStore(), freeze: message },
      { repeat: 'never', failuresAfter: 3, accept: false },
    );
    const { problems } = await telling.conclude(aPass([scanned([openssl])]));
    expect(problems).toEqual([expect.stringContaining('the notification state is damaged')]);
  });
});

describe('accepting', () => {
  it('saves a baseline for each reference, tells nothing, and is what later passes are compared with', async () => {
    const { store, baselines, telling, accepting } = aDesk();
    const accepted = await accepting.conclude(aPass([scanned([openssl])]));
    expect([accepted.notice, store.state().pending]).toEqual([null, 0]);
    expect(await keysIn(baselines, 'app:1')).toEqual([openssl.key]);
    const { notice } = await telling.conclude(aPass([scanned([openssl, curl])]));
    expect(notice?.changes.items.flatMap((group) => group.new.items.map(({ key }) => key))).toEqual([curl.key]);
  });

  it('names what failed, and keeps what was accepted of it', async () => {
    const { baselines, accepting } = aDesk();
    await accepting.conclude(aPass([scanned([openssl])]));
    const failed: PassImage = {
      ...scanned([]),
      outcome: { status: 'failed', reason: { code: 'crashed', message: 'Trivy crashed' } },
    };
    const { problems } = await accepting.conclude(aPass([failed]));
    expect(problems).toEqual([expect.stringMatching(/^app:1 was not accepted: /)]);
    expect(await keysIn(baselines, 'app:1')).toEqual([openssl.key]);
  });

  it('tells a change that could not be saved like any other, and accepts the rest', async () => {
    const { baselines, accepting } = aDesk();
    const both = (findings: readonly Finding[]) => [
      scanned(findings, 'app:1', 'sha256:a'),
      scanned(findings, 'db:1', 'sha256:b'),
    ];
    await accepting.conclude(aPass(both([openssl])));
    baselines.save = refusing(baselines, 'app:1');
    const { problems, notice } = await accepting.conclude(aPass(both([openssl, curl])));
    expect(problems).toEqual([expect.stringMatching(/^app:1 was not accepted, .*: the file is locked$/)]);
    expect(notice?.changes.items.map(({ references, ...group }) => [references.items, group.new.total])).toEqual([
      [['app:1'], 1],
    ]);
    expect(await keysIn(baselines, 'db:1')).toHaveLength(2);
  });

  it('leaves what is known as it was when the directory cannot be used', async () => {
    const { store, baselines, accepting } = aDesk();
    const before = store.read();
    const error = new ScannerError('the disk is full', { code: 'disk_full' });
    baselines.save = () => Promise.reject(error);
    await expect(accepting.conclude(aPass([scanned([openssl])]))).rejects.toBe(error);
    expect(store.read()).toEqual(before);
  });
});

describe('a baseline that cannot be read', () => {
  it('is named by its file, and what is known of its reference stays', async () => {
    const { baselines, telling, accepting } = aDesk();
    await accepting.conclude(aPass([scanned([openssl])]));
    baselines.damage('app:1', 'is cut off');
    const { problems, notice } = await telling.conclude(aPass([scanned([openssl])]));
    expect(problems).toEqual([expect.stringMatching(/^a baseline cannot be used: app.*\.json is cut off$/)]);
    expect(notice).toBeNull();
  });
});

/** Saves as the store does, but for one reference. */
const refusing = (baselines: InMemoryBaselineStore, refused: string): InMemoryBaselineStore['save'] => {
  const save = baselines.save.bind(baselines);
  return (reference: string, baseline: Baseline, options) =>
    reference === refused
      ? Promise.resolve({ status: 'refused', file: `${reference}.json`, problem: 'the file is locked' })
      : save(reference, baseline, options);
};

describe('a notice that did not arrive', () => {
  const OPS = 'ops@example.org';
  const toMail = (notice: Notice, recipients: readonly string[]): OutboxMessage => ({
    ...message(notice),
    mail: {
      subject: 's',
      text: 't',
      html: 'h',
      messageId: `<${notice.decidedAt}@example.org>`,
      thread: '<host@example.org>',
      recipients: [...recipients],
    },
    webhook: null,
  });
  const refusal = { at: '2026-11-22T03:01:00.000Z', error: '550 no such mailbox', nextAt: '2026-11-22T04:00:00.000Z' };
  const at = (day: number): string => `2026-11-${day}T03:00:00.000Z`;
  const found = [[openssl], [openssl, curl], [openssl], [openssl]];

  /** Passes of one day after the other, of which the last finds nothing new. */
  const days = (recipients: readonly string[]) => {
    const { store, telling } = aDesk((notice) => toMail(notice, recipients));
    const on = async (day: number): Promise<Notice | null> =>
      (await telling.conclude(aPass([scanned(found[day - 22] ?? [], 'app:1', `sha256:${day}`)], { at: at(day) })))
        .notice;
    const key = (day: number, recipient: string) => ({ message: at(day), channel: 'mail' as const, recipient });
    return { store, on, key };
  };

  it('is named once, in the next notice that something else causes', async () => {
    const { store, on, key } = days([OPS, 'gone@example.org']);
    await on(22);
    store.recordRefused(key(22, 'gone@example.org'), refusal);
    store.recordSent(key(22, OPS), refusal.at);
    expect((await on(23))?.undelivered?.items).toEqual([
      {
        notices: 1,
        from: at(22),
        to: at(22),
        channel: 'mail',
        recipients: { items: ['gone@example.org'], total: 1 },
        outcome: 'given_up',
        reachedNobody: false,
        reason: '550 no such mailbox',
      },
    ]);
    expect((await on(24))?.undelivered).toBeUndefined();
    expect(await on(25)).toBeNull();
  });

  it('is named again where nobody got the notice that named it', async () => {
    const { store, on, key } = days([OPS, 'gone@example.org']);
    await on(22);
    store.recordRefused(key(22, 'gone@example.org'), refusal);
    store.recordSent(key(22, OPS), refusal.at);
    await on(23);
    store.giveUp({ decidedAfter: at(24), waiting: 1000 }, at(24));
    expect((await on(24))?.undelivered?.items).toMatchObject([
      { notices: 1, from: at(22), reachedNobody: false },
      { notices: 1, from: at(23), recipients: { total: 2 }, reachedNobody: true, reason: null },
    ]);
  });

  it('causes a notice where it is held for some and others got it, and none where nobody can be reached', async () => {
    const { store, on, key } = days([OPS, 'slow@example.org']);
    for (const day of [22, 23, 24]) await on(day);
    for (const recipient of [OPS, 'slow@example.org'])
      store.recordRetry(key(22, recipient), { ...refusal, held: true });
    expect(await on(25)).toBeNull();

    store.recordSent(key(22, OPS), refusal.at);
    expect((await on(25))?.undelivered?.items).toMatchObject([
      { outcome: 'held', recipients: { items: ['slow@example.org'] }, reachedNobody: false },
    ]);
    expect(await on(25)).toBeNull();
  });

  it('is named once more when it is given up after it was held', async () => {
    const { store, on, key } = days([OPS]);
    await on(22);
    store.recordRetry(key(22, OPS), { ...refusal, held: true });
    expect((await on(23))?.undelivered?.items).toMatchObject([{ outcome: 'held', reachedNobody: true }]);
    store.giveUp({ decidedAfter: at(23), waiting: 1000 }, at(23));
    expect((await on(24))?.undelivered?.items).toMatchObject([{ outcome: 'given_up', reachedNobody: true }]);
  });
});

describe('a host that gets another name', () => {
  it('says so in its next notice, and not again', async () => {
    const store = new InMemoryTellingStore();
    let hostName = 'web1';
    const telling = new Telling(
      { store, baselines: new InMemoryBaselineStore(), freeze: message, hostName: () => hostName },
      { repeat: 'never', failuresAfter: 3, accept: false },
    );
    const former = async (...findings: readonly Finding[]) =>
      (await telling.conclude(aPass([scanned(findings, 'app:1', `sha256:${findings.length}`)]))).notice?.formerHostName;
    expect(await former()).toBeUndefined();
    hostName = 'web2';
    expect((await telling.conclude(aPass([scanned([], 'app:1', 'sha256:0')]))).notice).toBeNull();
    expect(await former(openssl)).toBe('web1');
    expect(await former(openssl, curl)).toBeUndefined();
    expect(store.read().state.hostName).toBe('web2');
  });
});
