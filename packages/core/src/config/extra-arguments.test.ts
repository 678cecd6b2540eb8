import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseExtraArguments } from './extra-arguments.ts';

describe('extra arguments', () => {
  it('are split as a shell would, each flag with its value in one word', () => {
    expect(
      parseExtraArguments(
        `--ignore-unfixed --skip-dirs "/my \\"own\\" app" --skip-files='a'b\\ c --ignore-status will_not_fix`,
      ),
    ).toEqual({
      flags: ['--ignore-status=will_not_fix', '--ignore-unfixed', '--skip-dirs=/my "own" app', '--skip-files=ab c'],
      timeoutSeconds: null,
    });
  });

  it('expand nothing', () => {
    expect(parseExtraArguments('--skip-dirs $HOME/`id`')).toMatchObject({ flags: ['--skip-dirs=$HOME/`id`'] });
  });

  it('keep back what is so anyway, and the time limit', () => {
    expect(parseExtraArguments('--quiet --no-progress --scanners vuln --timeout 5m --timeout=1h30m')).toEqual({
      flags: [],
      timeoutSeconds: 5400,
    });
  });

  it('are the same for the same wishes in another order', () => {
    const one = parseExtraArguments(
      '--parallel 1 --vuln-type=os --ignore-unfixed --parallel 3 --skip-dirs a --skip-dirs b',
    );
    expect(one).toEqual({
      flags: ['--ignore-unfixed', '--parallel=3', '--pkg-types=os', '--skip-dirs=a', '--skip-dirs=b'],
      timeoutSeconds: null,
    });
    expect(
      parseExtraArguments(
        '--skip-dirs a --ignore-unfixed=true --pkg-types os --parallel=3 --skip-dirs=b --skip-dirs a -q',
      ),
    ).toEqual(one);
  });

  it('leave out a switch that is turned off', () => {
    expect(parseExtraArguments('--ignore-unfixed --ignore-unfixed=false')).toMatchObject({ flags: [] });
  });

  it('never pass on what is not one of the flags, whatever is written', () => {
    const pieces = [
      '--skip-dirs',
      '--',
      '-o',
      '=',
      ' ',
      '"',
      "'",
      '\\',
      '--output=x',
      '--quiet',
      'a',
      '\n',
      '--timeout',
      '5m',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces)), (chosen) => {
        const parsed = parseExtraArguments(chosen.join(' '));
        const flags = 'flags' in parsed ? parsed.flags : [];
        expect(flags.filter((flag) => !flag.startsWith('--skip-dirs='))).toEqual([]);
      }),
    );
  });

  it('may be empty', () => {
    expect(parseExtraArguments('  ')).toEqual({ flags: [], timeoutSeconds: null });
  });

  it.each([
    ['--severity HIGH', 'TRIVY_SEVERITY'],
    ['--password hunter2', 'docker login'],
    ['--server http://x', '--ignore-unfixed'],
    ['--config x.yaml', '--ignore-unfixed'],
    ['alpine', 'flags that start with --'],
    ['-s HIGH', 'TRIVY_SEVERITY'],
    ['-d', 'flags that start with --'],
    ['--', 'flags that start with --'],
    ['--skip-dirs', 'a value after --skip-dirs'],
    ['--skip-dirs=', 'a value after --skip-dirs'],
    ['--skip-dirs --quiet', 'a value after --skip-dirs'],
    ['--quiet=x', '--quiet without a value'],
    ['--ignore-unfixed false', 'flags that start with --'],
    ['--ignore-status fixed,gone', 'will_not_fix'],
    ['--pkg-types foo', 'os,library'],
    ['--pkg-relationships os', 'indirect'],
    ['--detection-priority fast', 'precise comprehensive'],
    ['--vuln-severity-source @file', 'after --vuln-severity-source'],
    ['--distro debian', 'family/version'],
    ['--max-image-size 3q', '2GB'],
    ['--parallel -1', 'a whole number'],
    ['--file-patterns nothing', 'type:pattern'],
    ['--skip-files=a\u001b[2J', 'a path'],
    ['--scanners secret', 'only vuln'],
    ['--timeout soon', 'after --timeout'],
    ['--timeout 0s', 'after --timeout'],
    ['--skip-dirs "/a', 'every quote closed'],
    ['--skip-dirs /a\\', 'every quote closed'],
  ])('refuse %s with what to do instead', (text, accepted) => {
    const refused = parseExtraArguments(text);
    expect(refused).toEqual({ accepted: expect.stringContaining(accepted) });
    expect(JSON.stringify(refused)).not.toContain('hunter2');
  });
});
