import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  databaseRepository,
  publishDatabase,
  realTrivy,
  startFaultyProxy,
  startRegistry,
  temporaryDirectory,
} from '../src/index.ts';
import type { Fault, Registry } from '../src/index.ts';

const MANIFEST = '/v2/trivy-db/manifests/2';
const AS_OCI = { headers: { accept: 'application/vnd.oci.image.manifest.v1+json' } };

let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry();
  await publishDatabase(registry, 1);
});
afterAll(() => registry.stop());

describe('a faulty proxy', () => {
  it('passes on what no rule names', async () => {
    await using proxy = await startFaultyProxy(registry.url, []);
    const [direct, passed] = await Promise.all([
      fetch(`${registry.url}${MANIFEST}`, AS_OCI),
      fetch(`${proxy.url}${MANIFEST}`, AS_OCI),
    ]);
    expect([direct.status, passed.status]).toEqual([200, 200]);
    expect(await passed.text()).toBe(await direct.text());
    expect(proxy.requests).toEqual([`GET ${MANIFEST}`]);
  });

  it('answers with a status and headers as often as the rule says', async () => {
    const fault: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '3' } };
    await using proxy = await startFaultyProxy(registry.url, [{ path: /manifests/, fault, times: 1 }]);
    const refused = await fetch(`${proxy.url}${MANIFEST}`, AS_OCI);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3']);
    expect((await fetch(`${proxy.url}${MANIFEST}`, AS_OCI)).status).toBe(200);
  });

  it('breaks off in the middle of a body', async () => {
    await using proxy = await startFaultyProxy(registry.url, [{ path: /./, fault: { kind: 'truncated', bytes: 10 } }]);
    const response = await fetch(`${proxy.url}${MANIFEST}`, AS_OCI);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('can keep silent for ever', async () => {
    await using proxy = await startFaultyProxy(registry.url, [{ path: /./, fault: { kind: 'stall' } }]);
    await expect(fetch(proxy.url, { signal: AbortSignal.timeout(200) })).rejects.toThrow('timeout');
  });

  it.each<[Fault, string]>([
    [{ kind: 'status', status: 403 }, '403'],
    [{ kind: 'status', status: 404 }, '404'],
    [{ kind: 'status', status: 503 }, '503'],
    [{ kind: 'html' }, 'invalid character'],
  ])('makes Trivy fail on %o', async (fault, complaint) => {
    await using proxy = await startFaultyProxy(registry.url, [{ path: /manifests/, fault }]);
    await using directory = await temporaryDirectory();
    const repository = databaseRepository(proxy);
    const args = ['image', '--download-db-only', '--db-repository', repository, '--cache-dir', directory.path];
    const { exitCode, stderr } = await execa(await realTrivy(), args, { reject: false });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(complaint);
  });
});
