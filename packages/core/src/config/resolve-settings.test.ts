import { describe, expect, it } from 'vitest';

import type { SettingsBase } from './defaults.ts';
import { placesFor } from './defaults.ts';
import { settingsError } from './problem.ts';
import { resolveDefinitions, resolveSettings, defaultPlacesOf } from './resolve-settings.ts';
import type { Rule } from './rule.ts';
import { optionalSetting, setting } from './setting.ts';
import type { CommandSources, SettingSources } from './sources.ts';
import { withDirectory } from './sources.ts';
import { wholeNumber, yesOrNo } from './value-kind.ts';

const base: SettingsBase = { layout: 'directory', cores: 4, memoryBytes: 8 * 1024 ** 3, cacheHome: '/home/me/.cache' };

const resolve = (given: Partial<SettingSources>, on: SettingsBase = base) =>
  resolveSettings({
    flags: {},
    env: {},
    readFile: () => null,
    secretsDirectory: () => null,
    dotEnv: null,
    base: on,
    ...given,
  });

const valuesOf = (given: Partial<SettingSources>, on?: SettingsBase) => {
  const resolution = resolve(given, on);
  if (!resolution.ok) throw settingsError(resolution.problems);
  return resolution;
};

const problemsOf = (given: Partial<SettingSources>) => {
  const resolution = resolve(given);
  return resolution.ok ? [] : resolution.problems;
};

describe('precedence', () => {
  const places = {
    flags: { SCAN_TIMEOUT_SECONDS: '1' },
    env: { SCAN_TIMEOUT_SECONDS: '2' },
    secretsDirectory: (name: string) => (name === 'SCAN_TIMEOUT_SECONDS' ? '3\n' : null),
    dotEnv: 'SCAN_TIMEOUT_SECONDS=4',
  };

  it.each([
    [places, 1, 'flag'],
    [{ ...places, flags: {} }, 2, 'environment'],
    [{ ...places, flags: {}, env: {} }, 3, 'secrets'],
    [{ dotEnv: places.dotEnv }, 4, '.env'],
    [{}, 900, 'default'],
  ] as const)('takes the strongest place: %#', (given, seconds, source) => {
    const { settings, sources } = valuesOf(given);
    expect(settings.SCAN_TIMEOUT_SECONDS).toBe(seconds);
    expect(sources.SCAN_TIMEOUT_SECONDS).toBe(source);
  });

  it('warns of a setting found in several places and names the one used', () => {
    expect(valuesOf(places).warnings).toEqual([
      'SCAN_TIMEOUT_SECONDS is set in 4 places: the flag --timeout is used, not the environment or the secrets directory or the .env file',
    ]);
  });

  it('counts empty as not set, wherever it stands', () => {
    const { settings, warnings } = valuesOf({
      flags: { LOG_KEEP_DAYS: '' },
      env: { LOG_KEEP_DAYS: '' },
      secretsDirectory: () => '\n',
      dotEnv: 'LOG_KEEP_DAYS=',
    });
    expect(settings.LOG_KEEP_DAYS).toBe(90);
    expect(warnings).toEqual([]);
  });

  it('reads the file that NAME_FILE names, without its line end', () => {
    const { settings } = valuesOf({
      env: { TRIVY_PATH_FILE: '/path' },
      readFile: (path) => (path === '/path' ? '/opt/trivy\r\n' : null),
    });
    expect(settings.TRIVY_PATH).toBe('/opt/trivy');
  });

  it('reads a secret without the byte-order mark that an editor put before it, and refuses one in UTF-16', () => {
    const secret = (text: string) => ({
      secretsDirectory: (name: string) => (name === 'WEBHOOK_SECRET' ? text : null),
    });
    const env = { WEBHOOK_URL: 'https://example.org/hook' };
    expect(valuesOf({ env, ...secret('\u{feff}hunter2\r\n') }).settings.WEBHOOK_SECRET).toBe('hunter2');
    const utf16 = Buffer.from('\u{feff}hunter2', 'utf16le').toString();
    expect(problemsOf({ env, ...secret(utf16) })).toEqual([
      { setting: 'WEBHOOK_SECRET', value: 'a file in another encoding', accepted: expect.stringContaining('UTF-8') },
    ]);
  });

  it('refuses NAME together with NAME_FILE, and a NAME_FILE that cannot be read', () => {
    expect(problemsOf({ env: { TRIVY_PATH: '/a', TRIVY_PATH_FILE: '/b', LOG_DIR_FILE: '/none' } })).toEqual([
      { setting: 'LOG_DIR_FILE', value: '/none', accepted: 'the path of a file that can be read' },
      { setting: 'TRIVY_PATH', value: 'TRIVY_PATH and TRIVY_PATH_FILE', accepted: 'only one of them' },
    ]);
  });

  it('takes switches and repeated flags as a command line gives them', () => {
    const { settings } = valuesOf({ flags: { SCAN_UNTAGGED: true, SCAN_IMAGES: ['a', 'b:1'] } });
    expect(settings).toMatchObject({ SCAN_UNTAGGED: true, SCAN_IMAGES: [{ text: 'a' }, { text: 'b:1' }] });
  });
});

