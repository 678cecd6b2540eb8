import type { Log } from '@scanner/core';
import { Agent, Dispatcher, ProxyAgent } from 'undici';

import { trustAuthorities } from './authorities.ts';
import { type Proxy, type ProxySettings, readProxies } from './proxy-settings.ts';

export interface NetworkOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

/**
 * Carries our own requests as the environment's proxy settings say, to those whose certificates are trusted. Disposing ends
 * those that are under way.
 *
 * @throws ScannerError `setting_invalid` for a proxy that is none
 */
export const networkDispatcher = ({
  env,
  log,
}: NetworkOptions): AsyncDisposable & { readonly dispatcher: Dispatcher } => {
  const dispatcher = new ProxiedDispatcher(readProxies(env));
  trustAuthorities(env, log);
  return { dispatcher, [Symbol.asyncDispose]: () => dispatcher.destroy() };
};

/** Asks each address directly or by the proxy that is meant for it, which is named in what fails. */
class ProxiedDispatcher extends Dispatcher {
  readonly #settings: ProxySettings;
  readonly #direct = new Agent();
  readonly #byProxy = new Map<string, ProxyAgent>();

  constructor(settings: ProxySettings) {
    super();
    this.#settings = settings;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const proxy = this.#settings.proxyFor(new URL(String(options.origin)));
    if (proxy === null) return this.#direct.dispatch(options, handler);
    return this.#agentOf(proxy).dispatch(options, new ProxyNamed(handler, proxy.origin));
  }

  override async destroy(): Promise<void> {
    await Promise.all([this.#direct, ...this.#byProxy.values()].map((agent) => agent.destroy()));
  }

  override async close(): Promise<void> {
    await Promise.all([this.#direct, ...this.#byProxy.values()].map((agent) => agent.close()));
  }

  #agentOf({ origin, authorization, address }: Proxy): ProxyAgent {
    const known = this.#byProxy.get(address);
    if (known !== undefined) return known;
    const agent = new ProxyAgent({ uri: origin, ...(authorization !== null && { token: authorization }) });
    this.#byProxy.set(address, agent);
    return agent;
  }
}

/** A failing on the way through a proxy. */
class ProxiedError extends Error {
  readonly code: string;
  readonly proxy: string;
  /** What the proxy itself answered, where it would not pass the request on. */
  readonly proxyStatus: number | null;

  constructor(cause: Error, code: string, proxy: string, proxyStatus: number | null) {
    super(cause.message, { cause });
    this.code = code;
    this.proxy = proxy;
    this.proxyStatus = proxyStatus;
  }
}

/** Hands all of a request's course on, and what fails with the name of the proxy. */
class ProxyNamed implements Dispatcher.DispatchHandler {
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #proxy: string;

  constructor(handler: Dispatcher.DispatchHandler, proxy: string) {
    this.#handler = handler;
    this.#proxy = proxy;
  }

  onRequestStart: NonNullable<Dispatcher.DispatchHandler['onRequestStart']> = (...course) =>
    this.#handler.onRequestStart?.(...course);

  onRequestUpgrade: NonNullable<Dispatcher.DispatchHandler['onRequestUpgrade']> = (...course) =>
    this.#handler.onRequestUpgrade?.(...course);

  onResponseStart: NonNullable<Dispatcher.DispatchHandler['onResponseStart']> = (...course) =>
    this.#handler.onResponseStart?.(...course);

  onResponseData: NonNullable<Dispatcher.DispatchHandler['onResponseData']> = (...course) =>
    this.#handler.onResponseData?.(...course);

  onResponseEnd: NonNullable<Dispatcher.DispatchHandler['onResponseEnd']> = (...course) =>
    this.#handler.onResponseEnd?.(...course);

  onResponseError: NonNullable<Dispatcher.DispatchHandler['onResponseError']> = (controller, error) =>
    this.#handler.onResponseError?.(controller, named(error, this.#proxy));
}

/** As undici words it. */
const REFUSED = /Proxy Authentication Required \((407)\)|Proxy response \((\d{3})\)/;

/** Whoever aborted a request gets his own reason. */
const named = (error: Error, proxy: string): Error => {
  const [, login, status] = REFUSED.exec(error.message) ?? [];
  const refused = login ?? status;
  if (refused !== undefined) return new ProxiedError(error, 'PROXY_REFUSED', proxy, Number(refused));
  const code = codeOf(error);
  return code === null || code === 'UND_ERR_ABORTED' ? error : new ProxiedError(error, code, proxy, null);
};

const codeOf = (error: Error): string | null => {
  if ('code' in error && typeof error.code === 'string') return error.code;
  const [first]: unknown[] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? codeOf(first) : null;
};
