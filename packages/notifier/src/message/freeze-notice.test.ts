import { describe, expect, it } from 'vitest';

import { aBusyNotice, aNotice, aNoticeFinding, aNoticeGroup, whole } from '../testing/notices.ts';
import { freezeNotice, type FreezeOptions } from './freeze-notice.ts';

const options: FreezeOptions = {
  id: '0198-a',
  host: 'web1',
  hostId: '7d1',
  logs: '/srv/security/logs',
  directory: '/srv/security',
  timeZone: 'Europe/Berlin',
  subjectPrefix: '',
  mail: {
    from: { name: 'Scanner', address: 'scanner@exämple.org' },
    to: [
      { name: '', address: 'a@x.org' },
      { name: 'B', address: 'b@x.org' },
      { name: 'again', address: 'a@x.org' },
    ],
  },
  webhook: true,
};

describe('a frozen notice', () => {
  it('has a Message-ID of the domain it is sent from, and the thread of its host', () => {
    const { mail } = freezeNotice(aBusyNotice(), options);
    expect(mail?.messageId).toBe('<0198-a@xn--exmple-cua.org>');
    expect(mail?.thread).toMatch(/^<host\.[\da-f]{16}@xn--exmple-cua\.org>$/);
    expect(mail?.thread).toBe(freezeNotice(aBusyNotice(), { ...options, id: 'other' }).mail?.thread);
    expect(mail?.thread).not.toBe(freezeNotice(aBusyNotice(), { ...options, hostId: '7d2' }).mail?.thread);
    expect(mail?.recipients).toEqual(['a@x.org', 'b@x.org']);
    expect(mail?.names).toEqual({ 'a@x.org': 'again', 'b@x.org': 'B' });
  });

  it('tells a webhook all of it, with a text that can be shown as it is', () => {
    const message = freezeNotice(aBusyNotice(), { ...options, mail: null });
    expect(message.mail).toBeNull();
    expect(JSON.parse(message.webhook ?? '')).toMatchObject({
      schema: 'gts.webhook/1',
      id: '0198-a',
      created_at: '2026-11-22T03:00:00.000Z',
      host: 'web1',
      subject: expect.stringContaining('2 new'),
      text: expect.stringContaining('CVE-2026-1000'),
      notice: { schema: 'gts.notice/1', totals: { new: 2 } },
    });
  });

  it('tells a webhook with what reason and by whom something was accepted until now', () => {
    const acceptance = { reason: 'behind the VPN', owner: 'web', since: null, expires: '2026-11-22', untilFix: false };
    const ended = aNoticeFinding({ causes: ['acceptance_expired'], acceptance });
    const { webhook } = freezeNotice(aNotice({ changes: whole(aNoticeGroup({ new: whole(ended) })) }), options);
    expect(JSON.parse(webhook ?? '')).toMatchObject({
      text: expect.stringContaining('was accepted until 2026-11-22 by web: behind the VPN'),
      notice: { changes: { items: [{ new: { items: [{ acceptance }] } }] } },
    });
  });

  it('is the same however often it is frozen', () => {
    expect(freezeNotice(aBusyNotice(), options)).toEqual(freezeNotice(aBusyNotice(), options));
  });

  it.each(['', 'a b', 'a@b', 'x>\r\nBcc: y'])('takes no ID that would not stand in a Message-ID: %j', (id) => {
    expect(() => freezeNotice(aBusyNotice(), { ...options, id })).toThrow(TypeError);
  });
});