describe('the .env file', () => {
  it('understands a byte order mark, Windows line ends, quotes and comments', () => {
    const { settings } = valuesOf({
      dotEnv:
        '\u{feff}LOG_DIR="/my logs" # here\r\n# LOG_KEEP_DAYS=1\r\n\r\nSTATE_DIR=\'/st\'\r\nexport SCAN_UNTAGGED=On\r\n',
    });
    expect(settings).toMatchObject({ LOG_DIR: '/my logs', LOG_KEEP_DAYS: 90, STATE_DIR: '/st', SCAN_UNTAGGED: true });
  });

  it('is refused when it is too long', () => {
    expect(problemsOf({ dotEnv: `#${'x'.repeat(2_000_000)}` })).toMatchObject([{ setting: '.env' }]);
  });

  it('is refused with the number of a line that says nothing, and without what stands there', () => {
    expect(problemsOf({ dotEnv: 'LOG_KEEP_DAYS=1\nSMTP_PASS="hunter2\n' })).toEqual([
      { setting: '.env', value: 'line 2', accepted: expect.stringContaining('quote') },
    ]);
  });

  it('is refused in UTF-16', () => {
    const dotEnv = Buffer.from('\u{feff}LOG_KEEP_DAYS=1\r\n', 'utf16le').toString();
    expect(problemsOf({ dotEnv })).toMatchObject([{ setting: '.env', accepted: expect.stringContaining('UTF-8') }]);
  });

  it('cannot move the directory that it lies in', () => {
    const { settings, warnings } = valuesOf({ dotEnv: 'SCANNER_DIR=/elsewhere' });
    expect(settings.SCANNER_DIR).toBe('./security');
    expect(warnings).toEqual(['SCANNER_DIR in the .env file has no effect']);
  });
});

describe('defaults', () => {
  it('put everything in the directory of the host', () => {
    expect(valuesOf({ env: { SCANNER_DIR: '/srv/s' } }).settings).toMatchObject({
      LOG_DIR: '/srv/s/logs',
      STATE_DIR: '/srv/s/state',
      TRIVY_CACHE_DIR: '/srv/s/cache',
      IGNORE_FILE: '/srv/s/settings/ignore-images.txt',
      SCAN_CONCURRENCY: 4,
      DOCKER_HOST: null,
      TRIVY_SEVERITY: ['CRITICAL', 'HIGH'],
      TRIVY_DB_MAX_AGE: 7 * 86_400,
    });
  });

  it('put cache and state in the cache of the user for other commands', () => {
    expect(valuesOf({}, { ...base, layout: 'user' }).settings).toMatchObject({
      TRIVY_CACHE_DIR: '/home/me/.cache/gts',
      STATE_DIR: '/home/me/.cache/gts/state',
    });
  });

  it('come with the files of the directory that the command names', () => {
    const files = new Map([
      ['/srv/s/.env', 'LOG_KEEP_DAYS=5'],
      ['/srv/s/secrets/TRIVY_PATH', '/opt/trivy\n'],
    ]);
    const command: CommandSources = {
      flags: { SCANNER_DIR: '/srv/s' },
      env: {},
      readFile: (path) => files.get(path) ?? null,
    };
    const { settings } = valuesOf(withDirectory(command, defaultPlacesOf(command, base)));
    expect(settings).toMatchObject({ SCANNER_DIR: '/srv/s', LOG_KEEP_DAYS: 5, TRIVY_PATH: '/opt/trivy' });
  });
});

