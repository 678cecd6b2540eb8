import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

import { buildConnector } from 'undici';

import { isForbiddenAddress } from './forbidden-addresses.ts';

/** A connection that was refused before it was made. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';

  constructor(host: string) {
    super(`${host} is an address of the local link or of a cloud's metadata`);
  }
}

/**
 * Connects as undici does, but to forbidden addresses. It looks at the very address that is connected to, so that
 * neither the spelling of an address nor a name that changes its meaning leads around it.
 */
export const guardedConnector = (options: buildConnector.BuildOptions): buildConnector.connector => {
  const connect = buildConnector({ ...options, lookup: guardedLookup });
  return (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && isForbiddenAddress(host)) callback(new ForbiddenAddressError(host), null);
    else connect(target, callback);
  };
};

const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const forbidden = error === null && addresses.some(({ address }) => isForbiddenAddress(address));
    if (error !== null || forbidden) {
      callback(error ?? new ForbiddenAddressError(hostname), '', 0);
      return;
    }
    const [first] = addresses;
    if (options.all === true) callback(null, addresses);
    else callback(null, first?.address ?? '', first?.family ?? 0);
  });
};
