import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { InMemoryLockKeeper } from '@scanner/core/testing';
import { temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { Session } from './session.ts';

const aDatabase = async (directory: string): Promise<string> => {
  await writeFile(join(directory, 'trivy.db'), 'advisories');
  await writeFile(join(directory, 'metadata.json'), '{}');
  return directory;
};

describe('a session', () => {
  it('keeps the database it was opened with when its generation is removed', async () => {
    await using work = await temporaryDirectory();
    await using generation = await temporaryDirectory();
    const vulnerabilities = await aDatabase(generation.path);
    await using session = await Session.open(
      work.path,
      { vulnerabilities, java: null, writable: false },
      new InMemoryLockKeeper(),
    );
    await rm(join(generation.path, 'trivy.db'));
    expect(await readFile(join(session.cacheDirectory, 'db', 'trivy.db'), 'utf8')).toBe('advisories');
  });

  it('gives a Trivy that writes to its database a copy', async () => {
    await using work = await temporaryDirectory();
    await using generation = await temporaryDirectory();
    const vulnerabilities = await aDatabase(generation.path);
    await using session = await Session.open(
      work.path,
      { vulnerabilities, java: null, writable: true },
      new InMemoryLockKeeper(),
    );
    await writeFile(join(session.cacheDirectory, 'db', 'trivy.db'), 'written over');
    expect(await readFile(join(generation.path, 'trivy.db'), 'utf8')).toBe('advisories');
  });

  it.each([
    ['a report', 'report.json'],
    ['what a Trivy that was killed left', 'tmp/fanal/layer'],
  ])('has nothing of a job when it is over: %s', async (_, left) => {
    await using work = await temporaryDirectory();
    await using generation = await temporaryDirectory();
    const vulnerabilities = await aDatabase(generation.path);
    await using session = await Session.open(
      work.path,
      { vulnerabilities, java: null, writable: false },
      new InMemoryLockKeeper(),
    );
    const job = await session.openJob();
    await mkdir(dirname(join(job.directory, left)), { recursive: true });
    await writeFile(join(job.directory, left), '{}');
    await job[Symbol.asyncDispose]();
    expect(existsSync(job.directory)).toBe(false);
  });
});
