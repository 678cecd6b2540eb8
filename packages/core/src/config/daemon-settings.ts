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

/** When the daemon makes its passes, and how it is monitored. */
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
      'A random delay of 0 to this many seconds is added to each interval, so that many hosts do not use a registry at the same moment.',
    example: '600',
  }),
  SCAN_ONCE: setting({
    group: 'Daemon',
    flag: '--once',
    kind: yesOrNo,
    default: 'off',
    description:
      'Make one pass, then end with its exit code. Set as an environment variable of the container, the daemon makes one pass and then stays idle, so that a restart policy does not start another; given as `--once`, it ends there too.',
    example: 'on',
  }),
  HTTP_LISTEN: optionalSetting({
    group: 'Daemon',
    flag: '--http-listen',
    kind: listenAddress,
    description:
      'Address that `/healthz`, `/readyz` and `/metrics` are served at; without it nothing listens. There is no login, and the metrics show image names and finding counts: use loopback or a private network. Port 0 picks a free port and logs it.',
    example: '127.0.0.1:9090',
  }),
  HTTP_HOSTS: setting({
    group: 'Daemon',
    kind: hostNames,
    default: '',
    description:
      'Host names that requests to `HTTP_LISTEN` may use, such as the name of the Compose service in a Prometheus configuration. IP addresses and `localhost` are always allowed; a request with another name gets 421, because a web page could have pointed its own name here.',
    example: 'image-scanner,scanner.example.org',
  }),
  HEALTHCHECK_PING_URL: optionalSetting({
    group: 'Daemon',
    kind: address('https', 'http'),
    secret: true,
    description:
      'URL that gets a GET request after each pass that ran to its end and whose results were saved, compared and queued as notices; single images that failed do not prevent it. For a monitoring service that raises an alarm when the requests stop.',
    example: 'https://hc.example.org/ping/2f1d7c1e',
  }),
};
