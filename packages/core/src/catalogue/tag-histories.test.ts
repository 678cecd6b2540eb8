import { describe, expect, it } from 'vitest';

import type { TagDetails } from '../model/tool.ts';
import { chooseSmartTag } from './smart-tag.ts';
import type { TagRule } from './tag-choice.ts';

/**
 * Tags as the publishers of well-known images push them. Official images after the public history of
 * docker-library/official-images as of 21 August 2026 (branches, shared tags, days of the last push), shortened; the
 * others after public reports of wrong updates, with dates set for this test.
 */
const NOW = new Date('2026-08-21T12:00:00Z');

/** One image: when its tags were pushed, or how many days ago, and their names with spaces between. */
type Push = readonly [when: string | number, names: string];

interface History {
  readonly image: string;
  readonly pushes: readonly Push[];
  /** Of everything that was ever pushed. */
  readonly whole: readonly [tag: string, rule: TagRule];
  /** Of what scraping sees of it, where that is another one. */
  readonly seen?: readonly [tag: string, rule: TagRule];
}

const PAGE = 100;
const LOOKED_FOR = new Set(['latest', 'stable', 'alpine']);

const tagsOf = (pushes: readonly Push[]): TagDetails[] =>
  pushes.flatMap(([when, names], image) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => ({
        name,
        digest: `sha256:${String(image).padStart(64, '0')}`,
        platforms: ['linux/amd64', 'linux/arm64/v8'],
        pushedAt:
          typeof when === 'string'
            ? `${when}T06:00:00.000Z`
            : new Date(NOW.getTime() - when * 24 * 3_600_000).toISOString(),
      })),
  );

/** What is known after a scrape that publishes 50 tags: a page, and what is looked for directly. */
const seenOf = (tags: readonly TagDetails[]): TagDetails[] => {
  const newest = tags.toSorted((a, b) => Date.parse(b.pushedAt ?? '') - Date.parse(a.pushedAt ?? ''));
  const published = new Set(newest.filter(({ name }, index) => index < 50 || LOOKED_FOR.has(name)));
  return newest.flatMap((tag, index) => {
    if (published.has(tag)) return [tag];
    return index < PAGE ? [{ ...tag, published: false }] : [];
  });
};

const choose = (tags: readonly TagDetails[]) =>
  chooseSmartTag(() => ({ platform: 'linux/amd64', now: NOW }))(
    tags.filter(({ published }) => published !== false).map(({ name }) => name),
    () => tags,
  );

/** A release of an official image with its variants, each an image of its own: `3.14.7`, `3.14.7-slim`, … */
const release = (when: string, version: string, variants: string, also = ''): Push[] => {
  const [major = '', minor = ''] = version.split('.');
  return variants.split(' ').map((variant): Push => {
    const suffix = variant === '.' ? '' : `-${variant}`;
    const names = [version, `${major}.${minor}`].map((name) => `${name}${suffix}`).join(' ');
    return [when, variant === '.' ? `${names} ${also}` : names];
  });
};

const PYTHON = '. trixie slim slim-trixie bookworm slim-bookworm alpine alpine3.23 alpine3.22 windowsservercore';
const TOMCAT =
  '. jdk25 jdk25-temurin jdk21 jdk21-temurin jdk17-temurin jre25 jre21 jre17 jdk21-corretto jdk17-corretto';
const MAVEN = '. eclipse-temurin-21 eclipse-temurin-25-noble sapmachine-21 ibm-semeru-21-noble';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'.split('');

