import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { CatalogueScanDocument, HostScanDocument, ImageDocument, type ImageReport, SEVERITIES } from '@scanner/core';
import {
  type Engine,
  publishImages,
  realTrivy,
  startClassicEngine,
  startCurrentEngine,
  startPodman,
  temporaryDirectory,
  type TemporaryDirectory,
  writeDockerArchive,
  writeOciArchive,
  writeOciLayout,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type CorpusImage, corpusImages } from './support/corpus-images.ts';
import { type GtsUser, gtsUser } from './support/gts.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';
import { layToolsFile, toolsFileOf } from './support/tools-file.ts';

/** What a scan says of an image. */
interface Said {
  readonly coverage: string;
  readonly reason: string;
  readonly findings: readonly string[];
}

/** What plain Trivy says, with the warnings by which it can be known that not all could be judged. */
interface SaidPlainly extends Pick<Said, 'findings'> {
  readonly warnings: readonly string[];
}

const run = promisify(execFile);

let corpus: readonly CorpusImage[];
let database: PreparedDatabase;
let files: TemporaryDirectory;
let trivy: string;
let plain: ReadonlyMap<string, SaidPlainly>;
/** They take their time to load so many images, and little of the processors'. */
let engines: ReadonlyMap<Engine['name'], Promise<Engine>>;

