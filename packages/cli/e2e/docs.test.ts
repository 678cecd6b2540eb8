import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ImageReport } from '@scanner/core';
import { PINNED_TRIVY_VERSION } from '@scanner/scanner';
import {
  alpineImage,
  type Engine,
  loadStandardImages,
  mendedNodeImage,
  nodeImage,
  type PublishedCatalogue,
  pythonImage,
  realTrivy,
  smallDebianImage,
  type SmtpServer,
  startClassicEngine,
  startPublishedCatalogue,
  startSmtpServer,
  writeDockerArchive,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { fencedBlocks, gtsLines } from './support/documentation.ts';
import { type Environment, type GtsUser, gtsUser } from './support/gts.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { type LineEnded, type Shell, shellOf } from './support/shell.ts';

const REPOSITORY = new URL('../../../', import.meta.url);
const CLI = fileURLToPath(new URL('../', import.meta.url));

/** What the documentation speaks of, as an engine could hold it. */
const IMAGES = {
  'alpine:3.20': alpineImage,
  'nginx:stable': nodeImage,
  'nginx:latest': mendedNodeImage,
  'debian:11': pythonImage,
  'debian:12': smallDebianImage,
};

let database: PreparedDatabase;
let engine: Engine;
let catalogue: PublishedCatalogue;
let smtp: SmtpServer;
let user: GtsUser;
let shell: Shell;

beforeAll(async () => {
  [database, engine, catalogue, smtp] = await Promise.all([
    prepareDatabase(),
    startClassicEngine(),
    startPublishedCatalogue(),
    startSmtpServer(),
  ]);
  user = await gtsUser();
  await loadStandardImages(engine);
  const archive = join(user.workingDirectory, 'images.tar');
  const images = Object.entries(IMAGES).map(async ([reference, build]) => ({
    image: (await build()).image,
    references: [reference],
  }));
  await writeDockerArchive(archive, await Promise.all(images));
  await engine.load(archive);
  await writeDockerArchive(join(user.workingDirectory, 'app.tar'), [
    { image: (await nodeImage()).image, references: ['app:1'] },
  ]);
  shell = await shellOf(user, {
    ...database.environment,
    DOCKER_HOST: engine.dockerHost,
    // Registries are out of reach, whatever network this machine has.
    HTTPS_PROXY: 'http://127.0.0.1:1',
    // The documentation names servers that are not there.
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(smtp.port),
    SMTP_TO: 'ops@example.org',
  });
  await installTrivy();
});
afterAll(async () => {
  await user[Symbol.asyncDispose]();
  await engine.stop();
  await catalogue[Symbol.asyncDispose]();
  await smtp[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** The lines that are about tools; they build on each other. */
const CATALOGUE = /^gts (?:scrape|scan|top|tool)\b/;

const catalogueEnvironment = (): Environment => ({
  DOCKERHUB_URL: catalogue.hub.url,
  POPULAR_NAMESPACES: 'library',
  REGISTRY_MIRRORS: `docker.io=${catalogue.registry.host}`,
});

/** Puts the real Trivy where `gts trivy install` would. */
const installTrivy = async (): Promise<void> => {
  const place = join(user.cache, 'gts', 'trivy', `${PINNED_TRIVY_VERSION}-release-000000000000`);
  await mkdir(place, { recursive: true });
  await symlink(await realTrivy(), join(place, 'trivy'));
};

describe('the command lines of the documentation', () => {
  const ended = new Map<string, LineEnded>();
  let lines: string[];

  const runInTurn = async (lines: readonly string[], environment: Environment = {}): Promise<void> => {
    for (const line of lines) ended.set(line, await shell(line, environment));
  };

  beforeAll(async () => {
    lines = await gtsLines();
    // Passes over one directory exclude each other, and baselines build on them; the rest waits for registries that do
    // not answer.
    const ofHost = lines.filter((line) => /^gts (?:host|baseline)\b/.test(line));
    const ofCatalogue = lines.filter((line) => CATALOGUE.test(line));
    const others = lines.filter((line) => !ofHost.includes(line) && !ofCatalogue.includes(line));
    const online = others.filter((line) => !line.includes('--skip-db-update'));
    await Promise.all([
      runInTurn(ofHost),
      runInTurn(ofCatalogue, catalogueEnvironment()),
      ...online.map((line) => runInTurn([line])),
    ]);
    await runInTurn(others.filter((line) => !online.includes(line)));
  });

  it('are there', () => {
    expect(lines.length).toBeGreaterThan(15);
    for (const command of [
      'host scan',
      'baseline save',
      'image',
      'compare',
      'scrape',
      'scan',
      'top',
      'tool',
      'doctor',
      'trivy install',
      'trivy version',
      'demo',
    ])
      expect(lines.filter((line) => line.startsWith(`gts ${command}`))).not.toEqual([]);
  });

  it('all run, and end with 0 unless a gate does not hold', () => {
    const surprising = lines.filter((line) => ![0, line.includes('--fail-on') ? 1 : 0].includes(codeOf(line)));
    expect(surprising.map((line) => `${line} -> ${codeOf(line)}\n${ended.get(line)?.stderr}`)).toEqual([]);
  });

  it('fall back to the engine where the registry is out of reach', () => {
    const line = lines.find((line) => line.startsWith('gts compare'));
    expect(ended.get(line ?? '')?.stdout).toContain('CVE-2020-28493');
  });

  it('mail what there is to tell', () => {
    const subjects = smtp.mails.map(({ raw }) => /^Subject: (.*)/m.exec(raw.toString())?.[1] ?? '');
    expect(subjects).toContainEqual(expect.stringMatching(/first seen/));
    expect(subjects).toContainEqual(expect.stringMatching(/test mail/));
  });

  const codeOf = (line: string): number => ended.get(line)?.exitCode ?? -1;
});

describe('the example of embedding', () => {
  const Printed = z.object({ images: z.number(), problems: z.array(z.string()), alpine: ImageReport });

  it('is one program that runs as it stands', async () => {
    const blocks = fencedBlocks(await readFile(new URL('docs/embedding.md', REPOSITORY), 'utf8'), 'ts');
    expect(blocks).toHaveLength(1);
    const program = join(user.workingDirectory, 'program', 'main.ts');
    await mkdir(dirname(program));
    await writeFile(program, blocks[0] ?? '');
    await symlink(join(CLI, 'node_modules'), join(dirname(program), 'node_modules'));

    const { exitCode, stdout, stderr } = await shell(`'${process.execPath}' '${program}'`, {
      TRIVY_PATH: await realTrivy(),
      DB_REPOSITORY: database.environment['TRIVY_DB_REPOSITORY'],
    });

    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const { images, problems, alpine } = Printed.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
    expect(images).toBeGreaterThan(10);
    expect(problems).toEqual([]);
    expect(alpine).toMatchObject({ status: 'complete', source: 'docker', references: ['alpine:3.20'] });
    expect(alpine.findings).toHaveLength((await alpineImage()).findings.length);
  });
});
