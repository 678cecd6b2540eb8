import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { TagDetails } from '../model/tool.ts';
import { aTool } from '../testing/builders.ts';
import { ImageResolver } from './image-resolver.ts';
import { chooseSmartTag } from './smart-tag.ts';
import { isNoRelease } from './version-tag.ts';

const tag = (name: string, given: Partial<TagDetails> = {}): TagDetails => ({
  name,
  digest: null,
  platforms: [],
  pushedAt: null,
  ...given,
});
const choose = (tags: readonly TagDetails[], platform = 'linux/amd64') =>
  chooseSmartTag(platform)(
    tags.map(({ name }) => name),
    () => tags,
  );
const named = (...names: string[]) => names.map((name) => tag(name));

const CURRENT = `sha256:${'c'.repeat(64)}`;
const OLD = `sha256:${'0'.repeat(64)}`;

describe('a version that is the same image as latest or stable', () => {
  it('is taken as precise as it comes', () => {
    const tags = [
      tag('latest', { digest: CURRENT }),
      tag('17', { digest: CURRENT }),
      tag('17.1', { digest: CURRENT }),
      tag('17.1-bookworm', { digest: CURRENT }),
      tag('bookworm', { digest: CURRENT }),
      tag('18.0.0', { digest: OLD }),
    ];
    expect(choose(tags)).toEqual({ tag: '17.1', rule: 'same_digest_as_latest' });
  });

  it('of stable counts where latest says nothing', () => {
    const tags = [tag('latest'), tag('stable', { digest: OLD }), tag('1.26.2', { digest: OLD }), tag('1.27.0')];
    expect(choose(tags)).toEqual({ tag: '1.26.2', rule: 'same_digest_as_stable' });
  });

  it('is no pre-release, even of latest', () => {
    const tags = [tag('latest', { digest: CURRENT }), tag('2.0.0-rc1', { digest: CURRENT }), tag('1.9.0')];
    expect(choose(tags)).toEqual({ tag: '1.9.0', rule: 'newest_version' });
  });
});

describe('without such an anchor', () => {
  it('takes the newest version of those pushed last', () => {
    const tags = [
      tag('1.9.0', { pushedAt: '2026-11-20T10:00:00Z' }),
      tag('1.10.0', { pushedAt: '2026-11-20T09:00:00Z' }),
      tag('v7.9', { pushedAt: '2019-01-01T00:00:00Z' }),
    ];
    expect(choose(tags)).toEqual({ tag: '1.10.0', rule: 'newest_version' });
  });

  it('takes the plain image of a release over its variants, though they were pushed later', () => {
    const tags = [
      tag('17.1-alpine3.20', { pushedAt: '2026-11-20T12:00:00Z' }),
      tag('17.1-slim', { pushedAt: '2026-11-20T11:00:00Z' }),
      tag('17.1', { pushedAt: '2026-11-20T10:00:00Z' }),
      tag('9.6.24', { pushedAt: '2026-11-20T10:30:00Z' }),
    ];
    expect(choose(tags)?.tag).toBe('17.1');
  });

  it('takes no year for a version while there are releases', () => {
    expect(choose(named('2021.12.16', '3.1.4'))?.tag).toBe('3.1.4');
    expect(choose(named('2021.12.16', '2023.11.0'))?.tag).toBe('2023.11.0');
  });

  it.each([
    [['3.8.0b1', '3.8.0'], '3.8.0'],
    [['windowsltsc2022-amd64-2.9.3', '2.9.2'], '2.9.2'],
    [['1.2.3-arm64v8', '1.2.2'], '1.2.2'],
    [['1.2.3-debug', '1.2.2'], '1.2.2'],
    [['sha-1a2b3c4', '1234567', '0.1'], '0.1'],
    [['feature__502', '0.9'], '0.9'],
    [['20261120', '1.0'], '1.0'],
  ])('of %j takes %s', (names, wanted) => {
    expect(choose(named(...names))?.tag).toBe(wanted);
  });

  it('takes nothing that is known not to run on the platform', () => {
    const tags = [
      tag('2.0', { platforms: ['windows/amd64'] }),
      tag('1.9', { platforms: ['linux/arm64/v8'] }),
      tag('1.8', { platforms: ['linux/amd64', 'linux/arm64'] }),
      tag('1.7'),
    ];
    expect(choose(tags)?.tag).toBe('1.8');
    expect(choose(tags, 'linux/arm64')?.tag).toBe('1.9');
  });

  it('takes a plain name where there is no version, then the last push, then nothing', () => {
    expect(choose(named('bookworm', 'alpine', 'latest'))).toEqual({ tag: 'latest', rule: 'latest' });
    const undated = [
      tag('bookworm', { pushedAt: '2026-01-01T00:00:00Z' }),
      tag('trixie', { pushedAt: '2026-02-01T00:00:00Z' }),
    ];
    expect(choose(undated)).toEqual({ tag: 'trixie', rule: 'newest_push' });
    expect(choose(named('nightly', 'edge', 'main'))).toBeNull();
  });
});

describe('the smart policy of a resolver', () => {
  it('uses what the store knows of the tags', () => {
    const tagsOf = () => [
      tag('latest', { digest: CURRENT }),
      tag('16.1', { digest: CURRENT }),
      tag('17.0', { digest: OLD }),
    ];
    const resolver = new ImageResolver({ policy: 'smart', tagsOf });
    const tool = aTool({ docker_tags: ['latest', '17.0', '16.1'] });
    expect(resolver.resolveImageRef(tool)).toEqual({
      imageRef: 'postgres:16.1',
      selectedTag: '16.1',
      rule: 'same_digest_as_latest',
    });
  });

  it('says why nothing will do', () => {
    const resolution = new ImageResolver({ policy: 'smart' }).explain(aTool({ docker_tags: ['nightly'] }));
    expect(resolution).toMatchObject({ ok: false, reason: { code: 'not_found' } });
  });
});

describe('any tags', () => {
  const someTag = fc.record({
    name: fc.oneof(
      fc.constantFrom(
        'latest',
        'stable',
        'alpine',
        'edge',
        '1',
        '1.2',
        '1.2.3',
        'v1.2.3',
        '1.2.3-alpine3.19',
        '2.0.0-rc1',
        '2024.1',
      ),
      fc.stringMatching(/^\w[\w.-]{0,20}$/),
    ),
    digest: fc.constantFrom(null, CURRENT, OLD),
    platforms: fc.constantFrom<string[]>([], ['linux/amd64'], ['windows/amd64']),
    pushedAt: fc.constantFrom(null, 'not a date', '2026-11-20T10:00:00Z', '2026-01-20T10:00:00Z'),
  });
  const someTags = fc.uniqueArray(someTag, { maxLength: 20, selector: ({ name }) => name });

  it('lead to the same choice in any order', () => {
    fc.assert(
      fc.property(
        someTags.chain((tags) => fc.tuple(fc.constant(tags), fc.shuffledSubarray(tags, { minLength: tags.length }))),
        ([tags, shuffled]) => {
          expect(choose(shuffled)).toEqual(choose(tags));
        },
      ),
    );
  });

  it('lead to one of them that is a release for the platform, or to none', () => {
    fc.assert(
      fc.property(someTags, (tags) => {
        const usable = tags
          .filter(({ name, platforms }) => !isNoRelease(name) && !platforms.includes('windows/amd64'))
          .map(({ name }) => name);
        const choice = choose(tags)?.tag;
        expect(choice === undefined ? usable.length === 0 : usable.includes(choice)).toBe(true);
      }),
    );
  });
});
