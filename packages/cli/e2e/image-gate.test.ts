import { ErrorDocument, ImageDocument } from '@scanner/core';
import {
  endOfLifeImage,
  nodeImage,
  realTrivy,
  scratchImage,
  smallDebianImage,
  temporaryDirectory,
  type TemporaryDirectory,
  unsupportedImage,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type GtsUser, gtsUser } from './support/gts.ts';
import { archiveOf } from './support/image-files.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';

const IMAGES = {
  node: nodeImage,
  debian: smallDebianImage,
  old: endOfLifeImage,
  unsupported: unsupportedImage,
  scratch: scratchImage,
};

let database: PreparedDatabase;
let files: TemporaryDirectory;
let user: GtsUser;

beforeAll(async () => {
  [database, files] = await Promise.all([prepareDatabase(), temporaryDirectory()]);
  user = await gtsUser({ ...database.environment, TRIVY_PATH: await realTrivy() });
  for (const [name, build] of Object.entries(IMAGES))
    await archiveOf((await build()).image, user.workingDirectory, name);
});
afterAll(async () => {
  await user[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const image = (names: readonly string[], ...more: readonly string[]) =>
  user.gts(['image', ...names.flatMap((name) => ['--input', `${name}.tar`]), ...more]);

describe('--fail-on', () => {
  it.each([
    { names: ['node'], gate: 'critical', exitCode: 1 },
    { names: ['old'], gate: 'critical', exitCode: 0 },
    { names: ['old'], gate: 'high', exitCode: 1 },
    { names: ['node', 'missing'], gate: 'critical', exitCode: 1 },
    { names: ['old', 'missing'], gate: 'critical', exitCode: 3 },
    { names: ['unsupported'], gate: 'unknown', exitCode: 3 },
    { names: ['scratch', 'node'], gate: 'critical', exitCode: 1 },
    { names: ['scratch', 'old'], gate: 'critical', exitCode: 3 },
  ])('$gate ends $names with $exitCode', async ({ names, gate, exitCode }) => {
    const ended = await image(names, '--fail-on', gate);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr.includes(`--fail-on ${gate}: findings of that severity or worse`)).toBe(exitCode === 1);
  });

  it('names the image that it says nothing of', async () => {
    const { stderr } = await image(['unsupported'], '--fail-on', 'critical');
    expect(stderr).toMatch(/--fail-on says nothing of .*unsupported\.tar: its coverage is unsupported/);
  });

  it('looks at what has a fix only with --ignore-unfixed', async () => {
    const { images } = await readDocument(ImageDocument, (await image(['debian'], '--json')).stdout);
    const unfixed = images[0]!.findings.filter(({ fixed }) => fixed === null);
    expect(unfixed.length).toBeGreaterThan(0);

    const ended = await image(['debian'], '--ignore-unfixed', '--json');
    const narrowed = await readDocument(ImageDocument, ended.stdout);
    expect(narrowed.filter.extra_args).toEqual(['--ignore-unfixed']);
    expect(narrowed.images[0]!.findings.map(({ key }) => key)).toEqual(
      images[0]!.findings.filter(({ fixed }) => fixed !== null).map(({ key }) => key),
    );
  });

  it('can look for all that --severity leaves', async () => {
    const ended = await image(['node'], '--severity', 'HIGH,CRITICAL', '--fail-on', 'high', '--json');
    const { images } = await readDocument(ImageDocument, ended.stdout);
    expect(ended.exitCode).toBe(1);
    expect(images[0]!.counts).toEqual({ critical: 3, high: 3, medium: 0, low: 0, unknown: 0 });
  });
});

describe('a command line that asks for what cannot be', () => {
  it.each([
    [['image'], 'no image is named'],
    [['image', 'web:1', '--severity', 'CRITICAL', '--fail-on', 'high'], '--severity leaves out: HIGH'],
    [['image', 'web:1', '--severity', 'GRAVE'], 'TRIVY_SEVERITY'],
    [['image', 'web:1', '--fail-on', 'grave'], '--fail-on'],
    [['image', 'web:1', '--format', 'docx'], 'docx'],
    [['image', 'web:1', '--json', '--format', 'sarif'], 'cannot be combined with --format sarif'],
    [['image', 'web:1', '--source', 'floppy'], 'Accepted: remote, docker'],
    [['image', 'web:1', '--platform', 'vax'], 'os/architecture'],
    [['image', 'web:1', '--timeout', '0'], 'SCAN_TIMEOUT_SECONDS'],
    [['image', 'web:1', '--extra-trivy-args', '--exit-code 7'], '--exit-code'],
    [['image', 'web:1', '--baseline', '--format', 'spdx'], 'not supported for --format spdx'],
    [['image', '-x'], '-x'],
    [['compare', 'web:1'], "'b'"],
    [['compare', 'web:1', 'web:2', 'web:3'], 'too many arguments'],
    [['frobnicate'], 'frobnicate'],
    [[], 'Usage: gts'],
  ])('%j ends with 2 and starts nothing', async (args, told) => {
    const { exitCode, stderr } = await user.gts(args, { TRIVY_PATH: '/nonexistent', DOCKER_HOST: 'tcp://127.0.0.1:1' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(told);
  });

  it.each([[['image', '--json']], [['image', 'web:1', '--json', '--nonsense']], [['compare', 'web:1', '--json']]])(
    '%j is told to machines too',
    async (args) => {
      const { exitCode, stdout } = await user.gts(args);
      const { error } = await readDocument(ErrorDocument, stdout);
      expect(exitCode).toBe(2);
      expect(error.code).toBe('usage');
    },
  );
});

describe('--help', () => {
  it.each([
    ['image', 'all'],
    ['compare', 'all'],
    ['host scan', 'HIGH,CRITICAL'],
  ])('of %s tells the severities it shows: %s', async (command, severities) => {
    const { exitCode, stdout } = await user.gts([...command.split(' '), '--help']);
    expect(exitCode).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`Default: ${severities}. [TRIVY_SEVERITY]`);
    expect(stdout).toMatch(/Examples?:\n {2}\$ gts /);
  });
});
