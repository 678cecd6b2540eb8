import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { describeSettings } from './describe-settings.ts';
import { renderConfigurationMarkdown, renderEnvExample } from './render-settings.ts';
import { resolveSettings } from './resolve-settings.ts';
import { SETTING_NAMES } from './settings.ts';

const base = { layout: 'directory', cores: 2, memoryBytes: 8 * 1024 ** 3, cacheHome: '/c' } as const;

const resolveDotEnv = (dotEnv: string) =>
  resolveSettings({ flags: {}, env: {}, readFile: () => null, secretsDirectory: () => null, dotEnv, base });

describe('documentation of the settings', () => {
  it('is the committed one', () => {
    const committed = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
    expect(committed).toBe(renderConfigurationMarkdown());
  });

  it('names every setting once', () => {
    const headings = [...renderConfigurationMarkdown().matchAll(/^### `(\w+)`$/gm)].map(([, name]) => name);
    expect(headings).toHaveLength(SETTING_NAMES.length);
    expect(new Set(headings)).toEqual(new Set(SETTING_NAMES));
  });

  it('gives no flag twice', () => {
    const flags = describeSettings().flatMap(({ flag }) => flag ?? []);
    expect(flags).toEqual([...new Set(flags)]);
  });

  /** What a setting does not stand without. */
  const TOGETHER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    DOCKERHUB_USERNAME: { DOCKERHUB_TOKEN: 'secret' },
    DOCKERHUB_TOKEN: { DOCKERHUB_USERNAME: 'someone' },
    SMTP_HOST: { SMTP_TO: 'ops@example.org' },
    SMTP_TO: { SMTP_HOST: 'smtp.example.org' },
    SMTP_USER: { SMTP_PASS: 'secret' },
    SMTP_PASS: { SMTP_USER: 'someone' },
    WEBHOOK_SECRET: { WEBHOOK_URL: 'https://hooks.example.org' },
  };

  it.each(describeSettings().map(({ name, example }) => [name, example]))(
    'has an example of %s that is accepted',
    (name, example) => {
      const resolution = resolveSettings({
        flags: {},
        env: { ...TOGETHER[name], [name]: example },
        readFile: () => null,
        secretsDirectory: () => null,
        dotEnv: null,
        base,
      });
      expect(resolution).toMatchObject({ ok: true, warnings: [] });
    },
  );
});

describe('the example of an .env file', () => {
  it('is the committed one', () => {
    const committed = readFileSync(new URL('../../../../docker/.env.example', import.meta.url), 'utf8');
    expect(committed).toBe(renderEnvExample());
  });

  it('sets nothing', () => {
    expect(resolveDotEnv(renderEnvExample())).toEqual(resolveDotEnv(''));
  });

  it('is accepted as a whole once its comment marks are gone', () => {
    const uncommented = renderEnvExample().replaceAll(/^#(?=[A-Z])/gm, '');
    const resolution = resolveDotEnv(uncommented);
    const early = new Set(['SCANNER_DIR', 'HOST_DIR']);
    expect(
      resolution.ok && SETTING_NAMES.filter((name) => !early.has(name) && resolution.sources[name] !== '.env'),
    ).toEqual([]);
  });
});
