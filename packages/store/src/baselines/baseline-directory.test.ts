import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { type Baseline, BASELINE_SCHEMA, imageFileName, type StoredBaseline, writeBaseline } from '@scanner/core';

import { BaselineDirectory } from './baseline-directory.ts';

const NOW = new Date('2026-11-22T00:00:00.000Z');

let directory: string;
let baselines: BaselineDirectory;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gts-baselines-'));
  baselines = new BaselineDirectory(directory, { clock: { now: () => NOW, elapsed: () => 0 } });
});

afterEach(() => rmSync(directory, { recursive: true }));

const baseline = (changes: Partial<Baseline> = {}): Baseline => ({
  schema: BASELINE_SCHEMA,
  reference: null,
  image_id: 'sha256:aa',
  coverage: 'full',
  filter: { severities: ['HIGH'], extra_args: [] },
  findings: [
    {
      key: 'CVE-2026-1|pkg:deb/debian/openssl|',
      package: 'openssl',
      severity: 'HIGH',
      fixed: null,
      since: '2026-11-22T00:00:00.000Z',
      expires: null,
      reason: null,
    },
  ],
  ...changes,
});

const fileOf = (reference: string): string => `${imageFileName(reference)}.json`;
const put = (file: string, body: string): void => writeFileSync(join(directory, file), body);
const bodyOf = (file: string): string => readFileSync(join(directory, file), 'utf8');
const acceptedIds = (stored: StoredBaseline | undefined): readonly string[] | undefined =>
  stored?.status === 'read' ? stored.baseline.findings.map(({ key }) => key) : undefined;
const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
};
const listed = async (onHost: readonly string[] = []): Promise<StoredBaseline[]> => all(baselines.list(onHost));

test('reads what was saved, under a name of its own, for everyone to read', async () => {
  const saving = await baselines.save('team/app:1', baseline());

  expect(saving).toEqual({ status: 'saved', file: fileOf('team/app:1'), setAside: null });
  expect(await baselines.read('team/app:1', [])).toEqual({
    status: 'read',
    file: fileOf('team/app:1'),
    reference: 'team/app:1',
    baseline: baseline({ reference: 'team/app:1' }),
  });
  expect(statSync(join(directory, fileOf('team/app:1'))).mode & 0o777).toBe(0o644);
  expect(readdirSync(directory)).toEqual([fileOf('team/app:1')]);
});

test('a later save takes the place of an earlier one, whatever reference the baseline was made for', async () => {
  await baselines.save('app:1', baseline());
  await baselines.save('app:1', baseline({ reference: 'other:2', findings: [] }));

  expect(await baselines.read('app:1', [])).toMatchObject({ baseline: { reference: 'app:1', findings: [] } });
});

test('makes the directory where it is missing, and takes a missing one for an empty one', async () => {
  const later = new BaselineDirectory(join(directory, 'not', 'yet'));

  expect(await later.read('app:1', [])).toBeUndefined();
  expect(await all(later.list([]))).toEqual([]);
  expect(await later.save('app:1', baseline())).toMatchObject({ status: 'saved' });
  expect(await later.read('app:1', [])).toMatchObject({ status: 'read' });
});

test.each([['["CVE-2026-1"]'], ['{"vulnerabilities": ["CVE-2026-1"], "saved_by": "hand"}']])(
  'reads %s under the simple name',
  async (body) => {
    put('team_app_1.json', body);

    const stored = await baselines.read('team/app:1', ['team/app:1', 'other:1']);

    expect(acceptedIds(stored)).toEqual(['CVE-2026-1|*|']);
    expect(await listed(['team/app:1'])).toEqual([stored]);
  },
);

test('a simple name that two references of the host share stands for neither', async () => {
  put('team_app_1.json', '["CVE-2026-1"]');
  const onHost = ['team/app:1', 'team_app:1'];

  expect(await baselines.read('team/app:1', onHost)).toBeUndefined();
  expect(await baselines.read('team_app:1', onHost)).toBeUndefined();
  expect(await listed(onHost)).toMatchObject([{ file: 'team_app_1.json', reference: null, status: 'read' }]);
});

