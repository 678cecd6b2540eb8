import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { resolveDockerHost } from './docker-host.ts';

const digestOf = (name: string): string => createHash('sha256').update(name).digest('hex');

describe('resolveDockerHost', () => {
  let homeDir: string;

  beforeEach(async () => {
    homeDir = await mkdtemp(join(tmpdir(), 'gts-home-'));
  });
  afterEach(() => rm(homeDir, { recursive: true }));

  const write = async (path: string, content: unknown): Promise<void> => {
    const file = join(homeDir, path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  };
  const useContext = (name: string): Promise<void> => write('.docker/config.json', { currentContext: name, auths: {} });
  const addContext = (name: string, docker: object): Promise<void> =>
    write(`.docker/contexts/meta/${digestOf(name)}/meta.json`, { Name: name, Metadata: {}, Endpoints: { docker } });
  const resolve = (env: Record<string, string> = {}, flag?: string) => resolveDockerHost({ flag, env, homeDir });

  it('is the default socket where nothing is said', async () => {
    expect(await resolve({ DOCKER_HOST: '', DOCKER_CONTEXT: '' })).toEqual({
      host: 'unix:///var/run/docker.sock',
      tls: null,
      origin: 'default',
    });
  });

  it('follows the flag, then DOCKER_HOST, then DOCKER_CONTEXT, then the chosen context', async () => {
    await useContext('chosen');
    await addContext('chosen', { Host: 'unix:///chosen.sock' });
    await addContext('named', { Host: 'unix:///named.sock' });
    const env = { DOCKER_HOST: 'unix:///environment.sock', DOCKER_CONTEXT: 'named' };
    expect(await resolve(env, 'unix:///flag.sock')).toMatchObject({ host: 'unix:///flag.sock', origin: 'flag' });
    expect(await resolve(env)).toMatchObject({ host: 'unix:///environment.sock', origin: 'environment' });
    expect(await resolve({ DOCKER_CONTEXT: 'named' })).toMatchObject({
      host: 'unix:///named.sock',
      origin: 'context named',
    });
    expect(await resolve()).toMatchObject({ host: 'unix:///chosen.sock', origin: 'context chosen' });
    expect(await resolve({ DOCKER_CONTEXT: 'default' })).toMatchObject({ origin: 'default' });
  });

  it('reads contexts where DOCKER_CONFIG says', async () => {
    await write('elsewhere/config.json', { currentContext: 'default' });
    await useContext('chosen');
    expect(await resolve({ DOCKER_CONFIG: join(homeDir, 'elsewhere') })).toMatchObject({ origin: 'default' });
  });

  it('finds the TLS files of a context', async () => {
    await useContext('far');
    await addContext('far', { Host: 'tcp://engine.example:2376', SkipTLSVerify: true });
    const directory = `.docker/contexts/tls/${digestOf('far')}/docker`;
    await write(`${directory}/ca.pem`, 'ca');
    await write(`${directory}/cert.pem`, 'cert');
    expect(await resolve()).toEqual({
      host: 'tcp://engine.example:2376',
      tls: {
        ca: join(homeDir, directory, 'ca.pem'),
        cert: join(homeDir, directory, 'cert.pem'),
        key: null,
        verify: false,
      },
      origin: 'context far',
    });
  });

  it('takes TLS from the environment for tcp and never for a socket', async () => {
    await write('certs/ca.pem', 'ca');
    const env = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: join(homeDir, 'certs') };
    expect(await resolve({ ...env, DOCKER_HOST: 'tcp://engine' })).toEqual({
      host: 'tcp://engine:2376',
      tls: { ca: join(homeDir, 'certs/ca.pem'), cert: null, key: null, verify: true },
      origin: 'environment',
    });
    expect(await resolve({ ...env, DOCKER_HOST: 'unix:///a.sock' })).toMatchObject({ tls: null });
  });

  it.each([
    ['unix://', 'unix:///var/run/docker.sock', false],
    ['tcp://10.0.0.1', 'tcp://10.0.0.1:2375', false],
    ['10.0.0.1:4000', 'tcp://10.0.0.1:4000', false],
    ['http://localhost:80/', 'tcp://localhost:80', false],
    ['tcp://[::1]:2375', 'tcp://[::1]:2375', false],
    ['https://engine.example', 'tcp://engine.example:2376', true],
  ])('understands %s', async (flag, host, secure) => {
    const endpoint = await resolve({}, flag);
    expect(endpoint.host).toBe(host);
    expect(endpoint.tls !== null).toBe(secure);
  });

  it.each([
    ['ssh://me@engine', /ssh, which is not supported/],
    ['npipe:////./pipe/docker_engine', /cannot be reached|not an address/],
    ['/var/run/docker.sock', /not an address/],
    ['unix://relative.sock', /whole path/],
    ['tcp://', /not an address/],
    ['tcp://host:99999', /not an address/],
    ['tcp://host/prefix', /not an address/],
    ['tcp://host?x=1', /not an address/],
    ['fd://', /not an address/],
    ['ftp://host', /ftp/],
    ['unix:///a\nb', /not an address/],
  ])('refuses %j and says what to write instead', async (flag, why) => {
    await expect(resolve({}, flag)).rejects.toMatchObject({
      code: 'setting_invalid',
      message: expect.stringMatching(why),
      hint: expect.stringContaining('unix:///'),
    });
  });

  it('never repeats a password that stands in an address', async () => {
    const refusal: unknown = await resolve({}, 'tcp://me:s3cret@host').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'setting_invalid' });
    expect(JSON.stringify(refusal) + String(refusal)).not.toContain('s3cret');
  });

  it('refuses a context that is not there, rather than take another engine', async () => {
    await useContext('gone');
    await expect(resolve()).rejects.toMatchObject({
      code: 'setting_invalid',
      message: expect.stringContaining('"gone"'),
      hint: expect.stringContaining('docker context ls'),
    });
  });

  it.each(['{"currentContext": ', '[]', '{"currentContext": 7}'])(
    'refuses a configuration of the Docker CLI that reads %j',
    async (content) => {
      await write('.docker/config.json', content);
      await expect(resolve()).rejects.toMatchObject({
        code: 'setting_invalid',
        message: expect.stringContaining('config.json'),
      });
    },
  );
});
