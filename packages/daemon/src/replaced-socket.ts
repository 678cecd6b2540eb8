import { readFileSync, realpathSync } from 'node:fs';

import { ScannerError } from '@scanner/core';

const UNIX = 'unix://';
/** What the kernel adds to the root of a mount whose file was removed. */
const REMOVED = '//deleted';

/**
 * Whether a socket was mounted by itself, as it is into a container, and its file has been removed since: an engine that
 * starts again makes a new one, which can be seen through no such mount.
 */
export const isRemovedMount = (mounts: string, path: string): boolean =>
  mounts.split('\n').some((line) => {
    const [, , , root = '', point = ''] = line.split(' ');
    return unescaped(point) === path && root.endsWith(REMOVED);
  });

/** Blanks and their like are written in octal digits. */
const unescaped = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** Why this process will never reach its engine again, though others may; null where that cannot be said. */
export const replacedSocket = (dockerHost: string): ScannerError | null => {
  if (!dockerHost.startsWith(UNIX)) return null;
  try {
    const path = realpathSync(dockerHost.slice(UNIX.length));
    if (!isRemovedMount(readFileSync('/proc/self/mountinfo', 'utf8'), path)) return null;
    return new ScannerError(
      `the socket at ${path} is not the engine's any more: it was mounted before the engine started`,
      {
        code: 'engine_unreachable',
        hint: 'start this container again; its restart policy does, where it has one',
      },
    );
  } catch {
    return null;
  }
};
