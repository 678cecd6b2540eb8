import { CatalogueScanDocument } from '@scanner/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type CatalogueWorld, catalogueWorld } from './support/catalogue-world.ts';
import { type GtsUser, gtsUser } from './support/gts.ts';
import { limitRegistry, type LimitedRegistry, type PullLimit } from './support/limited-registry.ts';
import { readDocument } from './support/schemas.ts';

const SCAN = ['scan', '--json', '--namespace', 'library', '--concurrency', '1'];

let world: CatalogueWorld;

beforeAll(async () => {
  world = await catalogueWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** Somebody with the three tools of `library`, for whom the registry grants so many pulls. */
const limitedUser = async (
  limit: PullLimit,
): Promise<AsyncDisposable & { user: GtsUser; registry: LimitedRegistry }> => {
  await using opened = new AsyncDisposableStack();
  const registry = opened.use(await limitRegistry(world.registry.url, limit));
  const user = opened.use(
    await gtsUser({ ...world.environment, ...registry.environment, REGISTRY_MIRRORS: undefined }),
  );
  await user.gts(['scrape', '--namespaces', 'library']);
  const standing = opened.move();
  return { user, registry, [Symbol.asyncDispose]: () => standing.disposeAsync() };
};

describe('a registry that grants so many pulls', () => {
  it('ends the run with what it has, which says when to go on; nothing is held against the other tools', async () => {
    await using limited = await limitedUser({ pulls: 2, windowSeconds: 3600 });
    const started = Date.now();
    const { exitCode, stdout, stderr } = await limited.user.gts([...SCAN, '--max-wait', '1s']);
    const document = await readDocument(CatalogueScanDocument, stdout);
    expect(exitCode).toBe(3);
    expect(document.totals).toMatchObject({ selected: 3, scanned: 2, failed: 0, not_reached: 1 });
    expect(document.tools.find(({ status }) => status === 'not_reached')?.reason?.code).toBe('rate_limited');
    expect(limited.registry.pulls).toEqual({ granted: 2, refused: 0 });
    const resumeAt = Date.parse(document.resume_at ?? '');
    expect(resumeAt).toBeGreaterThan(started + 3_500_000);
    expect(resumeAt).toBeLessThan(Date.now() + 3_700_000);
    expect(stderr).toContain(`go on after ${document.resume_at} with: gts ${SCAN.join(' ')} --max-wait 1s`);

    const again = await limited.user.gts([...SCAN, '--max-wait', '1s']);
    const rest = await readDocument(CatalogueScanDocument, again.stdout);
    expect(rest.totals).toMatchObject({ selected: 1, skipped_fresh: 2, skipped_failed: 0, not_reached: 1 });
  });

  it('is waited for as long as that is allowed, and then nothing is missing', async () => {
    await using limited = await limitedUser({ pulls: 2, windowSeconds: 3 });
    const { exitCode, stdout, stderr } = await limited.user.gts([...SCAN, '--max-wait', '2m']);
    const { totals } = await readDocument(CatalogueScanDocument, stdout);
    expect(exitCode).toBe(0);
    expect(totals).toMatchObject({ scanned: 3, failed: 0, not_reached: 0 });
    expect(limited.registry.pulls).toEqual({ granted: 3, refused: 0 });
    expect(stderr).toMatch(/a registry grants no more pulls for now; going on in \d+ s/);
  });

  it('is not asked for a pull where nothing changed', async () => {
    await using limited = await limitedUser({ pulls: 3, windowSeconds: 3600 });
    await limited.user.gts(SCAN);
    const { exitCode, stdout } = await limited.user.gts([...SCAN, '--force']);
    const { tools } = await readDocument(CatalogueScanDocument, stdout);
    expect(exitCode).toBe(0);
    expect(tools.map(({ reused }) => reused)).toEqual(['result', 'result', 'result']);
    expect(limited.registry.pulls).toEqual({ granted: 3, refused: 0 });
  });
});
