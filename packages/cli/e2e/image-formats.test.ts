import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import { ImageDocument } from '@scanner/core';
import {
  anImage,
  type CatalogImage,
  debianImage,
  type DebianImage,
  HOSTILE_PACKAGE_NAMES,
  hostileImage,
  nodeImage,
  realTrivy,
  temporaryDirectory,
  type TemporaryDirectory,
  unsupportedImage,
  waitUntil,
} from '@scanner/testing';
import { parse as parseCsv } from 'csv-parse/sync';
import { execa } from 'execa';
import { parse as parseHtml } from 'parse5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readCycloneDx, readSarif, readSpdx } from './support/format-schemas.ts';
import { type Ended, type GtsUser, gtsUser } from './support/gts.ts';
import { archiveOf } from './support/image-files.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';

let database: PreparedDatabase;
let files: TemporaryDirectory;
let user: GtsUser;
let node: CatalogImage;
let nodeArchive: string;
let hostileArchive: string;
let unsupportedArchive: string;

beforeAll(async () => {
  [database, files, node] = await Promise.all([prepareDatabase(), temporaryDirectory(), nodeImage()]);
  user = await gtsUser({ ...database.environment, TRIVY_PATH: await realTrivy() });
  nodeArchive = await archiveOf(node.image, files.path, 'node');
  hostileArchive = await archiveOf((await hostileImage()).image, files.path, 'hostile');
  unsupportedArchive = await archiveOf((await unsupportedImage()).image, files.path, 'unsupported');
});
afterAll(async () => {
  await user[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const LODASH = JSON.stringify({ name: 'lodash', version: '4.17.11', license: 'MIT' });

const ended = new Map<string, Promise<Ended>>();

/** What an image is in a format; each is asked for once. */
const format = (name: string, archive: string, ...more: readonly string[]): Promise<Ended> => {
  const args = ['image', '--input', archive, '--format', name, ...more];
  const known = ended.get(args.join(' ')) ?? user.gts(args);
  ended.set(args.join(' '), known);
  return known;
};

const inOrder = (one: string, other: string): number => (one < other ? -1 : 1);
const unique = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted(inOrder);
const knownIds = (): string[] => unique(node.findings.map(({ id }) => id));

const parseXml = (text: string) => new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'text/xml');

describe('one image', () => {
  it('is a table for people, worst first', async () => {
    const { exitCode, stdout } = await format('table', nodeArchive);
    expect(exitCode).toBe(0);
    for (const { id } of node.findings) expect(stdout).toContain(id);
    expect(stdout.indexOf('CVE-2099-2001')).toBeLessThan(stdout.indexOf('CVE-2099-2004'));
  });

  it('is a gts.image/1 document', async () => {
    const { exitCode, stdout } = await format('json', nodeArchive);
    const { images, totals, filter } = await readDocument(ImageDocument, stdout);
    expect(exitCode).toBe(0);
    expect(totals).toMatchObject({ images: 1, scanned: 1, failed: 0 });
    expect(filter.severities).toHaveLength(5);
    expect(unique(images[0]!.findings.map(({ vulnerability }) => vulnerability))).toEqual(knownIds());
  });

  it('is the same document with --json', async () => {
    const [one, other] = await Promise.all([
      format('json', nodeArchive),
      user.gts(['image', '--input', nodeArchive, '--json']),
    ]);
    const of = async ({ stdout }: Ended) => (await readDocument(ImageDocument, stdout)).images[0]?.findings;
    expect(await of(one)).toEqual(await of(other));
  });

  it('is SARIF 2.1.0 with a result for each finding', async () => {
    const { exitCode, stdout } = await format('sarif', nodeArchive);
    const { runs } = await readSarif(stdout);
    expect(exitCode).toBe(0);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.results).toHaveLength(node.findings.length);
    expect(unique(runs[0]!.results.map(({ ruleId }) => ruleId))).toEqual(knownIds());
    expect(runs[0]?.invocations).toBeUndefined();
  });

  it('is HTML that a browser need not mend', async () => {
    const { exitCode, stdout } = await format('html', nodeArchive);
    const errors: string[] = [];
    parseHtml(stdout, { onParseError: ({ code }) => errors.push(code) });
    expect(exitCode).toBe(0);
    expect(errors).toEqual([]);
    for (const id of knownIds()) expect(stdout).toContain(id);
  });

  it('is Markdown with a row for each finding', async () => {
    const { exitCode, stdout } = await format('markdown', nodeArchive);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').filter((line) => /^\|.*CVE-/.test(line))).toHaveLength(node.findings.length);
  });

  it('is CSV with a row for each finding', async () => {
    const { exitCode, stdout } = await format('csv', nodeArchive);
    const rows = parseCsv<Record<string, string>>(stdout, { columns: true, recordDelimiter: '\r\n' });
    const found = rows.map(({ vulnerability, package: name, installed }) => `${vulnerability} ${name} ${installed}`);
    expect(exitCode).toBe(0);
    expect(found.toSorted(inOrder)).toEqual(
      node.findings.map(({ id, package: name, version }) => `${id} ${name} ${version}`).toSorted(inOrder),
    );
  });

  it('is JUnit with a failed case for each finding', async () => {
    const { exitCode, stdout } = await format('junit', nodeArchive);
    const failures = [...parseXml(stdout).getElementsByTagName('failure')];
    expect(exitCode).toBe(0);
    expect(failures).toHaveLength(node.findings.length);
  });
});

describe('several images', () => {
  it('are one SARIF log with a run for each, told apart by their names', async () => {
    const { exitCode, stdout } = await format('sarif', nodeArchive, '--input', hostileArchive);
    const { runs } = await readSarif(stdout);
    expect(exitCode).toBe(0);
    expect(runs.map(({ automationDetails }) => automationDetails.id)).toEqual([
      `gts/${nodeArchive}/`,
      `gts/${hostileArchive}/`,
    ]);
  });

  it.each(['cyclonedx', 'spdx'])('are no bill of materials: %s describes one', async (name) => {
    const { exitCode, stdout, stderr } = await format(name, nodeArchive, '--input', hostileArchive);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('describes one image and 2 are named');
  });
});

describe('an image that could not be judged', () => {
  it.each(['table', 'html', 'markdown', 'junit', 'csv', 'sarif'])('is not shown as clean by %s', async (name) => {
    const { stdout } = await format(name, unsupportedArchive);
    expect(stdout).toMatch(/not supported|unsupported/);
    expect(stdout).not.toMatch(/nothing found|no findings/i);
  });

  it('makes a SARIF log with more runs than code scanning takes warn of that', async () => {
    const more = Array.from({ length: 20 }, () => ['--input', unsupportedArchive]).flat();
    const { stderr } = await format('sarif', unsupportedArchive, ...more);
    expect(stderr).toContain('the log has 21 runs, and GitHub');
  });

  it('carries its warning in a SARIF log that is valid', async () => {
    const { runs } = await readSarif((await format('sarif', unsupportedArchive)).stdout);
    expect(runs[0]?.invocations?.[0]?.toolExecutionNotifications[0]?.level).toBe('warning');
  });
});

describe('the bill of materials of a whole Debian', () => {
  let debian: DebianImage;
  let listed: string[];
  let report: ImageDocument;

  beforeAll(async () => {
    debian = await debianImage();
    listed = unique(debian.packages.map(({ name, version }) => `${name} ${version}`));
    report = await readDocument(ImageDocument, (await format('json', debian.archivePath)).stdout);
  });

  it('holds every package that its dpkg lists, and the findings, as CycloneDX', async () => {
    const { exitCode, stdout } = await format('cyclonedx', debian.archivePath);
    const { components, vulnerabilities } = await readCycloneDx(stdout);
    const packages = components.filter(({ purl }) => purl?.startsWith('pkg:deb/'));
    expect(exitCode).toBe(0);
    expect(listed.length).toBeGreaterThan(60);
    expect(unique(packages.map(({ name, version }) => `${name} ${version}`))).toEqual(listed);
    const found = unique(report.images[0]!.findings.map(({ vulnerability }) => vulnerability));
    expect(found.length).toBeGreaterThan(0);
    expect(unique((vulnerabilities ?? []).map(({ id }) => id))).toEqual(found);
  });

  it('holds every package that its dpkg lists as SPDX', async () => {
    const { exitCode, stdout } = await format('spdx', debian.archivePath);
    const { packages } = await readSpdx(stdout);
    expect(exitCode).toBe(0);
    expect(packages.map(({ name, versionInfo }) => `${name} ${versionInfo}`)).toEqual(expect.arrayContaining(listed));
  });
});

describe('--severity', () => {
  const critical = (): string[] => unique(['CVE-2019-10744', 'CVE-2021-44906', 'CVE-2099-2001']);

  it('narrows SARIF to what is asked for', async () => {
    const { runs } = await readSarif((await format('sarif', nodeArchive, '--severity', 'CRITICAL')).stdout);
    expect(unique(runs[0]!.results.map(({ ruleId }) => ruleId))).toEqual(critical());
  });

  it('narrows the vulnerabilities of a bill of materials, and none of its packages', async () => {
    const all = await readCycloneDx((await format('cyclonedx', nodeArchive)).stdout);
    const some = await readCycloneDx((await format('cyclonedx', nodeArchive, '--severity', 'CRITICAL')).stdout);
    expect(unique((some.vulnerabilities ?? []).map(({ id }) => id))).toEqual(critical());
    expect(unique(some.components.map(({ name }) => name))).toEqual(unique(all.components.map(({ name }) => name)));
  });
});

describe('names that would do harm', () => {
  const [formula, markup] = HOSTILE_PACKAGE_NAMES;

  it.each(['table', 'markdown', 'csv', 'html', 'junit', 'json', 'sarif', 'cyclonedx', 'spdx'])(
    'bring no control character into %s',
    async (name) => {
      const { exitCode, stdout, stderr } = await format(name, hostileArchive);
      expect(exitCode).toBe(0);
      expect(`${stdout}${stderr}`.replaceAll(/[\r\n]/g, '')).not.toMatch(/\p{Cc}/u);
    },
  );

  it.each(['html', 'junit', 'markdown'])('bring no element into %s', async (name) => {
    const { stdout } = await format(name, hostileArchive);
    const outsideCode = name === 'markdown' ? stdout.replaceAll(/`[^`\n]*`/g, '').replaceAll(/\\</g, '') : stdout;
    expect(outsideCode).not.toMatch(/<img|<script/);
    expect(stdout).toContain('CVE-2099-2007');
  });

  it('are no formula in CSV', async () => {
    const { stdout } = await format('csv', hostileArchive);
    const rows = parseCsv(stdout, { columns: false });
    expect(rows.flat().filter((cell) => /^\s*[=+\-@]/.test(cell))).toEqual([]);
    expect(rows.flat()).toContain(`'${formula}`);
  });

  it('stay what they are for machines', async () => {
    const { images } = await readDocument(ImageDocument, (await format('json', hostileArchive)).stdout);
    expect(images[0]!.findings.map((finding) => finding.package)).toEqual(expect.arrayContaining([formula, markup]));
    await readSarif((await format('sarif', hostileArchive)).stdout);
    await readCycloneDx((await format('cyclonedx', hostileArchive)).stdout);
    await readSpdx((await format('spdx', hostileArchive)).stdout);
  });
});

describe('an image with paths that would do harm', () => {
  const PATHS = ['app\u001B]52;c;x\u0007/a', '%0d%0aX: y/b', '%zz/c', 'a\nFATAL: forged/d', '\u202Egnp/e'];
  let archive: string;

  beforeAll(async () => {
    const layers = PATHS.map((path) => ({ [`${path}/node_modules/lodash/package.json`]: LODASH }));
    archive = await archiveOf(await anImage({ layers }), files.path, 'odd-paths');
  });

  it('is one run of a SARIF log beside the others', async () => {
    const { exitCode, stdout } = await format('sarif', nodeArchive, '--input', archive);
    const { runs } = await readSarif(stdout);
    expect(exitCode).toBe(0);
    expect(runs.map(({ results }) => results.length > 0)).toEqual([true, true]);
    expect(runs[1]!.results.filter(({ ruleId }) => ruleId === 'CVE-2019-10744')).toHaveLength(PATHS.length);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

describe('a report that Trivy cannot convert', () => {
  it.each(['cyclonedx', 'spdx'])('leaves its image without %s, and that is named', async (name) => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'trivy');
    const failing = `case "$1" in convert) echo 'panic: nil pointer' >&2; exit 2;; esac`;
    await writeFile(path, `#!/bin/sh\n${failing}\nexec '${await realTrivy()}' "$@"\n`, { mode: 0o755 });
    const args = ['image', '--input', nodeArchive, '--format', name, '--fail-on', 'critical'];
    const { exitCode, stdout, stderr } = await user.gts(args.slice(0, -2), { TRIVY_PATH: path });
    expect(exitCode).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toContain(`there is no bill of materials of ${nodeArchive}`);
    expect((await user.gts(args, { TRIVY_PATH: path })).exitCode).toBe(1);
  });
});

describe('--output', () => {
  it('writes the file whole and leaves nothing beside it', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'report.json');
    const { exitCode, stdout, stderr } = await format('json', nodeArchive, '--output', file);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain(`written to ${file}`);
    await readDocument(ImageDocument, await readFile(file, 'utf8'));
    expect(await readdir(directory.path)).toEqual(['report.json']);
  });

  it('names a directory for SARIF, which gets a log for each 20 runs and loses those of before', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'gts-7.sarif'), 'of a call with more images');
    await writeFile(join(directory.path, 'other.sarif'), 'of somebody else');
    const more = Array.from({ length: 20 }, () => ['--input', unsupportedArchive]).flat();
    const { exitCode } = await format('sarif', nodeArchive, ...more, '--output', directory.path);
    expect(exitCode).toBe(0);
    expect((await readdir(directory.path)).toSorted()).toEqual(['gts-1.sarif', 'gts-2.sarif', 'other.sarif']);
    const logs = await Promise.all(
      ['gts-1.sarif', 'gts-2.sarif'].map(async (name) => readSarif(await readFile(join(directory.path, name), 'utf8'))),
    );
    expect(logs.map(({ runs }) => runs.length)).toEqual([20, 1]);
  });

  it('into a pipe that nobody reads ends when it is stopped', async () => {
    await using directory = await temporaryDirectory();
    const pipe = join(directory.path, 'pipe');
    await execa('mkfifo', [pipe]);
    const running = user.start(['image', '--input', nodeArchive, '--format', 'json', '--output', pipe]);
    await waitUntil(() => (running.stderrSoFar().includes('1/1 images') ? true : undefined), {
      what: 'the end of the scan',
      timeoutMs: 60_000,
    });
    running.kill('SIGTERM');
    expect((await running.ended).exitCode).toBe(143);
  });

  it('leaves the file of before where a bill of materials could not be made', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'bom.json');
    await writeFile(file, 'of before');
    const { exitCode } = await format('cyclonedx', join(directory.path, 'missing.tar'), '--output', file);
    expect(exitCode).toBe(3);
    expect(await readFile(file, 'utf8')).toBe('of before');
  });

  it('is refused before anything is scanned where its directory is missing', async () => {
    const { exitCode, stderr } = await format('html', nodeArchive, '--output', 'no-such-directory/report.html');
    expect(exitCode).toBe(4);
    expect(stderr).not.toContain('1/1 images');
  });

  it.each(['no-such-directory/report.html', '.'])('says what is wrong with %s', async (path) => {
    const { exitCode, stderr } = await format('html', nodeArchive, '--output', path);
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/error\[directory_unusable\].*\n {2}what to do: /);
    expect(stderr).toContain(join(user.workingDirectory, path));
  });
});
