import { expect, it } from 'vitest';

import { placesOnHost } from './places-on-host.ts';

const container = { SCANNER_DIR: '/', LOG_DIR: '/logs' };

it.each([
  [
    { ...container, HOST_DIR: '/srv/security' },
    { logs: '/srv/security/logs', directory: '/srv/security' },
  ],
  [
    { ...container, HOST_DIR: '../data' },
    { logs: '../data/logs', directory: null },
  ],
  [
    { ...container, HOST_DIR: null },
    { logs: '/logs', directory: null },
  ],
  [
    { SCANNER_DIR: './security', LOG_DIR: 'security/logs', HOST_DIR: null },
    { logs: '/home/me/security/logs', directory: '/home/me/security' },
  ],
  [
    { SCANNER_DIR: '/srv/security', LOG_DIR: '/var/log/gts', HOST_DIR: '/mnt/security' },
    { logs: '/var/log/gts', directory: '/mnt/security' },
  ],
])('of %j people on the host are shown what they can open', (written, shown) => {
  expect(placesOnHost(written, '/home/me')).toEqual(shown);
});
