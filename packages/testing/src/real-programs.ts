import { access, constants, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** Version of the current Docker engine that the setup scripts build. */
export const CURRENT_ENGINE_VERSION = '2.0.0-beta.10';

const TRIVY_VERSION = '0.74.0';

/** The directory outside the checkout that keeps what is expensive to make: built programs and big images. */
export function testbedCacheDirectory(): string {
  return join(cacheRoot(), 'testbed');
}

/**
 * The dockerd of a current release: `GTS_TESTBED_DOCKERD`, else the one that the setup scripts have built.
 * Throws when there is none.
 */
export async function currentDockerd(): Promise<string> {
  const named = process.env['GTS_TESTBED_DOCKERD'];
  const built = join(testbedCacheDirectory(), `moby-${CURRENT_ENGINE_VERSION}`, 'dockerd');
  return firstExecutable([named, built], 'a current dockerd');
}

/** Version of Compose 2 that the setup scripts build. */
const COMPOSE_VERSION = '2.40.3';

/**
 * A directory of plugins for `docker`, with Compose 2 and buildx: `GTS_TESTBED_COMPOSE`, else what the setup scripts have
 * built. Throws when there is none.
 */
export async function dockerPlugins(): Promise<string> {
  const named = process.env['GTS_TESTBED_COMPOSE'];
  const built = join(testbedCacheDirectory(), `compose-${COMPOSE_VERSION}`);
  const candidates = [named, built].map((path) => path && join(path, 'docker-compose'));
  return dirname(await firstExecutable(candidates, 'Compose 2'));
}

/**
 * The linter of Dockerfiles: `GTS_TESTBED_HADOLINT`, else the one that the setup scripts have fetched, else the one on
 * `PATH`. Throws when there is none.
 */
export async function hadolint(): Promise<string> {
  const fetched = (await readdir(testbedCacheDirectory()).catch(() => []))
    .filter((name) => /^hadolint-[0-9a-f]{12}$/.test(name))
    .map((name) => join(testbedCacheDirectory(), name, 'bin', 'hadolint'));
  return firstExecutable([process.env['GTS_TESTBED_HADOLINT'], ...fetched, ...onPath('hadolint')], 'hadolint');
}

/**
 * The real Trivy: `GTS_TESTBED_TRIVY`, else the newest one in the cache, else the one on `PATH`.
 * Throws when there is none.
 */
export async function realTrivy(): Promise<string> {
  const cached = await cachedTrivys();
  return firstExecutable([process.env['GTS_TESTBED_TRIVY'], ...cached, ...onPath('trivy')], 'trivy');
}

function onPath(name: string): string[] {
  return (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, name));
}

async function cachedTrivys(): Promise<string[]> {
  const directory = join(cacheRoot(), 'trivy');
  const names = await readdir(directory).catch(() => []);
  const paths = names
    .filter((name) => name.startsWith(`${TRIVY_VERSION}-`))
    .map((name) => join(directory, name, 'trivy'));
  const dated = await Promise.all(
    paths.map(async (path) => ({ path, madeAt: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  return dated.toSorted((one, other) => other.madeAt - one.madeAt).map(({ path }) => path);
}

function cacheRoot(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'gts');
}

async function firstExecutable(candidates: readonly (string | undefined)[], what: string): Promise<string> {
  for (const path of candidates) {
    if (path !== undefined && (await isExecutable(path))) return path;
  }
  throw new Error(`The test bed has no ${what}. Run \`npm test\` once: it installs and builds what is missing.`);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
