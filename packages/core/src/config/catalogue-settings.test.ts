import { describe, expect, it } from 'vitest';

import { resolveSettings } from './resolve-settings.ts';

const resolve = (env: Record<string, string>) =>
  resolveSettings({
    flags: {},
    env,
    readFile: () => null,
    secretsDirectory: () => null,
    dotEnv: null,
    base: { layout: 'user', cores: 2, memoryBytes: 8 * 1024 ** 3, cacheHome: '/cache' },
  });

const valueOf = (env: Record<string, string>) => {
  const resolution = resolve(env);
  if (!resolution.ok) throw new Error(resolution.problems.map(({ setting }) => setting).join());
  return resolution.settings;
};

describe('settings of the catalogue', () => {
  it('send pulls from a registry to its mirrors in order', () => {
    const { REGISTRY_MIRRORS: mirrors } = valueOf({
      REGISTRY_MIRRORS: 'docker.io=127.0.0.1:5000,ghcr.io=mirror.example.org,docker.io=mirror.gcr.io',
    });
    expect(mirrors).toEqual({ 'docker.io': ['127.0.0.1:5000', 'mirror.gcr.io'], 'ghcr.io': ['mirror.example.org'] });
  });

  it.each(['docker.io', 'docker.io=', '=mirror', 'docker.io=https://mirror', 'a b=c'])(
    'refuse %j as a mirror',
    (text) => {
      expect(resolve({ REGISTRY_MIRRORS: text })).toMatchObject({
        ok: false,
        problems: [{ setting: 'REGISTRY_MIRRORS' }],
      });
    },
  );

  it.each(['Library', '../library', 'a/b', '-x'])('refuse %j as a namespace', (text) => {
    expect(resolve({ POPULAR_NAMESPACES: text }).ok).toBe(false);
  });

  it('take an account only whole, and never show its token', () => {
    expect(resolve({ DOCKERHUB_USERNAME: 'me' })).toMatchObject({ problems: [{ setting: 'DOCKERHUB_TOKEN' }] });
    const alone = resolve({ DOCKERHUB_TOKEN: 'dckr_pat_secret' });
    expect(alone).toMatchObject({ problems: [{ setting: 'DOCKERHUB_USERNAME' }] });
    expect(JSON.stringify(alone)).not.toContain('dckr_pat_secret');
    expect(valueOf({ DOCKERHUB_USERNAME: 'me', DOCKERHUB_TOKEN: 't' }).DOCKERHUB_TOKEN).toBe('t');
  });
});
