import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { CompleteScan, Coverage, ScanSubject } from '@scanner/core';
import {
  almaLinuxImage,
  alpineImage,
  endOfLifeImage,
  nodeImage,
  pythonImage,
  realTrivy,
  scratchImage,
  startClassicEngine,
  startRegistry,
  temporaryDirectory,
  writeDockerArchive,
  writeOciLayout,
} from '@scanner/testing';
import type { BuiltImage, Engine, Registry } from '@scanner/testing';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { createDockerEngine, locateTrivy } from '../src/index.ts';
import type { TrivyBinary, TrivyScannerOptions } from '../src/index.ts';
import { complete, layDatabase, openWorkbench } from './trivy-workbench.ts';

/** Part of what Trivy itself writes. */
const PlainReport = z.object({
  Results: z
    .array(
      z.object({
        Vulnerabilities: z
          .array(
            z.object({
              VulnerabilityID: z.string(),
              PkgName: z.string(),
              PkgPath: z.string().optional(),
              InstalledVersion: z.string(),
              FixedVersion: z.string().optional(),
              Severity: z.string(),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
});

/** How they are made, and how much of them can be judged. */
const IMAGES = [
  ['alpine', alpineImage, 'full'],
  ['node', nodeImage, 'full'],
  ['python', pythonImage, 'full'],
  ['almalinux', almaLinuxImage, 'full'],
  ['end-of-life', endOfLifeImage, 'eol'],
  ['scratch', scratchImage, 'unsupported'],
] as const;

interface Sample {
  readonly name: string;
  readonly image: BuiltImage;
  readonly archive: string;
  /** In a registry. */
  readonly reference: string;
  /** What `trivy image` finds, called as it comes. */
  readonly plain: readonly string[];
  readonly coverage: Coverage;
}

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let trivy: TrivyBinary;
let registry: Registry;
let engine: Engine;
let samples: Sample[];

beforeAll(async () => {
  directory = await temporaryDirectory();
  trivy = await locateTrivy({ explicitPath: await realTrivy(), cacheDir: directory.path });
  [registry, engine] = await Promise.all([startRegistry(), startClassicEngine()]);
  await layDatabase(join(directory.path, 'plain'), false);
  samples = [];
  for (const [name, build, coverage] of IMAGES) samples.push(await provide(name, (await build()).image, coverage));
});
afterAll(async () => {
  await Promise.all([registry.stop(), engine.stop()]);
  await directory[Symbol.asyncDispose]();
});

const provide = async (name: string, image: BuiltImage, coverage: Coverage): Promise<Sample> => {
  const archive = join(directory.path, `${name}.tar`);
  await writeDockerArchive(archive, [{ image, references: [`parity.example/${name}:1`] }]);
  await engine.load(archive);
  const layout = join(directory.path, name);
  await mkdir(layout);
  await writeOciLayout(layout, { reference: `parity.example/${name}:1`, platforms: [image] });
  await registry.pushOci(layout, `${name}:1`);
  return { name, image, archive, reference: `${registry.host}/${name}:1`, plain: await scanPlainly(archive), coverage };
};

const scanPlainly = async (archive: string): Promise<string[]> => {
  const args = [
    '--skip-db-update',
    '--skip-java-db-update',
    '--scanners',
    'vuln',
    '--format',
    'json',
    '--input',
    archive,
  ];
  const { stdout } = await execa(trivy.path, ['image', '--cache-dir', join(directory.path, 'plain'), ...args], {
    cwd: directory.path,
    env: { HOME: directory.path },
    extendEnv: false,
  });
  const { Results: results = [] } = PlainReport.parse(JSON.parse(stdout));
  const found = results.flatMap(({ Vulnerabilities: vulnerabilities = [] }) => vulnerabilities);
  return found
    .map((one) =>
      line(one.VulnerabilityID, one.PkgName, one.PkgPath, one.InstalledVersion, one.FixedVersion, one.Severity),
    )
    .toSorted();
};

const line = (...words: ReadonlyArray<string | null | undefined>): string => words.map((word) => word || '-').join(' ');

const linesOf = ({ findings }: CompleteScan): string[] =>
  findings
    .map((one) => line(one.vulnerability, one.package, one.path, one.installed, one.fixed, one.severity))
    .toSorted();

interface Found {
  readonly findings: readonly string[];
  readonly coverage: Coverage;
}

/** What our own scans find, by image. */
const scanAll = async (
  subjectOf: (sample: Sample) => ScanSubject,
  options: Partial<TrivyScannerOptions> = {},
): Promise<Record<string, Found>> => {
  const { scanner } = await openWorkbench({
    trivy,
    dockerEnvironment: { DOCKER_HOST: engine.dockerHost },
    measuring: { directory: directory.path },
    ...options,
  });
  const scans = samples.map(async (sample) => {
    const scan = complete(await scanner.scan({ subject: subjectOf(sample) }));
    return [sample.name, { findings: linesOf(scan), coverage: scan.coverage }] as const;
  });
  return Object.fromEntries(await Promise.all(scans));
};

const plainly = (): Record<string, Found> =>
  Object.fromEntries(samples.map(({ name, plain, coverage }) => [name, { findings: plain, coverage }]));

describe('what trivy image finds when called as it comes is found', () => {
  test('at all', () => {
    expect(samples.filter(({ plain }) => plain.length > 0).length).toBeGreaterThanOrEqual(3);
  });

  test('in archives', async () => {
    expect(await scanAll(({ archive }) => ({ source: 'archive', path: archive }))).toEqual(plainly());
  });

  test('in images of a registry', async () => {
    expect(await scanAll(({ reference }) => ({ source: 'remote', reference }))).toEqual(plainly());
  });

  test('in images of an engine, each by itself', async () => {
    expect(await scanAll(({ image }) => ({ source: 'docker', id: image.id }))).toEqual(plainly());
  });

  test('in images of an engine, together', async () => {
    const source = createDockerEngine({ host: engine.dockerHost, tls: null, origin: 'flag' });
    const found = await scanAll(({ image }) => ({ source: 'docker', id: image.id }), { imageExport: source });
    expect(found).toEqual(plainly());
  });
});
