import { z } from 'zod';

import { optionalSetting, setting } from './setting.ts';
import type { ValueKind } from './value-kind.ts';
import { address, wholeNumber, yesOrNo } from './value-kind.ts';

/** Where a server listens; `host: null` is every interface. */
export interface ListenAddress {
  readonly host: string | null;
  readonly port: number;
}

/** A name, an IPv4 address, an IPv6 address in brackets, or nothing, before the port. */
const LISTEN = /^(?:(?:([\w.-]{1,255})|\[([\da-f:.]{2,45})\])?:)?(\d{1,5})$/i;

const listenAddress: ValueKind<ListenAddress> = {
  accepted: 'a port, or host:port such as 127.0.0.1:9090 or [::1]:9090',
  placeholder: 'address',
  schema: z.string().transform((text, context): ListenAddress => {
    const [matched, name, bracketed, port = ''] = LISTEN.exec(text.trim()) ?? [];
    if (matched !== undefined && Number(port) <= 65_535) return { host: name ?? bracketed ?? null, port: Number(port) };
    context.addIssue({ code: 'invalid_format', format: 'address' });
    return z.NEVER;
  }),
};

const MOST_SECONDS = 365 * 86_400;

/** When passes are made without anybody asking, and how the process is watched. */
export const DAEMON_SETTINGS = {
  SCAN_INTERVAL_SECONDS: setting({
    group: 'Daemon',
    flag: '--interval',
    kind: wholeNumber(1, MOST_SECONDS),
    default: '86400',
    description: 'Seconds from the start of one pass to the start of the next.',
    example: '3600',
  }),
  SCAN_JITTER_SECONDS: setting({
    group: 'Daemon',
    flag: '--jitter',
    kind: wholeNumber(0, MOST_SECONDS),
    default: '0',
    description:
      'Up to so many seconds, drawn anew for each pass, are added to the interval, so that many hosts do not ask at once.',
    example: '600',
  }),
  SCAN_ONCE: setting({
    group: 'Daemon',
    flag: '--once',
    kind: yesOrNo,
    default: 'off',
    description:
      'Make one pass, then end with its exit code. Set as a variable in the container it makes its pass and stays idle, so that no restart policy starts it again; `--once` ends there too.',
    example: 'on',
  }),
  HTTP_LISTEN: optionalSetting({
    group: 'Daemon',
    flag: '--http-listen',
    kind: listenAddress,
    description:
      'Address for `/healthz`, `/readyz` and `/metrics`; without it nothing listens. There is no login: let no stranger reach it. Port 0 takes a free one, which the log names.',
    example: '127.0.0.1:9090',
  }),
  HEALTHCHECK_PING_URL: optionalSetting({
    group: 'Daemon',
    kind: address('https', 'http'),
    secret: true,
    description:
      'Address that is asked with GET after each complete pass, for a watchdog that raises the alarm when nothing comes.',
    example: 'https://hc.example.org/ping/2f1d7c1e',
  }),
};
