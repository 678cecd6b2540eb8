import { readFileSync } from 'node:fs';

import { describe, expect, it, test } from 'vitest';

import { letOthersWriteNothing, OLDEST_NODE, surroundings } from './surroundings.ts';

const hostWith = (node: string) => ({
  cwd: () => '/somewhere',
  env: {},
  versions: { ...process.versions, node },
});

describe('the search path for programs', () => {
  it.each([
    ['/usr/bin:/bin', '/usr/bin:/bin'],
    [':/usr/bin:.:./bin:bin:', '/usr/bin'],
    ['', '/dev/null'],
    ['.:', '/dev/null'],
    [undefined, undefined],
  ])('has no entry that means the working directory: %s', (written, read) => {
    const env = written === undefined ? {} : { PATH: written };
    expect(surroundings({ ...hostWith('24.16.0'), env }).env['PATH']).toBe(read);
  });
});

describe('the Node that runs a command', () => {
  it('is the one that the package asks for', () => {
    expect(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))).toMatchObject({
      engines: { node: `>=${OLDEST_NODE}` },
    });
  });

  it.each(['18.20.8', '20.20.2', '24.9.0', '24.15.9'])('is refused when it is %s', (version) => {
    expect(() => surroundings(hostWith(version))).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it.each(['24.16.0', '24.21.0', '26.0.0', '100.0.0'])('may be %s', (version) => {
    expect(surroundings(hostWith(version))).toMatchObject({ cwd: '/somewhere' });
  });
});

test.each([
  [0o000, 0o022],
  [0o002, 0o022],
  [0o022, 0o022],
  [0o077, 0o077],
])('under a umask of %i no file is made that others may write to', (before, after) => {
  let umask = before;
  const host = {
    umask: (mask?: string | number) => {
      const was = umask;
      if (mask !== undefined) umask = Number(mask);
      return was;
    },
  };
  letOthersWriteNothing(host);

  expect(umask).toBe(after);
});
