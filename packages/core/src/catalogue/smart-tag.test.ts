import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { TagDetails } from '../model/tool.ts';
import { aTool } from '../testing/builders.ts';
import { ImageResolver } from './image-resolver.ts';
import { chooseSmartTag } from './smart-tag.ts';
import { isNoRelease, isPreRelease } from './version-tag.ts';

const tag = (name: string, given: Partial<TagDetails> = {}): TagDetails => ({
  name,
  digest: null,
  platforms: [],
  pushedAt: null,
  ...given,
});
const NOW = new Date('2026-11-29T12:00:00Z');
const choose = (tags: readonly TagDetails[], platform = 'linux/amd64') =>
  chooseSmartTag(() => ({ platform, now: NOW }))(
    tags.map(({ name }) => name),
    () => tags,
  );
const named = (...names: string[]) => names.map((name) => tag(name));

const CURRENT = `sha256:${'c'.repeat(64)}`;
const OLD = `sha256:${'0'.repeat(64)}`;
const SOUND = `sha256:${'5'.repeat(64)}`;

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

  it('of stable counts where there is no latest', () => {
    const tags = [tag('stable', { digest: OLD }), tag('1.26.2', { digest: OLD }), tag('1.27.0')];
    expect(choose(tags)).toEqual({ tag: '1.26.2', rule: 'same_digest_as_stable' });
  });

  it('is no pre-release, even of latest', () => {
    const tags = [tag('latest', { digest: CURRENT }), tag('2.0.0-rc1', { digest: CURRENT }), tag('1.9.0')];
    expect(choose(tags)).toEqual({ tag: '1.9.0', rule: 'newest_version_unstable_anchor' });
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
    expect(choose(named('bookworm', 'alpine', 'latest'))).toEqual({ tag: 'latest', rule: 'latest_itself' });
    expect(choose(named('bookworm', 'alpine'))).toEqual({ tag: 'alpine', rule: 'alpine' });
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
        const usable = tags.filter(({ name, platforms }) => !isNoRelease(name) && !platforms.includes('windows/amd64'));
        const preReleases = tags.filter(
          ({ name, platforms }) => isPreRelease(name) && !platforms.includes('windows/amd64'),
        );
        const isOne = ({ digest }: TagDetails) => digest !== null && preReleases.some((each) => each.digest === digest);
        const stable = usable.filter((each) => !isOne(each));
        const anchors = usable.filter(({ name }) => name === 'latest' || name === 'stable');
        const choice = choose(tags);
        const allowed = choice?.rule.startsWith('newest') === true || choice?.rule === 'alpine' ? stable : usable;
        const isRight =
          choice === null ? stable.length + anchors.length === 0 : allowed.some(({ name }) => name === choice.tag);
        expect(isRight).toBe(true);
      }),
    );
  });

  it('lead to the same image of latest whatever else is pushed within the year', () => {
    fc.assert(
      fc.property(someTags, (tags) => {
        const latest = tag('latest', { digest: SOUND, pushedAt: '2026-10-01T00:00:00Z' });
        const twin = tag('4.5.6', { digest: SOUND, pushedAt: '2026-10-01T00:00:00Z' });
        const others = tags.filter(({ name }) => name !== 'latest' && name !== '4.5.6');
        expect(choose([...others, latest])).toEqual({ tag: 'latest', rule: 'latest_itself' });
        expect(choose([...others, latest, twin])).toEqual({ tag: '4.5.6', rule: 'same_digest_as_latest' });
      }),
    );
  });
});

