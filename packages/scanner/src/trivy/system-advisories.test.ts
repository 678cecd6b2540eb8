import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { silentLog } from '@scanner/core';
import { databaseFile, temporaryDirectory } from '@scanner/testing';
import { describe, expect, test } from 'vitest';

import { SystemAdvisories } from './system-advisories.ts';
import type { System } from './system-advisories.ts';

const system = (family: string, release: string, more: Partial<System> = {}): System => ({
  family,
  release,
  extended: false,
  supplier: '',
  repository: null,
  ...more,
});

describe('SystemAdvisories', () => {
  test.each([
    ['alma 9', system('alma', '9.4')],
    ['alpine 3.23', system('alpine', '3.23.2')],
    ['alpine 3.20', system('alpine', '3.22.1', { repository: '3.20' })],
    ['alpine 3.20', system('alpine', '3.22.1', { repository: '3.20.1' })],
    ['alpine edge', system('alpine', '3.24.0_alpha20260101', { repository: 'edge' })],
    ['amazon linux 2023', system('amazon', '2023.6.20241121 (Amazon Linux)')],
    ['amazon linux 2', system('amazon', '2 (Karoo)')],
    ['amazon linux 1', system('amazon', 'AMI release 2018.03')],
    ['Azure Linux 3.0', system('azurelinux', '3.0.20240727')],
    ['CBL-Mariner 2.0', system('cbl-mariner', '2.0.20240628')],
    ['bottlerocket', system('bottlerocket', '1.20.0')],
    ['Red Hat', system('centos', '7.9.2009')],
    ['Red Hat', system('redhat', '9.4')],
    ['chainguard', system('chainguard', '20230214')],
    ['debian 12', system('debian', '12.12')],
    ['echo', system('echo', '1')],
    ['minimos', system('minimos', '20241031')],
    ['openSUSE Leap 15.6', system('opensuse-leap', '15.6')],
    ['openSUSE Tumbleweed', system('opensuse-tumbleweed', '20261101')],
    ['Oracle Linux 9', system('oracle', '9.4')],
    ['Photon OS 5.0', system('photon', '5.0')],
    ['rocky 9', system('rocky', '9.4')],
    ['SUSE Linux Enterprise 15.6', system('sles', '15.6')],
    ['SUSE Linux Enterprise Micro 5.5', system('slem', '5.5')],
    ['ubuntu 24.04', system('ubuntu', '24.04')],
    ['ubuntu 24.04', system('ubuntu', '24.04', { extended: true })],
    ['ubuntu 18.04-ESM', system('ubuntu', '18.04', { extended: true })],
    ['wolfi', system('wolfi', '20230201')],
    ['rapidfort ubuntu 22.04', system('ubuntu', '22.04.1', { supplier: 'rapidfort' })],
    ['rapidfort Red Hat', system('redhat', '9.2', { supplier: 'rapidfort' })],
  ])('looks where Trivy does: %s', (bucket, wanted) => {
    expect(new SystemAdvisories(new Set([bucket])).has(wanted)).toBe('yes');
    expect(new SystemAdvisories(new Set(['vulnerability', `${bucket}1`, 'debian', 'alpine'])).has(wanted)).toBe('no');
  });

  test('does not know where those of a system would lie that it does not know', () => {
    expect(new SystemAdvisories(new Set()).has(system('plan9', '4'))).toBe('unknown');
  });

  test('reads what a database has', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'trivy.db'), await databaseFile(1));
    const advisories = await SystemAdvisories.of({ directory: directory.path, id: 'small' }, silentLog);
    expect(advisories.has(system('debian', '12.12'))).toBe('yes');
    expect(advisories.has(system('debian', 'forky/sid'))).toBe('no');
  });

  test.each([
    ['is missing', null],
    ['is no database', Buffer.alloc(9000, 'x')],
  ])('supposes them there, and says so, where the file %s', async (_, content) => {
    await using directory = await temporaryDirectory();
    if (content !== null) await writeFile(join(directory.path, 'trivy.db'), content);
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
    const advisories = await SystemAdvisories.of({ directory: directory.path, id: 'odd' }, log);
    expect(advisories.has(system('debian', '12'))).toBe('unknown');
    expect(warnings).toHaveLength(1);
  });
});
