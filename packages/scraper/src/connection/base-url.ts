import { ScannerError } from '@scanner/core';

export const DOCKER_HUB = 'https://hub.docker.com';

/** @throws ScannerError `setting_invalid` for an address that is none, or that would carry a secret unprotected */
export const readBaseUrl = (text: string, hasSecret: boolean): URL => {
  const url = URL.parse(text.endsWith('/') ? text : `${text}/`);
  const isUsable =
    url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.search === '';
  if (!isUsable) {
    throw new ScannerError('the address of Docker Hub is not an http or https address', {
      code: 'setting_invalid',
      hint: `give an address such as ${DOCKER_HUB}`,
    });
  }
  if (hasSecret && url.protocol === 'http:' && !isLoopback(url)) {
    throw new ScannerError(`signing in at ${url.origin} would show the secret to the network`, {
      code: 'setting_invalid',
      hint: 'use an https address, or do not sign in',
    });
  }
  return url;
};

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