const HISTORIES: readonly History[] = [
  {
    image: 'python, of which older branches were pushed days after the newest',
    pushes: [
      ...['3.13.12', '3.12.14', '3.11.16', '3.10.21'].flatMap((version) => release('2026-08-13', version, PYTHON)),
      ...['3.9.26', '3.8.20'].flatMap((version) => release('2026-08-12', version, PYTHON)),
      ...release('2026-08-05', '3.14.7', PYTHON, 'latest 3'),
      ['2026-08-14', '3.15.0rc1 3.15-rc rc'],
    ],
    whole: ['3.14.7', 'same_digest_as_latest'],
    seen: ['latest', 'latest_itself'],
  },
  {
    image: 'debian, of which all releases are pushed at once, the old ones first in order',
    pushes: [
      ...['bullseye', 'bookworm'].flatMap((name): Push[] => [
        [
          '2026-08-12',
          `${name} ${name}-20260812 ${name === 'bookworm' ? '12.15 12 oldstable' : '11.11 11 oldoldstable'}`,
        ],
        [
          '2026-08-12',
          `${name}-slim ${name}-20260812-slim ${name === 'bookworm' ? '12.15-slim 12-slim' : '11.11-slim 11-slim'}`,
        ],
        ['2026-08-12', `${name}-backports`],
      ]),
      ['2026-08-12', 'experimental experimental-20260812'],
      ['2026-08-12', 'testing testing-20260812 forky forky-20260812'],
      ['2026-08-12', 'unstable unstable-20260812 sid sid-20260812'],
      ['2026-08-12', 'trixie trixie-20260812 13.6 13 latest stable'],
      ['2026-08-12', 'trixie-slim trixie-20260812-slim 13.6-slim 13-slim stable-slim'],
      ...LETTERS.map((letter): Push => ['2026-07-20', `rc-buggy-${letter} 10.${letter.charCodeAt(0)}`]),
    ],
    whole: ['13.6', 'same_digest_as_latest'],
  },
  {
    image: 'eclipse-temurin, of which Java 8 was pushed last, in a hundred variants',
    pushes: [
      ...LETTERS.map((letter): Push => [
        '2026-08-20',
        `8u502-b0${letter}-jdk 8-jdk-${letter} 8-jre-${letter} 8-${letter}`,
      ]),
      ['2026-08-20', '8 8-jdk'],
      ['2026-08-19', '25.0.4_7-jdk 25-jdk 25 latest'],
    ],
    whole: ['25.0.4_7-jdk', 'same_digest_as_latest'],
    seen: ['latest', 'latest_itself'],
  },
  {
    image: 'tomcat, of which 10.1 was pushed three days after 11',
    pushes: [
      ...['10.1.59', '9.0.121'].flatMap((version) => release('2026-08-21', version, TOMCAT)),
      ...['10.1.58', '9.0.120', '9.0.119'].flatMap((version) => release('2026-08-20', version, TOMCAT)),
      ...release('2026-08-18', '11.0.25', TOMCAT, '11 latest'),
    ],
    whole: ['11.0.25', 'same_digest_as_latest'],
    seen: ['latest', 'latest_itself'],
  },
  {
    image: 'maven, of which the plain image was pushed before 60 tags of other Javas',
    pushes: [
      ...Array.from({ length: 15 }, (_, java): Push => {
        const suffix = `amazoncorretto-${java + 8}`;
        return ['2026-08-21', `3.9.16-${suffix} 3.9-${suffix} 3-${suffix} ${suffix}`];
      }),
      ['2026-08-20', '4.0.0-rc-5 4.0.0-rc-5-eclipse-temurin-21'],
      ...release('2026-08-18', '3.9.16', MAVEN, '3 latest'),
    ],
    whole: ['3.9.16', 'same_digest_as_latest'],
  },
  {
    image: 'rockylinux, whose latest was left behind in 2022',
    pushes: [
      ['2022-07-19', 'latest'],
      ['2023-11-25', '9.3 9'],
      ['2023-11-25', '9.3-minimal 9-minimal'],
      ['2023-11-25', '8.9 8'],
      ['2022-07-19', '8.6.20220719'],
    ],
    whole: ['9.3', 'newest_version_old_anchor'],
  },
  {
    image: 'rockylinux/rockylinux, whose latest is four years older than its releases',
    pushes: [
      [1500, 'latest 8.6'],
      [20, '10.1 10'],
      [20, '9.7 9'],
      [21, '8.10 8'],
    ],
    whole: ['10.1', 'newest_version_old_anchor'],
  },
  {
    image: 'elasticsearch, without latest and with three branches',
    pushes: [
      ['2026-08-18', '9.4.6'],
      ['2026-08-18', '9.5.2'],
      ['2026-08-19', '8.19.20'],
      ['2026-07-20', '9.5.1'],
      ['2021-01-13', '7.17.29'],
    ],
    whole: ['9.5.2', 'newest_version'],
  },
  {
    image: 'nginx, whose stable is an older branch',
    pushes: [
      ['2026-08-12', '1.31.4 1.31 1 mainline latest 1.31.4-trixie mainline-trixie'],
      ['2026-08-13', '1.30.3 1.30 stable 1.30.3-trixie stable-trixie'],
      ['2026-08-13', '1.31.4-alpine mainline-alpine alpine'],
    ],
    whole: ['1.31.4', 'same_digest_as_latest'],
  },
  {
    image: 'ubuntu, while its next release is the same image',
    pushes: [
      ['2026-08-10', '26.04 resolute latest rolling devel'],
      ['2026-08-11', '24.04 noble'],
      ['2026-08-11', '22.04 jammy'],
    ],
    whole: ['26.04', 'same_digest_as_latest'],
  },
  {
    image: 'mongo, whose latest is not its newest branch',
    pushes: [
      ['2026-08-12', '8.3.8 8.3 8.3.8-noble'],
      ['2026-08-12', '8.2.12 8.2 8 latest'],
      ['2026-08-12', '7.0.31 7.0 7'],
      ['2026-08-12', '8.4.0-rc2 8.4-rc'],
    ],
    whole: ['8.2.12', 'same_digest_as_latest'],
  },
  {
    image: 'neo4j, which counts years beside an old branch',
    pushes: [
      ['2026-08-12', '2026.07.1 2026.07.1-community 2026.07 latest community'],
      ['2026-08-13', '5.26.27 5.26 5'],
    ],
    whole: ['2026.07.1', 'same_digest_as_latest'],
  },
  {
    image: 'n8n, whose next release stands first and whose latest has many builds after it',
    pushes: [
      [0, '1.122.0 next'],
      ...Array.from({ length: 120 }, (_, build): Push => [1, `nightly-${build}`]),
      [6, '1.121.3 latest stable'],
    ],
    whole: ['1.121.3', 'same_digest_as_latest'],
    seen: ['latest', 'latest_itself'],
  },
  {
    image: 'n8n, without any other name than that of its next release',
    pushes: [
      [0, '1.122.0 next'],
      [6, '1.121.3'],
    ],
    whole: ['1.121.3', 'newest_version'],
  },
  {
    image: 'grafana, whose security releases of old branches come last',
    pushes: [
      [1, '12.4.3 12.4'],
      [1, '12.3.6 12.3'],
      ...Array.from({ length: 120 }, (_, build): Push => [2, `13.1.0-${90_000 + build}`]),
      [9, '13.0.2 13.0 latest'],
    ],
    whole: ['13.0.2', 'same_digest_as_latest'],
    seen: ['latest', 'latest_itself'],
  },
  {
    image: 'jellyfin, with dates and an old operating system among its versions',
    pushes: [
      [3, '10.11.4 10.11 10 latest'],
      [1700, '2021.12.16'],
      [1900, '20.04.1'],
      [1, 'unstable 2026082005-unstable'],
    ],
    whole: ['10.11.4', 'same_digest_as_latest'],
  },
  {
    image: 'jellyfin, without latest',
    pushes: [
      [3, '10.11.4'],
      [40, '10.11.3'],
      [1700, '2021.12.16'],
      [1900, '20.04.1'],
    ],
    whole: ['10.11.4', 'newest_version'],
  },
  {
    image: 'lidarr, with a version that was pushed by mistake, and builds of four parts',
    pushes: [
      [1400, '8.1.2135'],
      [2, '3.1.0'],
      [30, '3.0.4'],
      [0, 'nightly develop'],
    ],
    whole: ['3.1.0', 'newest_version'],
  },
  {
    image: 'lidarr, whose latest has no version of its own',
    pushes: [
      [1400, '8.1.2135'],
      [2, '3.1.0'],
      [1, 'latest'],
    ],
    whole: ['latest', 'latest_itself'],
  },
  {
    image: 'caddy, whose 2.11 is a beta',
    pushes: [
      [2, '2.11 2.11-beta 2.11.0-beta.1'],
      [30, '2.10.2 2.10 2 latest'],
    ],
    whole: ['2.10.2', 'same_digest_as_latest'],
  },
  {
    image: 'caddy, whose 2.11 is a beta, without latest',
    pushes: [
      [2, '2.11 2.11-beta 2.11.0-beta.1'],
      [2, '2.11-alpine 2.11-beta-alpine'],
      [30, '2.10.2 2.10'],
    ],
    whole: ['2.10.2', 'newest_version'],
  },
  {
    image: 'portainer, with images of Windows and of single architectures',
    pushes: [
      [1, 'windowsltsc2022-amd64-2.39.0 linux-amd64-2.39.0 linux-arm64-2.39.0'],
      [4, '2.33.5 lts latest'],
      [1, '2.39.0 sts'],
      [1, 'develop pr1234'],
    ],
    whole: ['2.33.5', 'same_digest_as_latest'],
  },
  {
    image: 'factorio, whose latest is experimental without saying so',
    pushes: [
      [2, '2.0.73 2.0 2 latest'],
      [30, '2.0.72 stable stable-2.0.72'],
    ],
    whole: ['2.0.73', 'same_digest_as_latest'],
  },
  {
    image: 'factorio, whose latest says that it is experimental',
    pushes: [
      [2, '2.0.73 2.0 2 latest experimental'],
      [30, '2.0.72 stable stable-2.0.72'],
    ],
    whole: ['2.0.72', 'same_digest_as_stable'],
  },
  {
    image: 'home-assistant, whose beta is the release until there is another',
    pushes: [
      [5, '2026.8.2 2026.8 latest stable beta rc'],
      [0, 'dev 2026.9.0.dev202608210226'],
      [40, '2026.7.4'],
      [20, '2026.8.0b5'],
    ],
    whole: ['2026.8.2', 'same_digest_as_latest'],
  },
  {
    image: 'minio, whose releases are dates with words',
    pushes: [
      [9, 'RELEASE.2025-09-07T16-13-09Z latest'],
      [9, 'RELEASE.2025-09-07T16-13-09Z-cpuv1 latest-cpuv1'],
      [2, 'edge edge-cicd'],
    ],
    whole: ['latest', 'latest_itself'],
  },
  {
    image: 'a release candidate that became the release as it was',
    pushes: [
      [3, '1.2.3 1.2 latest 1.2.3-rc.4'],
      [60, '1.2.2'],
    ],
    whole: ['1.2.3', 'same_digest_as_latest'],
  },
  {
    image: 'releases that are built from main under all of their names',
    pushes: [
      [3, '1.3.0 main sha-1a2b3c4 master'],
      [60, '1.2.0'],
    ],
    whole: ['1.3.0', 'newest_version'],
  },
  {
    image: 'a project that went over from counting to years',
    pushes: [
      [900, '3.5.0'],
      [10, '2026.7.0'],
      [400, '2025.7.0'],
    ],
    whole: ['2026.7.0', 'newest_version'],
  },
  {
    image: 'gitlab, jenkins and others that write their edition behind the version',
    pushes: [
      [1, '18.9.2-ce.0 latest'],
      [0, '18.7.6-ce.0'],
      [0, 'nightly'],
    ],
    whole: ['18.9.2-ce.0', 'same_digest_as_latest'],
  },
];

