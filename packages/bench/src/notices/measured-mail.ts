import { freezeNotice } from '@scanner/notifier';
import type { Notice, OutboxMessage, TellingSettings } from '@scanner/core';

/** As many as a mail is promised to stay small with. */
const RECIPIENTS = 50;

export const TELLING: TellingSettings = { repeat: 'never', failuresAfter: 3, accept: false };
export const MAIL_FROM = { name: 'Image scanner', address: 'scanner@example.org' };
export const MESSAGE_ID = 'measured';

export function freezeMeasured(notice: Notice): OutboxMessage {
  const to = Array.from({ length: RECIPIENTS }, (_, index) => ({
    name: '',
    address: `operations-of-group-${index}@mail.example.org`,
  }));
  return freezeNotice(notice, {
    id: MESSAGE_ID,
    hostId: '7d1',
    host: 'server-1.example.org',
    logs: '/security/logs',
    directory: '/srv/security',
    timeZone: 'Europe/Berlin',
    subjectPrefix: '[image-scanner]',
    mail: { from: MAIL_FROM, to },
    webhook: false,
  });
}
