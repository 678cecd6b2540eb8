import { CompareDocument } from '@scanner/core';
import {
  endOfLifeImage,
  mendedNodeImage,
  nodeImage,
  realTrivy,
  temporaryDirectory,
  type TemporaryDirectory,
  unsupportedImage,
} from '@scanner/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type GtsUser, gtsUser } from './support/gts.ts';
import { publish } from './support/image-files.ts';
import { prepareDatabase, type PreparedDatabase } from './support/prepared-database.ts';
import { readDocument } from './support/schemas.ts';

/** What lodash 4.17.21 mends. */
const MENDED = ['CVE-2019-10744', 'CVE-2021-23337'];

let database: PreparedDatabase;
let files: TemporaryDirectory;
let user: GtsUser;

beforeAll(async () => {
  [database, files] = await Promise.all([prepareDatabase(), temporaryDirectory()]);
  user = await gtsUser({ ...database.environment, TRIVY_PATH: await realTrivy() });
  const images = {
    old: await nodeImage(),
    mended: await mendedNodeImage(),
    fedora: await unsupportedImage(),
    ended: await endOfLifeImage(),
  };
  for (const [name, { image }] of Object.entries(images))
    await publish(database.registry, [image], files.path, `shop/${name}`);
});
afterAll(async () => {
  await user[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const named = (name: string): string => `${database.registry.host}/shop/${name}:1`;

const compare = async (a: string, b: string) => {
  const { exitCode, stdout } = await user.gts(['compare', named(a), named(b), '--source', 'remote', '--json']);
  return { exitCode, document: await readDocument(CompareDocument, stdout) };
};

const ids = (findings: CompareDocument['kept']): string[] =>
  [...new Set(findings.map(({ vulnerability }) => vulnerability))].toSorted((one, other) => (one < other ? -1 : 1));

describe('changing one image for another', () => {
  it('removes what the other has mended and keeps the rest', async () => {
    const { exitCode, document } = await compare('old', 'mended');
    expect(exitCode).toBe(0);
    expect(document.comparable).toBe(true);
    expect(ids(document.removed)).toEqual(MENDED);
    expect(document.added).toEqual([]);
    expect(ids(document.kept)).toEqual(ids(document.b.findings));
  });

  it('adds the same when it is turned round', async () => {
    const { document } = await compare('mended', 'old');
    expect(ids(document.added)).toEqual(MENDED);
    expect(document.removed).toEqual([]);
  });

  it('changes nothing for the image itself', async () => {
    const { document } = await compare('old', 'old');
    expect([document.removed, document.added]).toEqual([[], []]);
    expect(document.kept.length).toBeGreaterThan(0);
  });

  it('is shown to people by what is removed, added and kept', async () => {
    const { exitCode, stdout } = await user.gts(['compare', named('old'), named('mended')]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/removed/i);
    for (const id of MENDED) expect(stdout).toContain(id);
  });
});

describe('images that cannot be compared', () => {
  it('are said to be so when one is not there, with exit code 3', async () => {
    const { exitCode, document } = await compare('old', 'nowhere');
    expect(exitCode).toBe(3);
    expect(document).toMatchObject({ comparable: false, removed: [], added: [], kept: [] });
    expect(document.b.reason?.code).toBe('not_found');
  });

  it.each([
    ['old', 'fedora', 'not supported'],
    ['fedora', 'old', 'not supported'],
    ['old', 'ended', 'end of life'],
    ['ended', 'old', 'end of life'],
    ['ended', 'ended', 'end of life'],
  ])('are said to be so first when one could not be judged in full: %s, %s', async (a, b, why) => {
    const { exitCode, document } = await compare(a, b);
    expect(exitCode).toBe(3);
    expect(document).toMatchObject({ comparable: false, removed: [], added: [], kept: [] });
    const { stdout } = await user.gts(['compare', named(a), named(b), '--source', 'remote']);
    expect(stdout).toMatch(/^Not compared: /);
    expect(stdout).toContain(why);
    expect(stdout).not.toMatch(/nothing found|removed|added|kept/i);
  });
});
