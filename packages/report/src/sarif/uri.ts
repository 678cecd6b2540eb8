/**
 * A path inside of an image as a relative URI: each part percent-encoded, whatever bytes are in it. `.` and `..`, which
 * would lead elsewhere, are left out.
 *
 * @example
 * pathUri('/app/a b/x.jar') // 'app/a%20b/x.jar'
 */
export const pathUri = (path: string): string => encodedParts(path) || 'unnamed';

/** The name of an image as a relative URI. */
export const imageUri = (name: string): string => encodedParts(name) || 'image';

const encodedParts = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .map((part) => encodeURIComponent(part.toWellFormed()).replaceAll(/[!'()*]/g, percentEncoded))
    .join('/');

const percentEncoded = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** An address of the web as a URI; null for everything else. */
export const webAddress = (url: string | null): string | null => {
  if (url === null || !URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  return (protocol === 'https:' || protocol === 'http:') && IS_URI.test(href) ? href : null;
};

/** Browsers take characters that a URI may not have. */
const IS_URI = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;