test('a file with a shared simple name that says whose it is stands for that reference', async () => {
  await baselines.save('team/app:1', baseline());
  put('team_app_1.json', bodyOf(fileOf('team/app:1')));
  rmSync(join(directory, fileOf('team/app:1')));
  const onHost = ['team/app:1', 'team_app:1'];

  expect(await baselines.read('team/app:1', onHost)).toMatchObject({ status: 'read', reference: 'team/app:1' });
  expect(await baselines.read('team_app:1', onHost)).toBeUndefined();
});

test('an image named so that its simple name is the full name of another gets nothing of that one', async () => {
  const disguised = imageFileName('app:1').replace('_', ':');
  put(fileOf('app:1'), '["CVE-2026-1"]');
  const onHost = ['app:1', disguised];

  expect(acceptedIds(await baselines.read('app:1', onHost))).toEqual(['CVE-2026-1|*|']);
  expect(await baselines.read(disguised, onHost)).toBeUndefined();
});

test('the full name counts before the simple one, and is the one that is saved', async () => {
  put('app_1.json', '["CVE-2026-1"]');
  await baselines.save('app:1', baseline({ findings: [] }));

  expect(acceptedIds(await baselines.read('app:1', ['app:1']))).toEqual([]);
  expect(await listed(['app:1'])).toMatchObject([{ file: fileOf('app:1') }]);
  expect(bodyOf('app_1.json')).toBe('["CVE-2026-1"]');
});

test('a baseline that lies under the name of another reference is told', async () => {
  await baselines.save('app:1', baseline());
  put(fileOf('app:2'), bodyOf(fileOf('app:1')));

  expect(await baselines.read('app:2', [])).toEqual({
    status: 'unreadable',
    file: fileOf('app:2'),
    reference: 'app:2',
    problem: `is the baseline of "app:1", whose file is ${fileOf('app:1')}`,
  });
});

const whole = JSON.stringify({ ...baseline(), reference: 'app:1' });

test.each([
  ['a cut file', whole.slice(0, 100), 'is cut off: its end is missing'],
  ['an empty file', '', 'is empty; a baseline that accepts nothing is []'],
  ['a wrong severity', whole.replace('HIGH"]', 'HIHG"]'), expect.stringContaining('is wrong at')],
  ['a newer schema', whole.replace('baseline/1', 'baseline/2'), expect.stringContaining('"gts.baseline/2"')],
  ['something else', '{"hello": true}', expect.stringContaining('is neither a baseline')],
])('%s is told, and a save leaves it as it is', async (_, body, problem) => {
  put(fileOf('app:1'), body);

  expect(await baselines.read('app:1', [])).toMatchObject({ status: 'unreadable', reference: 'app:1', problem });
  expect(await listed(['app:1'])).toMatchObject([{ status: 'unreadable', reference: 'app:1', problem }]);
  expect(await baselines.save('app:1', baseline())).toEqual({ status: 'refused', file: fileOf('app:1'), problem });
  expect(bodyOf(fileOf('app:1'))).toBe(body);
  expect(readdirSync(directory)).toEqual([fileOf('app:1')]);
});

test('a file that cannot be read is set aside by a save that was asked to', async () => {
  put(fileOf('app:1'), whole.slice(0, 100));
  const aside = `${fileOf('app:1')}.unreadable-20261122T000000.000Z`;

  expect(await baselines.save('app:1', baseline(), { unreadable: 'set_aside' })).toEqual({
    status: 'saved',
    file: fileOf('app:1'),
    setAside: aside,
  });
  expect(bodyOf(aside)).toBe(whole.slice(0, 100));
  expect(await listed()).toMatchObject([{ status: 'read', reference: 'app:1' }]);
});

test('bytes that are no text are told', async () => {
  writeFileSync(join(directory, fileOf('app:1')), Buffer.from([0x5b, 0xff, 0x5d]));

  expect(await baselines.read('app:1', [])).toMatchObject({ problem: 'is not UTF-8 text' });
});

test('a file larger than any baseline is not read', async () => {
  put(fileOf('app:1'), '');
  execFileSync('truncate', ['-s', '65M', join(directory, fileOf('app:1'))]);

  expect(await baselines.read('app:1', [])).toMatchObject({ problem: 'is larger than 67108864 bytes' });
});

