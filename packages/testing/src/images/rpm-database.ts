import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { temporaryDirectory } from '../temporary-directory.ts';

/** A package as RPM records it. */
export interface RpmPackage {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  /** `<module>:<stream>:<version>:<context>`, of one that was built for a module's stream. */
  readonly modularityLabel?: string;
  /** `AlmaLinux` unless told. */
  readonly vendor?: string;
}

const STRING = 6;

/** The bytes of `rpmdb.sqlite`, as RPM 4.16 and newer keep it. */
export async function rpmDatabase(packages: readonly RpmPackage[]): Promise<Uint8Array> {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'rpmdb.sqlite');
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)');
  for (const one of packages) database.prepare('INSERT INTO Packages (blob) VALUES (?)').run(headerOf(one));
  database.close();
  return readFile(path);
}

/** An RPM header: the counts of entries and bytes, an index of tags, the strings they point at. */
const headerOf = ({ name, version, release, modularityLabel, vendor = 'AlmaLinux' }: RpmPackage): Buffer => {
  const tags: ReadonlyArray<readonly [number, string]> = [
    [1000, name],
    [1001, version],
    [1002, release],
    [1011, vendor],
    [1022, 'x86_64'],
    [1044, `${name}-${version}-${release}.src.rpm`],
    ...(modularityLabel === undefined ? [] : [[5096, modularityLabel] as const]),
  ];
  const strings = Buffer.from(tags.map(([, text]) => `${text}\0`).join(''));
  let offset = 0;
  const index = tags.flatMap(([tag, text]) => {
    const entry = numbers(tag, STRING, offset, 1);
    offset += Buffer.byteLength(text) + 1;
    return entry;
  });
  return Buffer.concat([numbers(tags.length, strings.length), ...index, strings]);
};

const numbers = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
};