describe('what is wrong', () => {
  it('is told all at once, with what is accepted', () => {
    const problems = problemsOf({
      flags: { TRIVY_SEVERITY: 'high,severe' },
      env: { SCAN_CONCURRENCY: '0', SCAN_UNTAGGED: 'maybe', TRIVY_DB_MAX_AGE: '7', DOCKER_HOST: 'here' },
    });
    expect(settingsError(problems)).toMatchObject({ code: 'setting_invalid' });
    expect(settingsError(problems).message.split('\n')).toEqual([
      'TRIVY_SEVERITY from the flag --severity: got "high,severe", expected a comma-separated list of CRITICAL, HIGH, MEDIUM, LOW, UNKNOWN',
      'SCAN_UNTAGGED from the environment: got "maybe", expected 1 or 0, true or false, yes or no, on or off',
      'SCAN_CONCURRENCY from the environment: got "0", expected a whole number from 1 to 256',
      'DOCKER_HOST from the environment: got "here", expected an address that starts with unix:// or tcp:// or http:// or https:// or ssh:// or npipe://',
      'TRIVY_DB_MAX_AGE from the environment: got "7", expected a whole number with a unit, s, m, h, d or w: 30s, 90m, 36h, 7d, 1w',
    ]);
  });

  it('shows no secret, whichever way it came in', () => {
    const given = { DOCKER_HOST: 'ftp://me:hunter2@host', TRIVY_EXTRA_ARGS: '--password "hunter2 x"' };
    expect(settingsError(problemsOf({ env: given })).message).not.toContain('hunter2');
    const resolution = resolveDefinitions(
      {
        SMTP_PASS: setting({
          group: 'Trivy',
          kind: wholeNumber(1, 2),
          default: '1',
          secret: true,
          description: '',
          example: '',
        }),
      },
      { flags: {}, env: { SMTP_PASS: 'hunter2' }, readFile: () => null, secretsDirectory: () => null, dotEnv: null },
      { base, places: placesFor('.', base), rules: [] },
    );
    expect(resolution).toMatchObject({ ok: false, problems: [{ setting: 'SMTP_PASS', value: '***' }] });
  });

  it('stays one short line a problem, whatever the value holds', () => {
    const message = settingsError(
      problemsOf({ env: { SCAN_CONCURRENCY: `1\nforged\u{1b}[2J${'x'.repeat(500)}`, LOG_DIR: 'x'.repeat(70_000) } }),
    ).message;
    expect(message.split('\n')).toHaveLength(2);
    expect(message).not.toContain('\u{1b}');
    expect(message.length).toBeLessThan(500);
  });

  it('is found by rules also where another setting is not valid by itself', () => {
    const definitions = {
      ON: setting({ group: 'Trivy', kind: yesOrNo, default: 'off', description: '', example: '' }),
      PORT: optionalSetting({ group: 'Trivy', kind: wholeNumber(1, 9), description: '', example: '' }),
    };
    const onIsRefused: Rule<{ ON: boolean; PORT: number | null }> = ({ settings }) =>
      settings.ON === true ? { problem: { setting: 'ON', value: 'on', accepted: 'off' } } : null;
    const resolution = resolveDefinitions<{ ON: boolean; PORT: number | null }>(
      definitions,
      { flags: {}, env: { ON: '1', PORT: 'x' }, readFile: () => null, secretsDirectory: () => null, dotEnv: null },
      { base, places: placesFor('.', base), rules: [onIsRefused] },
    );
    expect(resolution).toMatchObject({ ok: false, problems: [{ setting: 'PORT' }, { setting: 'ON' }] });
  });
});