test('links are neither read nor written through, whatever they point to', async () => {
  const outside = join(directory, 'outside');
  writeFileSync(outside, '["CVE-2026-1"]');
  symlinkSync(outside, join(directory, fileOf('app:1')));
  const problem = 'is a symbolic link; they are not followed here';

  expect(await baselines.read('app:1', [])).toMatchObject({ status: 'unreadable', problem });
  expect(await baselines.save('app:1', baseline())).toMatchObject({ status: 'refused', problem });
  expect(await baselines.save('app:1', baseline(), { unreadable: 'set_aside' })).toMatchObject({ status: 'saved' });
  expect(readFileSync(outside, 'utf8')).toBe('["CVE-2026-1"]');
});

test('what is no file is told rather than waited for', async () => {
  execFileSync('mkfifo', [join(directory, fileOf('pipe:1'))]);
  mkdirSync(join(directory, fileOf('directory:1')));
  const problem = 'is not a regular file';

  expect(await baselines.read('pipe:1', [])).toMatchObject({ status: 'unreadable', problem });
  expect(await baselines.read('directory:1', [])).toMatchObject({ status: 'unreadable', problem });
  expect(await baselines.save('directory:1', baseline())).toMatchObject({ status: 'refused', problem });
});

test('a baseline that could not be read again is not saved', async () => {
  const key = `CVE-2026-1|pkg:deb/debian/${'x'.repeat(5000)}|`;
  const findings = baseline().findings.map((finding) => ({ ...finding, key }));

  expect(await baselines.save('app:1', baseline({ findings }))).toMatchObject({
    status: 'refused',
    problem: expect.stringContaining('could not be read again'),
  });
  expect(readdirSync(directory)).toEqual([]);
});

test('removes a baseline with the one that would come to light then, readable or not', async () => {
  put('app_1.json', 'damaged');
  await baselines.save('app:1', baseline());
  await baselines.save('app:2', baseline());

  expect(await baselines.remove('app:1', ['app:1', 'app:2'])).toEqual([fileOf('app:1'), 'app_1.json']);
  expect(await baselines.remove('app:1', ['app:1', 'app:2'])).toEqual([]);
  expect(readdirSync(directory)).toEqual([fileOf('app:2')]);
});

test('does not remove a simple name that another reference of the host shares', async () => {
  put('team_app_1.json', '["CVE-2026-1"]');

  expect(await baselines.remove('team/app:1', ['team/app:1', 'team_app:1'])).toEqual([]);
  expect(existsSync(join(directory, 'team_app_1.json'))).toBe(true);
});

test('lists by file name and passes over what is no baseline', async () => {
  for (const reference of ['b:1', 'a:1', 'c:1']) await baselines.save(reference, baseline());
  put('README.md', 'ours');
  put('.hidden.json', 'theirs');

  expect((await listed()).map(({ reference }) => reference)).toEqual(['a:1', 'b:1', 'c:1']);
});

test('removes what a killed save left behind, and not what may still be written', async () => {
  const [old, fresh] = ['0123456789abcdef', 'fedcba9876543210'].map((random) => `.${fileOf('app:1')}.${random}.tmp`);
  put(String(old), 'half');
  put(String(fresh), 'half');
  utimesSync(join(directory, String(old)), NOW, new Date(NOW.getTime() - 7_200_000));
  utimesSync(join(directory, String(fresh)), NOW, NOW);
  await baselines.save('app:1', baseline());

  expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([fresh]);
});

test('a path that is no directory is an error', async () => {
  put('file', '');
  const wrong = new BaselineDirectory(join(directory, 'file'));

  await expect(wrong.save('app:1', baseline())).rejects.toMatchObject({ code: 'directory_unusable' });
  await expect(all(wrong.list([]))).rejects.toMatchObject({ code: 'directory_unusable' });
});

