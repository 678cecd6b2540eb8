import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

/** A version whose files lie in `fixtures`. */
export type EarlierVersion = '0.1.0';

/** `host`: a directory for `--dir`; `catalogue`: one for `--data-dir`. */
export type EarlierPart = 'host' | 'catalogue';

export interface EarlierStateOptions {
  /** When it was left, for what goes by the real clock; as it was unless told. */
  readonly leftAt?: Date;
}

/** When each version left its state. */
export const LEFT_AT: Readonly<Record<EarlierVersion, Date>> = { '0.1.0': new Date('2026-11-30T08:49:00.000Z') };

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const DIRECTORIES = { host: 'security', catalogue: 'data' } as const;
const DATABASE = /\.sql$/;

/** Puts what an earlier version left into a directory: databases out of their text, other files as they are. */
export const placeEarlierState = async (
  version: EarlierVersion,
  part: EarlierPart,
  directory: string,
  { leftAt = LEFT_AT[version] }: EarlierStateOptions = {},
): Promise<void> => {
  const from = join(FIXTURES, version, DIRECTORIES[part]);
  const laterMs = leftAt.getTime() - LEFT_AT[version].getTime();
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    const target = join(directory, source.slice(from.length));
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    if (DATABASE.test(target)) await restore(source, target.replace(DATABASE, '.db'), laterMs);
    else await copyFile(source, target);
  }
};

const restore = async (source: string, target: string, laterMs: number): Promise<void> => {
  using database = new DatabaseSync(target);
  database.exec('PRAGMA synchronous=OFF');
  database.exec(later(await readFile(source, 'utf8'), laterMs));
};

const MOMENT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const MILLISECONDS = /(?<=, )1[78]\d{11}(?=[,)])/g;

/** With every moment that much later; what is compressed stays as it is. */
const later = (sql: string, laterMs: number): string =>
  sql
    .replaceAll(MOMENT, (moment) => new Date(Date.parse(moment) + laterMs).toISOString())
    .replaceAll(MILLISECONDS, (moment) => String(Number(moment) + laterMs));
