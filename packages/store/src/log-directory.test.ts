import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';

import { type HostScanDocument, imageFileName, type ImageReport, silentLog } from '@scanner/core';

import { LogDirectory } from './log-directory.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-logs-'));
  path = join(directory, 'security', 'logs');
});

afterEach(() => rmSync(directory, { recursive: true }));

const moment = new Date('2026-11-22T01:02:03.456Z');

const open = (keepDays = 90) =>
  LogDirectory.open(path, {
    renderImage: (report) => `image ${report.references.join(' ')}\n`,
    renderSummary: (document, notes) => `${document.images.length} images, ${notes.join('; ')}\n`,
    keepDays,
    clock: { now: () => moment, elapsed: () => 0 },
    log: silentLog,
  });

const document: HostScanDocument = {
  schema: 'gts.host-scan/1',
  started_at: '2026-11-22T01:02:03.000Z',
  finished_at: '2026-11-22T01:02:04.000Z',
  trivy: { version: '0.74.0', db_updated_at: null, db_stale: false },
  filter: { severities: ['HIGH', 'CRITICAL'], extra_args: [] },
  images: [],
  totals: { images: 0, scanned: 0, reused: 0, failed: 0, skipped: 0, new: 0, resolved: 0 },
};

const report = (...references: string[]): ImageReport => ({
  id: 'sha256:1',
  references,
  source: 'docker',
  containers: [],
  status: 'complete',
  reason: null,
  coverage: 'full',
  reused: 'none',
  counts: { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 },
  findings: [],
  baselines: [],
  log: null,
});

test('writes the log of an image under the time and its first reference, and says its name', async () => {
  const logs = await open();
  const name = await logs.writeImage(report('nginx:1.27', 'web:latest'), document);

  expect(name).toBe(`scan-20261122T010203.456Z--${imageFileName('nginx:1.27')}.log`);
  expect(readFileSync(join(path, name), 'utf8')).toBe('image nginx:1.27 web:latest\n');
});

test('a reference that climbs out stays inside', async () => {
  const logs = await open();
  const name = await logs.writeImage(report('../../../etc/cron.d/x'), document);

  expect(readdirSync(path)).toEqual([name]);
  expect(readdirSync(directory)).toEqual(['security']);
});

test('appends a block for each pass', async () => {
  await (await open()).appendSummary(document, ['one']);
  await (await open()).appendSummary(document, ['two']);

  expect(readFileSync(join(path, 'scan-summary.log'), 'utf8')).toBe('0 images, one\n0 images, two\n');
});

test('puts a full summary aside, and keeps the last ten', async () => {
  let passes = 0;
  const logs = await LogDirectory.open(path, {
    renderImage: () => '',
    renderSummary: () => `pass ${(passes += 1)}\n`,
    fullSummaryBytes: 10,
    clock: { now: () => new Date(moment.getTime() + passes * 1000), elapsed: () => 0 },
  });
  for (let pass = 1; pass <= 25; pass += 1) await logs.appendSummary(document, []);

  const names = readdirSync(path).toSorted();
  expect(names).toHaveLength(11);
  const texts = names.map((name) => readFileSync(join(path, name), 'utf8'));
  expect(texts.join('')).toBe(Array.from({ length: 21 }, (_, index) => `pass ${index + 5}\n`).join(''));
  await open(1);
  expect(readdirSync(path)).toHaveLength(11);
});

test('removes summaries that were put aside past their time', async () => {
  await open();
  writeFileSync(join(path, 'scan-summary-20260701T000000.000Z.log'), '');
  writeFileSync(join(path, 'scan-summary-20261101T000000.000Z.log'), '');
  await open(90);
  expect(readdirSync(path)).toEqual(['scan-summary-20261101T000000.000Z.log']);
});

test('does not write its summary through a link', async () => {
  const logs = await open();
  writeFileSync(join(directory, 'victim'), 'untouched');
  symlinkSync(join(directory, 'victim'), join(path, 'scan-summary.log'));

  await expect(logs.appendSummary(document, [])).rejects.toMatchObject({ code: 'directory_unusable' });
  expect(readFileSync(join(directory, 'victim'), 'utf8')).toBe('untouched');
});

test('removes its own logs past their time and nothing else', async () => {
  await open();
  const image = imageFileName('nginx');
  const old = `scan-20260701T000000.000Z--${image}.log`;
  const unfinished = `.scan-20261121T235959.000Z--${image}.log.0123456789abcdef.tmp`;
  const kept = [
    `scan-20261101T000000.000Z--${image}.log`,
    'scan-20260701T000000.000Z.log',
    'scan-20260701--notes.txt',
    'scan-summary.log',
    'mine.log',
  ];
  for (const name of [old, unfinished, ...kept]) writeFileSync(join(path, name), '');
  const link = `scan-20260702T000000.000Z--${image}.log`;
  writeFileSync(join(directory, 'victim'), '');
  symlinkSync(join(directory, 'victim'), join(path, link));
  await open(90);

  expect(readdirSync(path).toSorted()).toEqual([...kept, link].toSorted());
  expect(existsSync(join(directory, 'victim'))).toBe(true);
});

test('logs are for their owner only, whatever the umask', async () => {
  const umask = process.umask(0);
  onTestFinished(() => void process.umask(umask));
  const logs = await open();
  const name = await logs.writeImage(report('nginx:1.27'), document);
  writeFileSync(join(path, 'scan-summary.log'), 'of an older version');
  await logs.appendSummary(document, []);

  const modes = ['', name, 'scan-summary.log'].map((file) => (statSync(join(path, file)).mode & 0o777).toString(8));
  expect(modes).toEqual(['700', '600', '600']);
});

test('a directory that cannot be made says whose it is, who we are and what to do', async () => {
  writeFileSync(join(directory, 'security'), 'a file');

  await expect(open()).rejects.toMatchObject({
    code: 'directory_unusable',
    message: expect.stringMatching(/belongs to \d+:\d+ with mode \d{4}, this process runs as \d+:\d+/),
    hint: expect.any(String),
  });
});
