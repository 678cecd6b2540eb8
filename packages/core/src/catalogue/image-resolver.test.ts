import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseReference } from '../model/reference.ts';
import { aTool } from '../testing/builders.ts';
import { ImageResolver } from './image-resolver.ts';

const resolver = new ImageResolver();

const reasonOf = (given: Parameters<typeof aTool>[0], using = resolver) => {
  const resolution = using.explain(aTool(given));
  return resolution.ok ? null : resolution.reason;
};

describe('priority order (stable, latest, alpine, first)', () => {
  it.each([
    [['latest', 'stable', 'alpine', '16-bullseye'], 'stable'],
    [['16-bullseye', 'alpine', 'latest'], 'latest'],
    [['7.0', 'alpine', '6.2'], 'alpine'],
    [['16.1.0', '15.5.0', '14.10.0'], '16.1.0'],
  ])('of %j takes %s', (tags, tag) => {
    expect(resolver.selectTag(tags)).toBe(tag);
  });

  it.each([
    ['docker_hub:library/postgres', ['latest', 'stable', 'alpine', '16-bullseye'], 'postgres:stable', 'stable'],
    ['docker_hub:library/redis', ['alpine', '7.0', '6.2'], 'redis:alpine', 'alpine'],
    ['docker_hub:bitnami/postgresql', ['16.1.0', '15.5.0', '14.10.0'], 'bitnami/postgresql:16.1.0', 'first'],
    ['docker_hub:library/nginx', [], 'nginx:latest', 'default'],
  ])('%s with the tags %j is %s', (id, docker_tags, imageRef, rule) => {
    const image = resolver.resolveImageRef(aTool({ id, docker_tags }));
    expect(image).toEqual({ imageRef, selectedTag: imageRef.split(':')[1], rule });
  });

  it('ignores what it knows of digests and platforms', () => {
    const asked: string[] = [];
    const tagsOf = (id: string) => {
      asked.push(id);
      return [];
    };
    new ImageResolver({ tagsOf }).resolveImageRef(aTool());
    expect(asked).toEqual([]);
  });
});

describe('empty tag list handling', () => {
  it('takes the default tag, since nothing is known of the repository', () => {
    expect(resolver.selectTag([])).toBe('latest');
  });

  it('resolves to nothing when the repository is known to carry no Linux image', () => {
    expect(resolver.resolveImageRef(aTool({ docker_tags: [], tags_note: 'no_linux_image' }))).toBeNull();
    expect(reasonOf({ docker_tags: [], tags_note: 'no_linux_image' })).toMatchObject({ code: 'no_such_platform' });
  });

  it('is not mended by the default tag when every tag is unusable', () => {
    expect(reasonOf({ docker_tags: [`sha256-${'a'.repeat(64)}.sig`] })).toMatchObject({ code: 'not_found' });
  });
});

describe('malformed tool IDs', () => {
  it.each([
    'postgres',
    'docker_hub:',
    'docker_hub:library',
    'docker_hub:library/',
    'docker_hub:/postgres',
    'docker_hub:a/b/c',
    'docker_hub:library/Post gres',
    'docker_hub:library/POSTGRES',
    'docker_hub:library/postgres:16',
    'docker_hub:library/postgres@sha256',
    'docker_hub:../etc',
    'docker_hub:-x/--config',
    'github:library/postgres',
  ])('%j resolves to nothing, with a reason', (id) => {
    expect(resolver.resolveImageRef(aTool({ id }))).toBeNull();
    expect(reasonOf({ id })).toMatchObject({ code: 'bad_reference', message: expect.stringMatching(/./) });
  });

  it.each(['docker_hub:evil.example/app', 'docker_hub:localhost/app', 'docker_hub:Host/app'])(
    '%j cannot lead to another registry',
    (id) => {
      expect(reasonOf({ id })?.message).toContain('another registry');
    },
  );

  it('keeps to tools of Docker Hub', () => {
    expect(reasonOf({ source: 'quay' })?.message).toBe('it is not from Docker Hub');
  });
});

describe('custom default tags', () => {
  it('are taken where no tag is known, and only there', () => {
    const edge = new ImageResolver({ defaultTag: 'edge' });
    expect(edge.resolveImageRef(aTool({ docker_tags: [] }))).toMatchObject({
      imageRef: 'postgres:edge',
      rule: 'default',
    });
    expect(edge.selectTag(['alpine'])).toBe('alpine');
    expect(edge.selectTag([], 'other')).toBe('other');
  });

  it('are held to the grammar', () => {
    expect(reasonOf({ docker_tags: [] }, new ImageResolver({ defaultTag: '--config=x' }))).toMatchObject({
      code: 'bad_reference',
    });
  });
});

describe('hostile tags', () => {
  it.each(['--config', '-x', 'a b', 'a\nb', 'x@sha256:1', '../x', '$(id)', 'a:b', 'a'.repeat(129)])(
    '%j is passed over',
    (hostile) => {
      expect(resolver.selectTag([hostile, '1.0'])).toBe('1.0');
      expect(resolver.selectTag([hostile])).toBeNull();
    },
  );

  it('never become anything but a reference to Docker Hub, whatever tool and tags are', () => {
    const anyPart = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('library', 'a.b', 'localhost'),
    );
    fc.assert(
      fc.property(anyPart, anyPart, fc.array(anyPart, { maxLength: 5 }), (namespace, name, docker_tags) => {
        const tool = { id: `docker_hub:${namespace}/${name}`, source: 'docker_hub', docker_tags, tags_note: null };
        for (const policy of ['priority', 'smart'] as const) {
          const image = new ImageResolver({ policy }).resolveImageRef(tool);
          if (image === null) continue;
          const parsed = parseReference(image.imageRef);
          expect(parsed).toMatchObject({ ok: true, reference: { host: null, digest: null, tag: image.selectedTag } });
        }
      }),
      { numRuns: 500 },
    );
  });
});
