import { mkdir, mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ScanSubject } from '@scanner/core';
import { describe, expect, onTestFinished, test } from 'vitest';

import { reachableSubject, refuseSubject, registryOfSubject } from './scan-subject.ts';

const ID = 'a'.repeat(64);

describe('refuseSubject', () => {
  test.each<ScanSubject>([
    { source: 'docker', id: `sha256:${ID}` },
    { source: 'docker', id: ID },
    { source: 'docker', id: 'registry:5000/app:1' },
    { source: 'remote', reference: 'nginx', platform: 'linux/arm64/v8' },
    { source: 'archive', path: '/--output=x' },
  ])('lets through %o', (subject) => {
    expect(refuseSubject(subject)).toBeNull();
  });

  test.each<[string, ScanSubject]>([
    ['bad_reference', { source: 'remote', reference: '--output=x' }],
    ['bad_reference', { source: 'remote', reference: '' }],
    ['bad_reference', { source: 'docker', id: '-x' }],
    ['bad_reference', { source: 'docker', id: 'sha256:short\n' }],
    ['no_such_platform', { source: 'remote', reference: 'nginx', platform: '--x' }],
    ['not_found', { source: 'archive', path: 'a\0b' }],
  ])('refuses as %s: %o', (code, subject) => {
    expect(refuseSubject(subject)?.code).toBe(code);
  });
});

test('only what comes from a registry has one', () => {
  expect(registryOfSubject({ source: 'remote', reference: 'nginx:1' })).toBe('docker.io');
  expect(registryOfSubject({ source: 'remote', reference: 'localhost:5000/a' })).toBe('localhost:5000');
  expect(registryOfSubject({ source: 'docker', id: 'ghcr.io/a/b' })).toBeNull();
});

test('a layout whose path Trivy would cut is reached by a link', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'gts-subject-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const layout = join(directory, 'a@b');
  await mkdir(layout);
  const { signal } = new AbortController();
  const reached = await reachableSubject({ source: 'archive', path: layout }, directory, signal);
  expect(reached).toEqual({ source: 'archive', path: join(directory, 'layout') });
  expect(await readlink(join(directory, 'layout'))).toBe(layout);
  const inside: ScanSubject = { source: 'archive', path: join(directory, `x@sha256:${ID}`) };
  expect(await reachableSubject(inside, directory, signal)).toEqual(inside);
});