describe('the whole history of', () => {
  it.each(HISTORIES)('$image leads to its release', ({ pushes, whole: [tag, rule] }) => {
    expect(choose(tagsOf(pushes))).toEqual({ tag, rule });
  });
});

describe('what scraping sees of', () => {
  it.each(HISTORIES)('$image leads to the same image', ({ pushes, whole, seen = whole }) => {
    const tags = tagsOf(pushes);
    const choice = choose(seenOf(tags));
    expect(choice).toEqual({ tag: seen[0], rule: seen[1] });
    const digestOf = (wanted: string | undefined) => tags.find(({ name }) => name === wanted)?.digest;
    expect(digestOf(choice?.tag)).toBe(digestOf(whole[0]));
  });
});

describe('qbittorrent, of which no digest is known and which once pushed an operating system for a version', () => {
  const undigested = (pushes: readonly Push[]) => tagsOf(pushes).map((tag) => ({ ...tag, digest: null }));
  const pushes: Push[] = [
    [2, '5.1.2'],
    [60, '5.1.1'],
    [730, '20.04.1'],
  ];

  it('leads to its newest version', () => {
    expect(choose(undigested(pushes))).toEqual({ tag: '5.1.2', rule: 'newest_version' });
  });

  it('leads to latest where that is there', () => {
    expect(choose(undigested([...pushes, [2, 'latest']]))).toEqual({ tag: 'latest', rule: 'latest_itself' });
  });
});

describe('a repository of nothing but', () => {
  it.each([
    ['single architectures', '1.0.0-amd64 1.0.0-arm64', null],
    ['branches and commits', 'main feature-x pr-12 sha-1a2b3c4 1a2b3c4', null],
    ['Windows', 'windowsservercore-ltsc2022 nanoserver-ltsc2025', null],
    ['dates', '20260820 20260821', '20260820'],
  ])('%s leads to %s', (_, names, tag) => {
    expect(choose(tagsOf([[1, names]]))?.tag ?? null).toBe(tag);
  });
});
