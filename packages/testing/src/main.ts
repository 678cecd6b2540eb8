import { databaseRepository, publishDatabase } from './database/vulnerability-database.ts';
import { startPublishedCatalogue } from './docker-hub/published-catalogue.ts';
import type { PublishedCatalogue } from './docker-hub/published-catalogue.ts';
import { startClassicEngine } from './engines/docker-engine.ts';
import type { Engine } from './engines/engine.ts';
import { loadStandardImages } from './images/standard-images.ts';

/** Starts everything that one can play with by hand, says where it is, and ends it with Ctrl-C. */
async function main(): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  say('Starting Docker Hub, the registry behind it and a Docker engine …');
  await using catalogue = await startPublishedCatalogue();
  await publishDatabase(catalogue.registry, 1);
  await using engine = await startFilledEngine();
  say([...describeCatalogue(catalogue), '', ...describeEngine(engine), '', 'Ctrl-C ends it all.'].join('\n'));
  await stopped;
}

interface FilledEngine extends AsyncDisposable {
  readonly engine: Engine | null;
  /** Why there is none. */
  readonly problem: string;
}

/** The rest is of use without an engine, which needs root. */
async function startFilledEngine(): Promise<FilledEngine> {
  try {
    const engine = await startClassicEngine();
    await loadStandardImages(engine);
    return { engine, problem: '', [Symbol.asyncDispose]: () => engine.stop() };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { engine: null, problem, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
}

function describeCatalogue({ hub, registry, published }: PublishedCatalogue): string[] {
  return [
    `Docker Hub          ${hub.url}`,
    ...[...hub.contents()].map(([namespace, names]) => `  ${namespace.padEnd(10)}${names.join(', ')}`),
    `Registry            ${registry.host}`,
    ...published.map(({ repository, tag, findings }) => `  ${repository}:${tag} (${findings.length} findings)`),
    `Vulnerabilities     ${databaseRepository(registry)}`,
    '',
    `export DOCKERHUB_URL=${hub.url} TRIVY_DB_REPOSITORY=${databaseRepository(registry)}`,
    'gts scrape --source docker_hub --namespaces library,bitnami,acme',
    `gts scan --registry-mirror docker.io=${registry.host}`,
    'gts top',
  ];
}

function describeEngine({ engine, problem }: FilledEngine): string[] {
  return engine === null
    ? [`There is no Docker engine: ${problem}`]
    : [`Docker engine       ${engine.dockerHost}`, `gts host scan --docker-host ${engine.dockerHost}`];
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
