import { readdir, readFile, statfs, utimes } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { processesNaming, tinyFileSystem } from '@scanner/testing';

import { signal } from './processes.ts';

const KIBIBYTE = 1024;
const PLENTY_KIBIBYTES = 65_536;
const A_DAY_MS = 86_400_000;
/**
 * Files and directories that only last while a program is at work. The write-ahead log of a database is none of these: it
 * belongs to it until the next program writes there.
 */
const PASSING = new RegExp(
  [
    String.raw`\.tmp$`,
    String.raw`\.part$`,
    String.raw`\.json\.[\d-]*[0-9a-f-]{36}$`,
    String.raw`^session-`,
    String.raw`^\.(?:staging|complete|partial|new)-`,
    String.raw`-journal$`,
    String.raw`\.corrupt-`,
    String.raw`\.holder$`,
    String.raw`^\.lock$`,
  ].join('|'),
);

/** Where the programs of a try write everything: a disk of its own. */
export interface Place extends AsyncDisposable {
  readonly path: string;
  /** `XDG_CACHE_HOME` of all places of a run: it holds compiled code, without which programs take long to start. */
  readonly sharedCache: string;
  /** Leaves so many KiB free, or more than is needed. */
  leaveSpace(kibibytes: number | 'plenty'): Promise<void>;
  /** Makes what is there only for a while a day older, as the next start may find it. */
  ageLeftovers(): Promise<void>;
  /** Kills every process that was started for this place. */
  endAll(): Promise<void>;
  /** What nothing that has ended may leave behind: files, processes, damaged databases and documents. */
  faults(): Promise<readonly string[]>;
}

export async function openPlace(sharedCache: string): Promise<Place> {
  const disk = await tinyFileSystem(PLENTY_KIBIBYTES / KIBIBYTE);
  const { path } = disk;
  return {
    path,
    sharedCache,
    leaveSpace: async (kibibytes) =>
      disk.resize(kibibytes === 'plenty' ? PLENTY_KIBIBYTES : (await usedKibibytes(path)) + kibibytes),
    ageLeftovers: () => ageLeftovers(path),
    faults: async () => [
      ...(await leftIn(path)).map((name) => `${name} was left behind`),
      ...(await processesNaming(path)).map(({ commandLine }) => `a process was left behind: ${commandLine}`),
      ...(await damagedIn(path)),
    ],
    endAll: () => endAll(path),
    async [Symbol.asyncDispose]() {
      await endAll(path);
      await disk[Symbol.asyncDispose]();
    },
  };
}

async function endAll(path: string): Promise<void> {
  for (const { pid } of await processesNaming(path)) signal(pid, 'SIGKILL');
}

async function usedKibibytes(path: string): Promise<number> {
  const { blocks, bfree, bsize } = await statfs(path);
  return ((blocks - bfree) * bsize) / KIBIBYTE;
}

async function ageLeftovers(path: string): Promise<void> {
  const yesterday = new Date(Date.now() - A_DAY_MS);
  for (const name of await leftIn(path)) await utimes(join(path, name), yesterday, yesterday).catch(() => {});
}

async function leftIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter(({ name, parentPath }) => PASSING.test(name) || parentPath.endsWith('/tmp'))
    .map(({ name, parentPath }) => relative(path, join(parentPath, name)));
}

async function damagedIn(path: string): Promise<string[]> {
  const files = await readdir(path, { recursive: true });
  const databases = files.filter((name) => /(?:^|\/)(?:results|telling|scan-cache|store)\.db$/.test(name));
  const documents = files.filter((name) => /\/snapshots\/[^/]+\.json$|\/tools\.json$/.test(name));
  const damaged = documents.map(async (name) => [name, await isWhole(join(path, name))] as const);
  return [
    ...databases.filter((name) => !isSound(join(path, name))).map((name) => `${name} is damaged`),
    ...(await Promise.all(damaged)).flatMap(([name, whole]) => (whole ? [] : [`${name} is not whole`])),
  ];
}

function isSound(file: string): boolean {
  try {
    using database = new DatabaseSync(file, { readOnly: true });
    return database.prepare('PRAGMA integrity_check').get()?.['integrity_check'] === 'ok';
  } catch {
    return false;
  }
}

async function isWhole(file: string): Promise<boolean> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) !== null;
  } catch {
    return false;
  }
}
