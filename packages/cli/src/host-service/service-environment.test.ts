import { resolveSettings, SETTING_NAMES } from '@scanner/core/config';
import { describe, expect, it } from 'vitest';

import { serviceEnvironment, type ServiceFacts, unpassable } from './service-environment.ts';

interface Written {
  readonly flags?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly dotEnv?: string;
}

const SOCKET = { path: '/var/run/docker.sock', uid: 0, gid: 998 };
const OWNER = { uid: 1000, gid: 1001 };

const facts = (
  { flags = {}, env = {}, secrets = {}, dotEnv = '' }: Written,
  socket: ServiceFacts['socket'] = SOCKET,
): ServiceFacts => {
  const resolution = resolveSettings({
    flags,
    env,
    readFile: (path) => `content of ${path}`,
    secretsDirectory: (name) => secrets[name] ?? null,
    dotEnv,
    base: { layout: 'directory', cores: 2, memoryBytes: 8 * 1024 ** 3, cacheHome: '/home/me/.cache' },
  });
  if (!resolution.ok) throw new Error(JSON.stringify(resolution.problems));
  const { settings, sources, texts } = resolution;
  const read = {
    ...{ settings, sources, texts, dotEnv },
    secrets: '/srv/security/secrets',
    ignoreFiles: ['/srv/security/settings/ignore-images.txt'],
    isNamed: true,
  };
  return { env, cwd: '/srv', read, directory: '/srv/security', owner: OWNER, socket };
};

const SMTP = { SMTP_HOST: 'smtp.example.org', SMTP_TO: 'ops@example.org', SMTP_USER: 'scanner' };

describe('what Compose is told', () => {
  it('is where things lie and who may use them, and no setting while nobody sets one', () => {
    const environment = serviceEnvironment(facts({}));
    expect(environment).toEqual({
      SCANNER_DIR: '/srv/security',
      SCANNER_UID: '1000',
      SCANNER_GID: '1001',
      DOCKER_GID: '998',
      DOCKER_SOCKET: '/var/run/docker.sock',
      DOCKER_HOST: 'unix:///var/run/docker.sock',
    });
  });

  it('takes a setting from its strongest place, and the .env file by our own rules', () => {
    const dotEnv = 'SCAN_IMAGES="a,b" # two\r\nTRIVY_SEVERITY=LOW\r\nSMTP_SUBJECT_PREFIX=\'[#1]\'\r\n';
    const written = { flags: { TRIVY_SEVERITY: 'critical' }, env: { SCAN_IMAGES: 'c' }, dotEnv };
    expect(serviceEnvironment(facts(written))).toMatchObject({
      TRIVY_SEVERITY: 'critical',
      SCAN_IMAGES: 'c',
      SMTP_SUBJECT_PREFIX: '[#1]',
    });
  });

  it('leaves in the secrets directory what lies there, also where the .env file says something else', () => {
    const written = { env: SMTP, secrets: { SMTP_PASS: 'from-a-file' }, dotEnv: 'SMTP_PASS=from-env\n' };
    const environment = serviceEnvironment(facts(written));
    expect(environment).toMatchObject(SMTP);
    expect(Object.keys(environment)).not.toContain('SMTP_PASS');
    expect(unpassable(facts(written))).toEqual([]);
  });

  it('passes on variables that are no settings, the environment before the .env file', () => {
    const written = {
      env: { SCANNER_UID: '0', TZ: 'Europe/Berlin' },
      dotEnv: 'TZ=UTC\nSCAN_RESTART=no\nOWN_PORT=9090\n',
    };
    expect(serviceEnvironment(facts(written))).toMatchObject({
      SCANNER_UID: '0',
      TZ: 'Europe/Berlin',
      SCAN_RESTART: 'no',
      OWN_PORT: '9090',
    });
  });

  it('keeps settings of this machine and other ways to an engine from the container', () => {
    const env = {
      LOG_DIR: '/var/log',
      TRIVY_PATH: '/opt/trivy',
      DOCKER_CONTEXT: 'other',
      GTS_DATA_DIR: '/data',
      SCAN_ONCE: '1',
    };
    const names = Object.keys(serviceEnvironment(facts({ env })));
    for (const name of Object.keys(env)) expect(names).not.toContain(name);
    expect(names.filter((name) => new Set<string>(SETTING_NAMES).has(name))).toEqual(['SCANNER_DIR', 'DOCKER_HOST']);
  });

  it('makes the user of an engine of its own root in the container, as which that engine takes it', () => {
    const rootless = { path: '/run/user/1000/docker.sock', uid: 1000, gid: 1001 };
    expect(serviceEnvironment(facts({}, rootless))).toMatchObject({
      SCANNER_UID: '0',
      SCANNER_GID: '0',
      DOCKER_GID: '0',
      DOCKER_SOCKET: '/run/user/1000/docker.sock',
      DOCKER_HOST: 'unix:///run/user/1000/docker.sock',
    });
  });
});

describe('what cannot be passed on', () => {
  it('is a secret out of a file, which would stand in the description of the container', () => {
    const written = { env: { ...SMTP, SMTP_PASS_FILE: '/etc/password' } };
    expect(unpassable(facts(written))).toEqual([
      {
        setting: 'SMTP_PASS_FILE',
        value: '/etc/password',
        accepted: 'its content in /srv/security/secrets/SMTP_PASS, which the container reads',
      },
    ]);
  });

  it('is a directory whose path Docker would take apart', () => {
    expect(unpassable({ ...facts({}), directory: '/srv/a:b' })).toMatchObject([{ setting: 'SCANNER_DIR' }]);
  });
});

describe('authorities for mail', () => {
  const SMTP_CA = (path: string) => facts({ env: { ...SMTP, SMTP_USER: '', SMTP_CA_FILE: path } });

  it.each([
    ['security/secrets/ca.pem', '/run/secrets/ca.pem'],
    ['/srv/security/secrets/mail/ca.pem', '/run/secrets/mail/ca.pem'],
    ['/run/secrets/ca.pem', '/run/secrets/ca.pem'],
  ])('are named as the container sees them: %s', (written, passed) => {
    expect(unpassable(SMTP_CA(written))).toEqual([]);
    expect(serviceEnvironment(SMTP_CA(written))).toMatchObject({ SMTP_CA_FILE: passed });
  });

  it('elsewhere cannot be passed on', () => {
    expect(unpassable(SMTP_CA('/etc/ca.pem'))).toMatchObject([{ setting: 'SMTP_CA_FILE' }]);
  });
});

describe('a directory that nobody named', () => {
  const inUnnamed = (dotEnv: string) => {
    const { read, ...others } = facts({ dotEnv });
    return unpassable({ ...others, read: { ...read, isNamed: false } });
  };

  it.each(['LD_PRELOAD=/tmp/x.so', 'NODE_IMAGE=evil', 'SCANNER_IMAGE=evil', 'DOCKER_SOCKET=/x', 'DOCKER_CONFIG=/x'])(
    'tells Compose nothing that is run or leads elsewhere: %s',
    (line) => {
      expect(inUnnamed(`TZ=Europe/Berlin\n${line}\n`)).toMatchObject([
        { setting: line.split('=')[0], accepted: expect.stringContaining('SCANNER_DIR') },
      ]);
    },
  );

  it('may tell the rest', () => {
    const harmless = 'SCANNER_UID=1000\nDOCKER_GID=998\nTRIVY_SEVERITY=HIGH\nHTTPS_PROXY=http://proxy:3128\n';
    expect(inUnnamed(harmless)).toEqual([]);
  });
});
