import { isIP } from 'node:net';

const HOST = /^(?:\[([\da-f:.]{2,45})\]|([^:[\]]{1,255}))(?::\d{0,5})?$/i;

/**
 * Whether a request is meant for this server by its `Host`: an address, `localhost` or one of these names. Anything else
 * may be a web page whose name its owner has pointed at this server, which would read the answers as its own (DNS
 * rebinding). What sends no `Host` is no browser.
 *
 * @param host the header, with or without a port
 * @param names in lower case
 */
export const isMeantForUs = (host: string | undefined, names: readonly string[]): boolean => {
  if (host === undefined) return true;
  const [, bracketed, written = ''] = HOST.exec(host.trim()) ?? [];
  if (bracketed !== undefined) return isIP(bracketed) === 6;
  const name = written.toLowerCase().replace(/\.$/, '');
  return isIP(name) === 4 || name === 'localhost' || names.includes(name);
};
