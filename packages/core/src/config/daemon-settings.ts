import { z } from 'zod';

import { optionalSetting, setting } from './setting.ts';
import type { ValueKind } from './value-kind.ts';
import { address, splitList, wholeNumber, yesOrNo } from './value-kind.ts';

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

const MOST_NAMES = 100;
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_][a-z0-9_-]{0,62}(?:\.[a-z0-9_][a-z0-9_-]{0,62})*$/;

const hostNames: ValueKind<readonly string[]> = {
  accepted: `a comma-separated list of at most ${MOST_NAMES} host names, without a port`,
  placeholder: 'list',
  schema: z
    .string()
    .transform((text) => splitList(text.toLowerCase()).map((name) => name.replace(/\.$/, '')))
    .pipe(z.array(z.string().regex(HOST_NAME)).max(MOST_NAMES)),
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
  HTTP_HOSTS: setting({
    group: 'Daemon',
    kind: hostNames,
    default: '',
    description:
      'Names that `HTTP_LISTEN` may be asked by, such as the name of the Compose service that Prometheus uses. An address and `localhost` always do; a request by another name is refused with 421, since it may come from a web page that points its own name here.',
    example: 'image-scanner,scanner.example.org',
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