describe('warnings', () => {
  it('name what looks like a setting and is none, with the one that was meant, never with the value', () => {
    const { warnings } = valuesOf({
      env: { TRIVY_SEVERTY: 'hunter2', TRIVY_PASSWORD: 'hunter2', HOME: '/root', SCANNER_UID: '0' },
      dotEnv: 'SCAN_CONCURENCY_FILE=/x',
    });
    expect(warnings).toEqual([
      'SCAN_CONCURENCY_FILE is not a setting and has no effect; did you mean SCAN_CONCURRENCY_FILE?',
      'TRIVY_PASSWORD is not a setting and has no effect',
      'TRIVY_SEVERTY is not a setting and has no effect; did you mean TRIVY_SEVERITY?',
    ]);
  });

  it('are bounded', () => {
    const env = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`SCAN_X${index}`, '1']));
    expect(valuesOf({ env }).warnings).toHaveLength(21);
  });

  it.each([
    [{ IGNORE_FILE: '/i', IGNORE_IMAGES: 'a' }, 'IGNORE_IMAGES'],
    [{ TRIVY_EXTRA_ARGS: '--timeout 5m', SCAN_TIMEOUT_SECONDS: '9' }, 'SCAN_TIMEOUT_SECONDS'],
    [{ TRIVY_SKIP_DB_UPDATE: '1', TRIVY_DB_REPOSITORY: 'r.example.org/db:2' }, 'TRIVY_DB_REPOSITORY'],
  ])('name a setting that another one leaves without effect: %j', (env, name) => {
    expect(valuesOf({ env }).warnings).toEqual([expect.stringContaining(name)]);
  });
});

describe('a directory that nobody named', () => {
  const unnamed = { holds: (path: string) => /^(?:\.\/)?security(?:\/|$)/.test(path) };

  it.each([
    ['TRIVY_PATH', 'TRIVY_PATH=security/trivy'],
    ['TRIVY_PATH', 'TRIVY_PATH=/opt/trivy'],
    ['SMTP_PASS_FILE', 'SMTP_PASS_FILE=security/pass'],
    ['SMTP_PASS_FILE', 'SMTP_USER=me\nSMTP_PASS=x\nSMTP_PASS_FILE=/etc/shadow'],
    ['DOCKER_HOST', 'DOCKER_HOST=ssh://root@host'],
    ['LOG_DIR', 'LOG_DIR=/var/log'],
    ['SNAPSHOT_DIR', 'SNAPSHOT_DIR=../elsewhere'],
    ['IGNORE_FILE', 'IGNORE_FILE=/etc/passwd'],
    ['TRIVY_CACHE_DIR', 'TRIVY_CACHE_DIR=/'],
    ['STATE_DIR', 'STATE_DIR=/'],
    ['GTS_DATA_DIR', 'GTS_DATA_DIR=/'],
  ])('may not set %s: %s', (setting, dotEnv) => {
    const readFile = () => {
      throw new Error('no file is read');
    };
    expect(problemsOf({ dotEnv, unnamed, readFile })).toMatchObject([
      { setting, place: 'the .env file', accepted: expect.stringContaining('--dir or SCANNER_DIR') },
    ]);
    expect(problemsOf({ dotEnv, readFile: () => 'content' }).map(({ setting }) => setting)).not.toContain('TRIVY_PATH');
  });

  it('may not do so by its secrets either', () => {
    const secretsDirectory = (name: string) => (name === 'TRIVY_PATH' ? '/tmp/evil\n' : null);
    expect(problemsOf({ secretsDirectory, unnamed })).toMatchObject([
      { setting: 'TRIVY_PATH', place: 'the secrets directory' },
    ]);
  });

  it('may set all else, and the environment and flags may set anything', () => {
    const dotEnv = 'TRIVY_SEVERITY=LOW\nLOG_DIR=security/logs\nSMTP_HOST=smtp.example.org\nSMTP_TO=a@b.example';
    const env = { TRIVY_PATH: '/opt/trivy', STATE_DIR: '/var/lib/gts', SMTP_PASS_FILE: '/pass', SMTP_USER: 'me' };
    const { settings } = valuesOf({ dotEnv, env, unnamed, readFile: () => 'secret' });
    expect(settings).toMatchObject({ TRIVY_PATH: '/opt/trivy', STATE_DIR: '/var/lib/gts', LOG_DIR: 'security/logs' });
  });

  it.each(['logs', 'state', 'cache', 'snapshots'])('may not have a link that leads elsewhere: %s', (place) => {
    const holds = (path: string) => /^(?:\.\/)?security/.test(path) && path !== `security/${place}`;
    expect(problemsOf({ unnamed: { holds } })).toMatchObject([
      { value: expect.stringContaining(`security/${place}, which leads elsewhere`) },
    ]);
  });

  it('sets nothing where the environment is stronger', () => {
    const given = { dotEnv: 'TRIVY_PATH=/tmp/evil', env: { TRIVY_PATH: '/opt/trivy' }, unnamed };
    expect(valuesOf(given).settings.TRIVY_PATH).toBe('/opt/trivy');
  });
});
