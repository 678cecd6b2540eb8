import { describe, expect, it } from 'vitest';

import { isRemovedMount, replacedSocket } from './replaced-socket.ts';

const MOUNTS = [
  '640 620 0:51 / / ro,relatime - overlay overlay ro',
  '87 66 254:0 /docker.sock//deleted /run/docker.sock rw,relatime - tmpfs tmpfs rw',
  '88 66 254:0 /podman.sock /run/podman.sock rw,relatime - tmpfs tmpfs rw',
  String.raw`89 66 254:0 /a\040b//deleted /run/a\040b rw,relatime - tmpfs tmpfs rw`,
  'cut',
].join('\n');

describe('isRemovedMount', () => {
  it.each([
    ['/run/docker.sock', true],
    ['/run/a b', true],
    ['/run/podman.sock', false],
    ['/run/other.sock', false],
    ['/', false],
  ])('says of %s: %s', (path, expected) => {
    expect(isRemovedMount(MOUNTS, path)).toBe(expected);
  });
});

describe('replacedSocket', () => {
  it.each(['tcp://127.0.0.1:2375', 'unix:///nowhere/docker.sock', 'unix:///proc/self/status'])(
    'says nothing of %s',
    (host) => {
      expect(replacedSocket(host)).toBeNull();
    },
  );
});
