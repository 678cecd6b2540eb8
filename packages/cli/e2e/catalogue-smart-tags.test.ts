import { CatalogueScanDocument, ToolDocument } from '@scanner/core';
import {
  anImageRow,
  aRepository,
  aTag,
  type DockerHub,
  type HubTag,
  startDockerHub,
  tagWithoutDigest,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type GtsUser, gtsUser } from './support/gts.ts';
import { readDocument } from './support/schemas.ts';
import { layToolsFile, readToolsFile, toolsFileOf } from './support/tools-file.ts';

const DAY = 24 * 60;
const STARTED = Date.now();

/** Tags of one image that were pushed so many minutes ago. */
const pushed = (minutes: number, names: string, given: Partial<HubTag> = {}): HubTag[] => {
  const date = new Date(STARTED - minutes * 60_000).toISOString();
  const [first = ''] = names.split(' ');
  const { digest } = aTag({ name: first });
  return names.split(' ').map((name) => aTag({ name, digest, last_updated: date, tag_last_pushed: date, ...given }));
};

const builds = (count: number, minutes: number, prefix: string): HubTag[] =>
  Array.from({ length: count }, (_, index) => pushed(minutes + index, `${prefix}${index}`)).flat();

const single = (name: string, image: string): HubTag => ({
  ...tagWithoutDigest(name),
  images: [anImageRow({ digest: `sha256:${image.repeat(64)}` })],
});

const REPOSITORIES: Readonly<
  Record<string, { readonly tags: readonly HubTag[]; readonly expected: readonly [string, string] }>
> = {
  'twin-on-the-page': {
    tags: [...builds(70, 1, '1.9.'), ...pushed(200, '3.14.7 3.14 latest'), ...pushed(300, '3.12.14')],
    expected: ['3.14.7', 'same_digest_as_latest'],
  },
  'twin-far-away': {
    tags: [...builds(150, 1, '3.12.'), ...pushed(3 * DAY, '3.14.7 3.14 latest')],
    expected: ['latest', 'latest_itself'],
  },
  'left-behind': {
    tags: [...pushed(1500 * DAY, 'latest 8.6'), ...pushed(20 * DAY, '10.1 10'), ...pushed(20 * DAY, '9.7')],
    expected: ['10.1', 'newest_version_old_anchor'],
  },
  slip: {
    tags: [...pushed(2 * DAY, '5.1.2'), ...pushed(60 * DAY, '5.1.1'), ...pushed(730 * DAY, '20.04.1')],
    expected: ['5.1.2', 'newest_version'],
  },
  beta: {
    tags: [...pushed(2 * DAY, '2.11 2.11-beta'), ...pushed(30 * DAY, '2.10.2 2.10')],
    expected: ['2.10.2', 'newest_version'],
  },
  'single-platform': {
    tags: [single('latest', 'a'), single('1.4.2', 'a'), single('1.5.0-rc1', 'b'), single('1.4.1', 'c')],
    expected: ['1.4.2', 'same_digest_as_latest'],
  },
  'ahead-of-time': {
    tags: [...pushed(-400 * DAY, '0.9.0'), ...pushed(2 * DAY, '1.2.0 latest')],
    expected: ['1.2.0', 'same_digest_as_latest'],
  },
};

describe('the newest release of each repository', () => {
  let hub: DockerHub;
  let user: GtsUser;

  beforeAll(async () => {
    const repositories = Object.entries(REPOSITORIES).map(([name, { tags }]) =>
      aRepository({ namespace: 'acme', name, tags }),
    );
    hub = await startDockerHub({ repositories, limit: false });
    user = await gtsUser({ DOCKERHUB_URL: hub.url, HTTPS_PROXY: 'http://127.0.0.1:1' });
    await user.gts(['scrape', '--namespaces', 'acme']);
  });

  afterAll(async () => {
    await hub.stop();
    await user[Symbol.asyncDispose]();
  });

  it('is chosen from what one page of tags says', async () => {
    const { stdout } = await user.gts(['scan', '--dry-run', '--tag-policy', 'smart', '--json']);
    const { tools } = await readDocument(CatalogueScanDocument, stdout);
    expect(Object.fromEntries(tools.map(({ id, tag, rule }) => [id.split('/')[1], [tag, rule]]))).toEqual(
      Object.fromEntries(Object.entries(REPOSITORIES).map(([name, { expected }]) => [name, expected])),
    );
  });

  it('costs a request for the list, one for the tags, and those for preferred tags where there are more', () => {
    const asked = Object.fromEntries(
      Object.keys(REPOSITORIES).map((name) => [
        name,
        hub.requests.filter(({ path }) => path.includes(`/repositories/${name}/`)).length,
      ]),
    );
    expect(asked).toEqual({
      ...Object.fromEntries(Object.keys(REPOSITORIES).map((name) => [name, 1])),
      'twin-far-away': 4,
    });
  });

  it('needs no more tags in tools.json than were asked for', async () => {
    const { tools } = await readToolsFile(toolsFileOf(user));
    const tagsOf = (name: string) => tools.find(({ id }) => id === `docker_hub:acme/${name}`)?.docker_tags ?? [];
    expect(tagsOf('twin-on-the-page')).toHaveLength(51);
    expect(tagsOf('twin-on-the-page')).not.toContain('3.14.7');
    expect(tagsOf('twin-far-away')).toHaveLength(51);
  });

  it.each([
    ['twin-on-the-page', 'the most precise version that is the same image as `latest`'],
    ['twin-far-away', '`latest` itself, since none of the known tags is a stable version of the same image'],
    ['left-behind', 'since `latest` or `stable` was pushed a year or more before it'],
  ])('of %s is explained', async (name, words) => {
    const { stdout } = await user.gts(['tool', `acme/${name}`, '--tag-policy', 'smart']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(words);
  });

  it('is the one that somebody wrote into tools.json', async () => {
    const { tools } = await readToolsFile(toolsFileOf(user));
    const wanted = tools.find(({ id }) => id === 'docker_hub:acme/twin-on-the-page');
    await layToolsFile(toolsFileOf(user), { tools: [{ ...wanted, docker_tags: ['1.9.3'] }] });
    const { stdout } = await user.gts(['tool', 'acme/twin-on-the-page', '--tag-policy', 'smart', '--json']);
    expect((await readDocument(ToolDocument, stdout)).next).toMatchObject({ tag: '1.9.3', rule: 'newest_version' });
  });
});