describe('hostile lists', () => {
  const word = fc.constantFrom(
    '1',
    '0',
    '.',
    '-',
    '_',
    'a',
    'f',
    'rc',
    'v',
    'latest',
    '9'.repeat(40),
    'arm',
    'windows',
    'e',
  );
  const longName = fc.array(word, { minLength: 1, maxLength: 128 }).map((words) => words.join('').slice(0, 128));
  const anyDate = fc.oneof(
    fc.constantFrom(null, '', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '+275760-09-13T00:00:00Z', 'yesterday'),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  );

  it('of names and dates that nobody expects lead to one of them or to none', () => {
    const oddTag = fc.record({
      name: fc.oneof(longName, fc.string({ unit: 'binary', maxLength: 200 })),
      digest: fc.constantFrom(null, '', CURRENT, OLD),
      platforms: fc.array(fc.string({ maxLength: 5 }), { maxLength: 2 }),
      pushedAt: anyDate,
      imageDigests: fc.array(fc.record({ platform: fc.constant('linux/amd64'), digest: fc.constant(CURRENT) }), {
        maxLength: 1,
      }),
      published: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(oddTag, { maxLength: 30 }), fc.boolean(), (tags, isEdited) => {
        const names = tags.filter(({ published }) => published).map(({ name }) => name);
        const choice = chooseSmartTag(() => ({ platform: 'linux/amd64', now: NOW }))(
          isEdited ? [...names, '1.0.0'] : names,
          () => tags,
        );
        expect([undefined, '1.0.0', ...tags.map(({ name }) => name)]).toContain(choice?.tag);
      }),
    );
  });

  it.each([
    ['versions', 200_000, (index: number) => `1.${index}.${index % 7}`],
    ['versions that are near pre-releases', 20_000, (index: number) => `1.${index}-${'a'.repeat(100)}`],
    ['hexadecimal words', 20_000, (index: number) => `${'0f'.repeat(60)}${index}`],
    ['separators', 20_000, (index: number) => `${index}${'-_.'.repeat(40)}`],
    ['numbers without end', 20_000, (index: number) => `${index}.${'1.'.repeat(55)}`],
  ])('of %s take no longer than reading all %i of them', (_, count, nameOf) => {
    const tags = Array.from({ length: count }, (_each, index) => tag(nameOf(index)));
    const start = performance.now();
    choose(tags);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('dates', () => {
  const pushed = (name: string, pushedAt: string | null, given: Partial<TagDetails> = {}) =>
    tag(name, { pushedAt, ...given });

  it.each(['2099-01-01T00:00:00Z', '2026-12-24T00:00:00Z', '9999-12-31T23:59:59Z'])(
    'that lie ahead, such as %s, make no version the newest and no anchor old',
    (ahead) => {
      const wrong = pushed('0.1', ahead);
      const versions = [pushed('1.0.1', '2026-11-01T00:00:00Z'), pushed('1.0.0', '2025-01-01T00:00:00Z'), wrong];
      expect(choose(versions)?.tag).toBe('1.0.1');
      expect(choose([...versions, pushed('latest', '2026-11-01T00:00:00Z')])?.tag).toBe('latest');
    },
  );

  it('that all lie ahead are those of a clock that runs behind, and are compared', () => {
    const versions = [pushed('7.9', '2027-01-01T00:00:00Z'), pushed('1.0.1', '2029-01-01T00:00:00Z')];
    expect(choose(versions)?.tag).toBe('1.0.1');
  });

  it('before there were images say nothing', () => {
    const tags = [pushed('1.1.0', '0001-01-01T00:00:00Z'), pushed('1.0.0', '2026-11-01T00:00:00Z')];
    expect(choose(tags)?.tag).toBe('1.1.0');
    expect(choose([...tags, pushed('latest', '0001-01-01T00:00:00Z')])?.tag).toBe('latest');
  });

  it.each([
    ['2025-11-02T00:00:00Z', 'latest', 'latest_itself'],
    ['2025-11-01T00:00:00Z', '1.0.0', 'newest_version_old_anchor'],
  ])('decide on an anchor of %s: %s', (date, name, rule) => {
    const tags = [pushed('latest', date), pushed('1.0.0', '2026-11-01T00:00:00Z')];
    expect(choose(tags)).toEqual({ tag: name, rule });
  });

  it('leave out what was pushed a year before a lower version, and not what was pushed a day less', () => {
    const lower = pushed('1.0.0', '2026-11-01T00:00:00Z');
    expect(choose([lower, pushed('8.0.0', '2025-11-01T00:00:00Z')])?.tag).toBe('1.0.0');
    expect(choose([lower, pushed('8.0.0', '2025-11-02T00:00:00Z')])?.tag).toBe('8.0.0');
  });

  it('of another cluster make no slip', () => {
    const tags = [pushed('1.0.0', '2026-11-01T00:00:00Z'), pushed('8.0', '2026-11-01T00:00:00Z')];
    expect(choose([...tags, pushed('9.0', '2025-09-01T00:00:00Z')])?.tag).toBe('8.0');
  });
});

describe('a tag without a digest', () => {
  const linux = (digest: string) => [{ platform: 'linux/amd64', digest }];

  it('is compared by its image for the platform', () => {
    const tags = [
      tag('latest', { imageDigests: linux(CURRENT) }),
      tag('2.0.0', { imageDigests: [{ platform: 'linux/arm64/v8', digest: CURRENT }, ...linux(OLD)] }),
      tag('1.9.0', { imageDigests: linux(CURRENT) }),
    ];
    expect(choose(tags)).toEqual({ tag: '1.9.0', rule: 'same_digest_as_latest' });
  });

  it('is the same image as an index that holds it, and as a manifest that it is', () => {
    const latest = tag('latest', { imageDigests: linux(CURRENT) });
    expect(choose([latest, tag('1.9', { digest: OLD, imageDigests: linux(CURRENT) })])?.tag).toBe('1.9');
    expect(choose([latest, tag('1.9', { digest: CURRENT })])?.tag).toBe('1.9');
  });

  it('is a pre-release where its image is one', () => {
    const beta = tag('2.11-beta', { digest: OLD, imageDigests: linux(CURRENT) });
    expect(choose([beta, tag('2.11', { imageDigests: linux(CURRENT) }), tag('2.10')])?.tag).toBe('2.10');
  });

  it('says nothing where two indexes hold one image', () => {
    const tags = [
      tag('latest', { digest: CURRENT, imageDigests: linux(SOUND) }),
      tag('1.9', { digest: OLD, imageDigests: linux(SOUND) }),
    ];
    expect(choose(tags)?.tag).toBe('latest');
  });
});

describe('tags that are known and not published', () => {
  const known = [
    tag('latest', { digest: CURRENT }),
    tag('1.9.0', { digest: OLD }),
    tag('2.0.0', { digest: CURRENT, published: false }),
  ];
  const chooseOf = (names: readonly string[]) =>
    chooseSmartTag(() => ({ platform: 'linux/amd64', now: NOW }))(names, () => known);

  it('can be chosen', () => {
    expect(chooseOf(['latest', '1.9.0'])).toEqual({ tag: '2.0.0', rule: 'same_digest_as_latest' });
  });

  it('cannot where somebody wrote which tags are meant', () => {
    expect(chooseOf(['1.9.0'])?.tag).toBe('1.9.0');
    expect(chooseOf(['latest', '1.9.0', '1.8.0'])?.tag).toBe('latest');
  });
});
