import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';

import type { HubAnswer } from './answer.ts';
import type { LimitRefusal } from './request-limit.ts';

/** What goes wrong with an answer. */
export type HubFault =
  /** A web page: of a proxy, of a login portal, or asking to prove that one is human. */
  | { readonly kind: 'html'; readonly status: number }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: HubAnswer['headers'];
    }
  /** A refusal for too many requests, to come back after so many seconds. */
  | { readonly kind: 'refused'; readonly refusal: LimitRefusal; readonly seconds: number }
  /** The true answer ends after so many bytes, as if it were whole. */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** The connection breaks after so many bytes of the true answer. */
  | { readonly kind: 'broken'; readonly bytes: number }
  /** The true answer, so many bytes at a time with a pause between. */
  | { readonly kind: 'slow'; readonly bytes: number; readonly everyMs: number }
  /** No answer, ever. */
  | { readonly kind: 'stall' }
  /** The connection is reset before any answer. */
  | { readonly kind: 'reset' }
  /** A body that does not end. */
  | { readonly kind: 'endless' }
  | { readonly kind: 'redirect'; readonly status?: number; readonly location: string | ((url: URL) => string) }
  /** The true page, with another address of the next one. */
  | { readonly kind: 'next'; readonly next: string | ((url: URL) => string) }
  /** The first page, whichever is asked for, and always one more after it. */
  | { readonly kind: 'same_page' }
  /** The true answer, changed; or one given after something else has changed in between. */
  | { readonly kind: 'change'; readonly change: (answer: HubAnswer, url: URL) => HubAnswer };

/** Which requests meet a fault. The first rule that fits holds. */
export interface HubFaultRule {
  /** Matched against the path with its query, as it was asked. */
  readonly path: RegExp;
  readonly fault: HubFault;
  /** How many requests meet it; all unless told. */
  readonly times?: number;
  /** How many requests that fit are spared before. */
  readonly after?: number;
}

const PAGE = '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>One moment, please.</body></html>';

/** Writes an answer that a fault has befallen. */
export async function writeFaulty(fault: HubFault, answer: HubAnswer, url: URL, to: ServerResponse): Promise<void> {
  switch (fault.kind) {
    case 'html':
      return write({ status: fault.status, headers: { 'content-type': 'text/html' }, body: PAGE }, to);
    case 'answer':
      return write({ status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? '' }, to);
    case 'redirect':
      return write({ status: fault.status ?? 301, headers: { location: read(fault.location, url) }, body: '' }, to);
    case 'next':
      return write({ ...answer, body: { ...objectOf(answer.body), next: read(fault.next, url) } }, to);
    case 'change':
      return write(fault.change(answer, url), to);
    case 'cut':
      return write({ ...answer, body: textOf(answer.body).slice(0, fault.bytes) }, to);
    case 'broken':
      return breakAfter(fault.bytes, answer, to);
    case 'slow':
      return writeSlowly(fault.bytes, fault.everyMs, answer, to);
    case 'endless':
      return writeForEver(to);
    case 'reset':
      to.socket?.resetAndDestroy();
      return undefined;
    case 'stall':
    case 'same_page':
    case 'refused':
      return undefined;
  }
}

/** Writes an answer as it is. */
export function write({ status, headers, body }: HubAnswer, to: ServerResponse): void {
  const content = body instanceof Uint8Array ? body : textOf(body);
  to.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
    'content-length': Buffer.byteLength(content),
    ...headers,
  });
  to.end(content);
}

function breakAfter(bytes: number, { status, headers, body }: HubAnswer, to: ServerResponse): void {
  const content = Buffer.from(textOf(body));
  to.writeHead(status, { 'content-type': 'application/json', 'content-length': content.length, ...headers });
  to.write(content.subarray(0, bytes), () => to.socket?.destroy());
}

async function writeSlowly(bytes: number, everyMs: number, answer: HubAnswer, to: ServerResponse): Promise<void> {
  const content = Buffer.from(textOf(answer.body));
  to.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  for (let at = 0; at < content.length && !to.destroyed; at += bytes) {
    to.write(content.subarray(at, at + bytes));
    await sleep(everyMs);
  }
  to.end();
}

async function writeForEver(to: ServerResponse): Promise<void> {
  to.writeHead(200, { 'content-type': 'application/json' });
  const piece = Buffer.alloc(65_536, ' ');
  while (!to.destroyed) {
    if (!to.write(piece)) await Promise.race([new Promise((resolve) => to.once('drain', resolve)), sleep(20)]);
  }
}

function read(value: string | ((url: URL) => string), url: URL): string {
  return typeof value === 'string' ? value : value(url);
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function objectOf(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : {};
}
