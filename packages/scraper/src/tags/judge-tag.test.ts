import { parseReference } from '@scanner/core';
import {
  aTag,
  anImageRow,
  attestedTag,
  emptyIndexTag,
  helmTag,
  HOSTILE_TAG_NAMES,
  type HubTag,
  modelTag,
  pluginTag,
  schema1Tag,
  signatureTag,
  tagOfUnknownPlatforms,
  tagWithoutDigest,
  undatedTag,
  windowsTag,
} from '@scanner/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { TagRow } from '../schema.ts';
import { judgeTag } from './judge-tag.ts';
import { tagDetails } from './tag-details.ts';

const verdictOf = (tag: HubTag): string => judgeTag(TagRow.parse(tag));

test.each([
  aTag({ name: '1.29' }),
  aTag({ name: 'arm', images: [anImageRow({ architecture: 'arm64' })] }),
  tagOfUnknownPlatforms('latest'),
  tagWithoutDigest('single'),
  undatedTag('old'),
  attestedTag('attested'),
  aTag({ name: 'x'.repeat(128) }),
  aTag({ name: 'nameless-platform', images: [anImageRow({ os: '' })] }),
  aTag({ name: 'only-unknown', images: [anImageRow({ os: 'unknown', architecture: 'unknown' })] }),
  aTag({ name: 'mixed', images: [anImageRow({ os: 'windows' }), anImageRow()] }),
  aTag({ name: 'no-content-type', content_type: undefined, media_type: undefined }),
])('$name is kept', (tag) => {
  expect(verdictOf(tag)).toBe('kept');
});

test.each([
  [signatureTag('.sig'), 'signature'],
  [signatureTag('.att'), 'signature'],
  [signatureTag('.sbom'), 'signature'],
  [signatureTag(''), 'signature'],
  [helmTag('chart'), 'not_an_image'],
  [modelTag('model'), 'not_an_image'],
  [pluginTag('plugin'), 'not_an_image'],
  [aTag({ name: 'odd', content_type: 'unrecognized' }), 'not_an_image'],
  [schema1Tag('ancient'), 'unreadable_format'],
  [emptyIndexTag('failed-release'), 'empty'],
  [windowsTag('ltsc2022'), 'not_linux'],
])('$0.name is dropped as $1', (tag, verdict) => {
  expect(verdictOf(tag)).toBe(verdict);
});

test.each(HOSTILE_TAG_NAMES.map((name) => ({ name })))('the name $name is dropped', ({ name }) => {
  expect(verdictOf(aTag({ name }))).toBe('bad_name');
});

test('every name that is kept makes a reference with this tag', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\w.:@/-]{0,130}$/)), (name) => {
      if (verdictOf(aTag({ name })) !== 'kept') return;
      const parsed = parseReference(`library/nginx:${name}`);
      expect(parsed).toMatchObject({ ok: true, reference: { path: 'library/nginx', tag: name, digest: null } });
    }),
    { numRuns: 500 },
  );
});

test('whatever the API answers for a tag, it is read or refused, and never throws', () => {
  const anything = fc.record(
    { name: fc.string(), images: fc.anything(), full_size: fc.anything(), content_type: fc.anything() },
    { requiredKeys: ['name'] },
  );
  fc.assert(
    fc.property(anything, (row) => {
      const tag = TagRow.parse(row);
      expect(typeof judgeTag(tag)).toBe('string');
      expect(tagDetails(tag).name).toBe(row.name);
    }),
  );
});

test('of a tag its digest, its platforms without attestations and the time of its push are known', () => {
  const digest = `sha256:${'0a'.repeat(32)}`;
  const images = [anImageRow(), anImageRow({ architecture: 'arm', variant: 'v7' }), anImageRow({ os: 'unknown' })];
  const tag = TagRow.parse(aTag({ name: '1', digest, images, tag_last_pushed: '2026-11-01T08:00:00.123456789Z' }));
  expect(tagDetails(tag)).toStrictEqual({
    name: '1',
    digest,
    platforms: ['linux/amd64', 'linux/arm/v7'],
    pushedAt: '2026-11-01T08:00:00.123Z',
  });
});

test('a digest or platform that is none is left out', () => {
  const images = [anImageRow({ os: 'linux', architecture: 'amd64\u001B[2J' })];
  const tag = TagRow.parse(
    aTag({ name: '1', digest: 'sha256:../../x', images, tag_last_pushed: 'soon', last_updated: null }),
  );
  expect(tagDetails(tag)).toStrictEqual({ name: '1', digest: null, platforms: [], pushedAt: null });
});