beforeAll(async () => {
  [corpus, database, files, trivy] = await Promise.all([
    corpusImages(),
    prepareDatabase(),
    temporaryDirectory(),
    realTrivy(),
  ]);
  await mkdir(join(files.path, 'layouts'));
  for (const { name, image, compressions } of corpus) {
    await writeDockerArchive(archiveOf(name), [{ image, references: [referenceOf(name)] }]);
    await writeOciLayout(layoutOf(name), { reference: referenceOf(name), platforms: [image], compressions });
    await writeOciArchive(ociArchiveOf(name), layoutOf(name));
  }
  engines = new Map([
    ['classic', startClassicEngine().then(loadCorpus)],
    ['current', startCurrentEngine().then(loadCorpus)],
    ['podman', startPodman().then(loadCorpus)],
  ]);
  // Whoever asks for one is told.
  for (const engine of engines.values()) engine.catch(() => {});
  plain = await scanPlainly();
});
afterAll(async () => {
  for (const engine of await Promise.allSettled(engines.values()))
    if (engine.status === 'fulfilled') await engine.value.stop();
  await files[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const referenceOf = (name: string): string => `registry.example/corpus/${name}:1`;
const archiveOf = (name: string): string => join(files.path, `${name}.tar`);
const ociArchiveOf = (name: string): string => join(files.path, `${name}.oci.tar`);
const layoutOf = (name: string): string => join(files.path, 'layouts', name);

/** Each archive by a process of its own, as people would by hand, with one database. */
const scanPlainly = async (): Promise<ReadonlyMap<string, SaidPlainly>> => {
  const cache = join(files.path, 'plain-cache');
  const env = { ...database.environment, HOME: files.path, TMPDIR: files.path, TRIVY_CACHE_DIR: cache };
  await run(trivy, ['image', '--download-db-only'], { env });
  await run(trivy, ['image', '--download-java-db-only'], { env });
  const flags = ['--cache-backend', 'memory', '--skip-db-update', '--skip-java-db-update', '--format', 'json'];
  const said = new Map<string, SaidPlainly>();
  const left = [...corpus];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { name, plainFlags } = next;
      const args = ['image', ...flags, ...plainFlags, '--input', archiveOf(name)];
      const { stdout, stderr } = await run(trivy, args, { env });
      said.set(name, { findings: findingsOfReport(JSON.parse(stdout)), warnings: warningsIn(stderr) });
    }
  };
  await Promise.all([work(), work(), work()]);
  return said;
};

interface TrivyReport {
  readonly Results?: ReadonlyArray<{
    readonly Target: string;
    readonly Class: string;
    readonly Vulnerabilities?: ReadonlyArray<{
      readonly VulnerabilityID: string;
      readonly PkgName: string;
      readonly PkgPath?: string;
      readonly InstalledVersion: string;
    }>;
  }>;
}

/** What Trivy puts together of many files is named by its language; else the file is named. */
const PUT_TOGETHER: ReadonlySet<string> = new Set(['Node.js', 'Python', 'Java', 'Ruby']);

const findingsOfReport = ({ Results = [] }: TrivyReport): string[] =>
  sorted(
    Results.flatMap(({ Target, Class, Vulnerabilities = [] }) => {
      const place = Class === 'os-pkgs' || PUT_TOGETHER.has(Target) ? '' : Target;
      return Vulnerabilities.map(({ VulnerabilityID, PkgName, InstalledVersion, PkgPath = place }) =>
        lineOf(VulnerabilityID, PkgName, InstalledVersion, PkgPath),
      );
    }),
  );

const lineOf = (...words: readonly string[]): string => words.join(' ');
const sorted = (lines: readonly string[]): string[] => [...new Set(lines)].toSorted();

const TELLING = [
  'No OS package is detected',
  'Unsupported os',
  'This OS version is not on the EOL list',
  'This OS version is no longer supported',
  'Conda package is supported for SBOM',
];

const warningsIn = (stderr: string): string[] =>
  TELLING.filter((warning) => stderr.includes(`\tWARN\t${warning}`) || stderr.includes(`] ${warning}`));

/** Of these nothing was found to judge, the database alone tells that there are no advisories, or another system is left. */
const UNWARNED = [
  'one-system-of-two-deleted',
  'npm-deleted-without-a-system',
  'ubuntu-1804-with-extended-maintenance',
  'minimos',
  'tumbleweed',
  'azure-linux-9',
  'arch',
  'nothing-at-all',
  'no-layers',
  'red-hat-11',
  'red-hat-11-beside-npm',
  'red-hat-unknown-content-sets',
];

/** These Trivy judges by the release of their package repositories, whatever it warns of their own. */
const JUDGED_ALL_THE_SAME = ['alpine-edge', 'alpine-edge-repositories-above', 'alpine-399-with-repositories-of-322'];

/** Runs `gts` as a user with nothing kept. */
const withUser = async <T>(
  use: (user: GtsUser) => Promise<T>,
  environment: Record<string, string> = {},
): Promise<T> => {
  await using user = await gtsUser({
    ...database.environment,
    TRIVY_PATH: trivy,
    DOCKER_HOST: 'unix:///nowhere',
    ...environment,
  });
  return await use(user);
};

const EVERYTHING = ['--json', '--concurrency', '4', '--severity', SEVERITIES.join(',')];

const scanInputs = (inputOf: (name: string) => string): Promise<ReadonlyMap<string, Said>> =>
  withUser(async (user) => {
    const inputs = corpus.flatMap(({ name }) => ['--input', inputOf(name)]);
    const { stdout } = await user.gts(['image', ...EVERYTHING, ...inputs]);
    const { images } = await readDocument(ImageDocument, stdout);
    return saidBy(images, inputOf);
  });

const scanRegistry = (): Promise<ReadonlyMap<string, Said>> =>
  withUser(async (user) => {
    const { host } = database.registry;
    const inRegistry = (name: string): string => `${host}/corpus/${name}:1`;
    const { stdout } = await user.gts([
      'image',
      ...EVERYTHING,
      '--source',
      'remote',
      ...corpus.map(({ name }) => inRegistry(name)),
    ]);
    const { images } = await readDocument(ImageDocument, stdout);
    return saidBy(images, inRegistry);
  });

const saidBy = (images: readonly ImageReport[], nameOf: (name: string) => string): ReadonlyMap<string, Said> =>
  new Map(corpus.map(({ name }) => [name, saidOf(images.find(({ references }) => references.includes(nameOf(name))))]));

const saidOf = (image: ImageReport | undefined): Said => ({
  coverage: image?.coverage ?? image?.status ?? 'not there',
  reason: image?.reason?.message ?? '',
  findings: sorted(
    (image?.findings ?? []).map(({ vulnerability, package: name, installed, path }) =>
      lineOf(vulnerability, name, installed, path ?? ''),
    ),
  ),
});

/** What is not as plain Trivy and the corpus say, by the name of the image. */
const differences = (said: ReadonlyMap<string, Said>, images = corpus): string[] =>
  images.flatMap(({ name, coverage }) => {
    const found = said.get(name);
    const expected = plain.get(name)?.findings ?? [];
    const lacking = expected.filter((line) => !found?.findings.includes(line));
    const invented = (found?.findings ?? []).filter((line) => !expected.includes(line));
    return [
      ...(found?.coverage === coverage ? [] : [`${name}: ${found?.coverage} (${found?.reason}), not ${coverage}`]),
      ...lacking.map((line) => `${name}: lacks ${line}`),
      ...invented.map((line) => `${name}: has ${line}`),
    ];
  });

describe('the corpus', () => {
  it('has images of which plain Trivy warns wherever they are not judged in full, but for what only the database tells', () => {
    const unwarned = corpus.filter(
      ({ name, coverage }) => coverage !== 'full' && plain.get(name)?.warnings.length === 0,
    );
    expect(unwarned.map(({ name }) => name)).toEqual(UNWARNED);
    const warned = corpus.filter(({ name, coverage }) => coverage === 'full' && plain.get(name)?.warnings.length !== 0);
    expect(warned.map(({ name }) => name)).toEqual(JUDGED_ALL_THE_SAME);
    expect(corpus.length).toBeGreaterThanOrEqual(60);
  });
});

describe('every image has the findings and the coverage that it has by itself', () => {
  it('as a docker archive', async () => {
    expect(differences(await scanInputs(archiveOf))).toEqual([]);
  });

  it('as an OCI archive', async () => {
    expect(differences(await scanInputs(ociArchiveOf))).toEqual([]);
  });

  it('as an OCI directory', async () => {
    expect(differences(await scanInputs(layoutOf))).toEqual([]);
  });

  it('in a registry, by its name and in the catalogue', async () => {
    await publishImages(
      database.registry,
      corpus.map(({ name, image }) => ({ image, repository: `corpus/${name}`, tag: '1' })),
    );
    expect(differences(await scanRegistry())).toEqual([]);
    expect(await catalogueDifferences()).toEqual([]);
  });

  it.each(['classic', 'current', 'podman'] as const)('on a host with the %s engine', async (name) => {
    const engine = await engines.get(name);
    if (engine === undefined) throw new Error('it was not started');
    expect(differences(await scanHost(engine), loadedBy(engine))).toEqual([]);
  });
});

const loadedBy = ({ name }: Engine): CorpusImage[] => corpus.filter(({ refusedBy }) => !refusedBy.includes(name));

const loadCorpus = async (engine: Engine): Promise<Engine> => {
  const archive = join(files.path, `${engine.name}.tar`);
  await writeDockerArchive(
    archive,
    loadedBy(engine).map(({ name, image }) => ({ image, references: [referenceOf(name)] })),
  );
  await engine.load(archive);
  return engine;
};

const scanHost = (engine: Engine): Promise<ReadonlyMap<string, Said>> =>
  withUser(
    async (user) => {
      const { stdout } = await user.gts(['host', 'scan', ...EVERYTHING]);
      const pass = await readDocument(HostScanDocument, stdout);
      const named = await user.gts(['image', '--json', '--source', 'docker', referenceOf(WITHOUT_LAYERS)]);
      const { images: alone } = await readDocument(ImageDocument, named.stdout);
      expect(alone.map(saidOf)).toMatchObject([{ coverage: 'unsupported', findings: [] }]);
      return saidBy(pass.images, referenceOf);
    },
    { DOCKER_HOST: engine.dockerHost },
  );

/** Some engines refuse to export it, whoever asks. */
const WITHOUT_LAYERS = 'no-layers';

/** The catalogue publishes counts in place of findings. */
const catalogueDifferences = (): Promise<string[]> =>
  withUser(
    async (user) => {
      const rows = corpus.map(({ name }) => ({
        id: `docker_hub:corpus/${name}`,
        name,
        namespace: 'corpus',
        source: 'docker_hub',
        docker_tags: ['1'],
      }));
      await layToolsFile(toolsFileOf(user), { schema: 'gts.tools/1', tools: rows });
      const { stdout } = await user.gts(['scan', '--json', '--concurrency', '4']);
      const { tools } = await readDocument(CatalogueScanDocument, stdout);
      return corpus.flatMap(({ name, coverage }) => {
        const tool = tools.find(({ id }) => id === `docker_hub:corpus/${name}`);
        const count = Object.values(tool?.counts ?? {}).reduce((sum, some) => sum + some, 0);
        const expected = `${coverage} ${plain.get(name)?.findings.length}`;
        const said = `${tool?.coverage ?? tool?.reason?.message} ${count}`;
        return said === expected ? [] : [`${name}: ${said}, not ${expected}`];
      });
    },
    { REGISTRY_MIRRORS: `docker.io=${database.registry.host}` },
  );
