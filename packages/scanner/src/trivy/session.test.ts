import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { InMemoryLockKeeper } from '@scanner/core/testing';
import { temporaryDirectory } from '@scanner/testing';
import { describe, expect, it } from 'vitest';

import { Session } from './session.ts';

const aSession = async (work: string, generation: string, { writable = false } = {}): Promise<Session> => {
  await writeFile(join(generation, 'trivy.db'), 'advisories');
  await writeFile(join(generation, 'metadata.json'), '{}');
  return Session.open(work, { vulnerabilities: generation, java: null, writable }, new InMemoryLockKeeper());
};

describe('a session', () => {
  it('keeps the database it was opened with when its generation is removed', async () => {
    await using work = await temporaryDirectory();
    await using generation = await temporaryDirectory();
    await using session = await aSession(work.path, generation.path);
    await rm(join(generation.path, 'trivy.db'));
    expect(await readFile(join(session.cacheDirectory, 'db', 'trivy.db'), 'utf8')).toBe('advisories');
  });

  it('gives a Trivy that writes to its database a copy', async () => {
    await using work = await temporaryDirectory();
    await using generation = await temporaryDirectory();
    await using session = await aSession(work.path, generation.path, { writable: true });
    await writeFile(join(session.cacheDirectory, 'db', 'trivy.db'), 'written over');
    expect(await readFile(join(generation.path, 'trivy.db'), 'utf8')).toBe('advisories');
  });

  it('has the Java database that it is given, whatever a Trivy without one has left in its place', async () => {
    await using work = await temporaryDirectory();
    await using generation = await temporaryDirectory();
    await using java = await temporaryDirectory();
    await using session = await aSession(work.path, generation.path);
    const laid = join(session.cacheDirectory, 'java-db');
    await mkdir(laid, { recursive: true });
    await writeFile(join(laid, 'trivy-java.db'), '');
    for (const name of ['trivy-java.db', 'metadata.json']) await writeFile(join(java.path, name), `the ${name}`);
    expect(session.hasJava).toBe(false);
    await session.layJava(java.path);
    await session.layJava(java.path);
    expect(session.hasJava).toBe(true);
    for (const name of ['trivy-java.db', 'metadata.json'])
      expect(await readFile(join(laid, name), 'utf8')).toBe(`the ${name}`);
  });

  it.each([
    ['a report', 'report.json'],
    ['what a Trivy that was killed left', 'tmp/fanal/layer'],
  ])('has nothing of a job when it is over: %s', async (_, left) => {
    await using work = await temporaryDirectory();
    await using generation = await temporaryDirectory();
    await using session = await aSession(work.path, generation.path);
    const job = await session.openJob();
    await mkdir(dirname(join(job.directory, left)), { recursive: true });
    await writeFile(join(job.directory, left), '{}');
    await job[Symbol.asyncDispose]();
    expect(existsSync(job.directory)).toBe(false);
  });
});