test('whatever the references are called, each reads its own baseline and none leaves the directory', async () => {
  const reference = fc.oneof(
    fc.string({ minLength: 1, maxLength: 300, unit: fc.constantFrom('a', 'A', '_', '.', ':', '/', '-', '@') }),
    fc.string({ minLength: 1, maxLength: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(reference, { minLength: 1, maxLength: 6 }), async (references) => {
      const inner = new BaselineDirectory(mkdtempSync(join(directory, 'run-')));
      const before = readdirSync(directory);
      for (const [index, name] of references.entries())
        await inner.save(name, baseline({ image_id: `sha256:${index}` }));

      for (const [index, name] of references.entries())
        expect(await inner.read(name, references)).toMatchObject({
          reference: name,
          baseline: { image_id: `sha256:${index}` },
        });
      expect(await all(inner.list(references))).toHaveLength(references.length);
      expect(readdirSync(directory)).toEqual(before);
    }),
    { numRuns: 60 },
  );
});

test('several are saved at once, those that are refused aside', async () => {
  put(fileOf('c:1'), 'damaged');
  const savings = await baselines.saveAll(
    ['a:1', 'b:1', 'c:1'].map((reference) => ({ reference, baseline: baseline() })),
  );

  expect(savings.map(({ reference, saving }) => [reference, saving.status])).toEqual([
    ['a:1', 'saved'],
    ['b:1', 'saved'],
    ['c:1', 'refused'],
  ]);
  expect(readdirSync(directory)).toEqual([fileOf('a:1'), fileOf('b:1'), fileOf('c:1')].toSorted());
  expect(bodyOf(fileOf('c:1'))).toBe('damaged');
  expect(statSync(join(directory, fileOf('a:1'))).mode & 0o777).toBe(0o644);
});

/** What a process leaves that is killed while it saves `a:1` and `b:1` over what was there. */
const killedAmid = async (name: string): Promise<void> => {
  for (const reference of ['a:1', 'b:1']) await baselines.save(reference, baseline());
  const accepted = join(directory, name);
  mkdirSync(accepted);
  for (const reference of ['a:1', 'b:1'])
    writeFileSync(join(accepted, fileOf(reference)), writeBaseline({ ...baseline(), reference, findings: [] }));
};

test('a process that is killed before all of them were written has saved none', async () => {
  await killedAmid('.staging-0123456789abcdef');

  for (const reference of ['a:1', 'b:1']) expect(acceptedIds(await baselines.read(reference, []))).toHaveLength(1);
});

test('a process that is killed later has saved all of them, whoever looks first', async () => {
  await killedAmid('.complete-0123456789abcdef');

  for (const reference of ['b:1', 'a:1']) expect(acceptedIds(await baselines.read(reference, []))).toEqual([]);
  expect(readdirSync(directory)).toEqual([fileOf('a:1'), fileOf('b:1')].toSorted());
});

test('what others noted in a baseline stays in it', async () => {
  const noted = {
    ...baseline({ reference: 'app:1' }),
    ticket: 'SEC-1',
    filter: { severities: ['HIGH'], extra_args: [], asked_by: 'ops' },
    findings: baseline().findings.map((finding) => ({ ...finding, ticket: 'SEC-2', more: { deep: [1] } })),
  };
  put(fileOf('app:1'), JSON.stringify(noted));

  const stored = await baselines.read('app:1', []);
  if (stored?.status === 'read') await baselines.save('app:1', stored.baseline);

  const { findings, ...head } = noted;
  const lines = findings.map(({ expires: _expires, reason: _reason, ...line }) => line);
  expect(JSON.parse(bodyOf(fileOf('app:1')))).toEqual({ ...head, findings: lines });
});

test('what many read, change and save exclusively at once is all there, and no lock stays behind', async () => {
  const many = Array.from({ length: 24 }, (_, index) => `CVE-2026-${index + 1000}`);

  await Promise.all(
    many.map((vulnerability) => {
      const own = new BaselineDirectory(directory);
      return own.exclusively(async () => {
        const stored = await own.readRules();
        if (stored.status !== 'read') throw new Error(stored.problem);
        await own.saveRules({ ...stored.rules, rules: [...stored.rules.rules, { vulnerability }] });
      });
    }),
  );

  const stored = await baselines.readRules();
  expect(stored).toMatchObject({ rules: { rules: many.map((vulnerability) => ({ vulnerability })) } });
  expect(readdirSync(directory)).toEqual(['rules.json']);
  expect(await listed()).toEqual([]);
});

test('rules that cannot be read are told, and not written over', async () => {
  put('rules.json', '{"schema":"gts.rules/1","rules":[{"vulnerability":"../x"}]}');

  expect(await baselines.readRules()).toMatchObject({ status: 'unreadable', file: 'rules.json' });
  expect(await baselines.saveRules({ schema: 'gts.rules/1', rules: [] })).toMatchObject({ status: 'refused' });
  expect(bodyOf('rules.json')).toContain('../x');
});
