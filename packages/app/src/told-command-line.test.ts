import { expect, it } from 'vitest';

import { toldCommandLine } from './told-command-line.ts';

it('is what was called', () => {
  expect(toldCommandLine('gts', ['host', 'scan', '--severity', 'LOW', '--json'])).toBe(
    'gts host scan --severity LOW --json',
  );
});

it.each([
  [['--smtp-pass', 'geheim', '--quiet'], '--smtp-pass *** --quiet'],
  [['--smtp-pass=geheim', '--quiet'], '--smtp-pass=*** --quiet'],
])('keeps secrets to itself: %j', (flags, told) => {
  expect(toldCommandLine('gts', ['host', 'scan', ...flags])).toBe(`gts host scan ${told}`);
});
