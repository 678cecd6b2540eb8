import { describe, expect, it } from 'vitest';

import { parseExtraArguments } from './extra-arguments.ts';

describe('extra arguments', () => {
  it('are split as a shell would, each flag with its value in one word', () => {
    expect(
      parseExtraArguments(
        `--ignore-unfixed --skip-dirs "/my \\"own\\" app" --skip-files='a'b\\ c --ignore-status will_not_fix`,
      ),
    ).toEqual({
      flags: ['--ignore-unfixed', '--skip-dirs=/my "own" app', '--skip-files=ab c', '--ignore-status=will_not_fix'],
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

  it('may be empty', () => {
    expect(parseExtraArguments('  ')).toEqual({ flags: [], timeoutSeconds: null });
  });

  it.each([
    ['--severity HIGH', 'TRIVY_SEVERITY'],
    ['--password hunter2', 'docker login'],
    ['--server http://x', '--ignore-unfixed'],
    ['--config x.yaml', '--ignore-unfixed'],
    ['alpine', 'flags that start with --'],
    ['-q', 'flags that start with --'],
    ['--', 'flags that start with --'],
    ['--skip-dirs', 'a value after --skip-dirs'],
    ['--skip-dirs=', 'a value after --skip-dirs'],
    ['--skip-dirs --quiet', 'a value after --skip-dirs'],
    ['--quiet=x', '--quiet without a value'],
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
