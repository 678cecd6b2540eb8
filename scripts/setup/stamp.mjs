import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/**
 * What a set of files holds, as one hash: it changes when a file is added, removed, renamed or edited, and not when a
 * file is only touched. Files that do not exist count as absent.
 *
 * @param {string} base the directory that names are taken relative to
 * @param {readonly string[]} files
 * @param {readonly string[]} [facts] whatever else the result depends on
 * @returns {Promise<string>}
 */
export async function fingerprint(base, files, facts = []) {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  const named = files.map((file) => /** @type {const} */ ([relative(base, file), file]));
  named.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, file] of named) {
    const content = await readIfThere(file);
    if (content === undefined) continue;
    hash.update(`\0${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * Every file below a directory that `wanted` accepts; none when there is no such directory.
 *
 * @param {string} directory
 * @param {(name: string) => boolean} [wanted]
 * @returns {Promise<string[]>}
 */
export async function filesBelow(directory, wanted = () => true) {
  const entries = await readdir(directory, { withFileTypes: true }).catch(ignoreMissing([]));
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return filesBelow(path, wanted);
      return wanted(entry.name) ? [path] : [];
    }),
  );
  return nested.flat();
}

/**
 * Whether the work that left this stamp was done for the same fingerprint.
 *
 * @param {string} stamp
 * @param {string} current
 */
export async function isStamped(stamp, current) {
  const found = await readIfThere(stamp);
  return found?.toString().trim() === current;
}

/**
 * @param {string} stamp
 * @param {string} current
 */
export async function leaveStamp(stamp, current) {
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, `${current}\n`);
}

/** @param {string} file */
const readIfThere = (file) => readFile(file).catch(ignoreMissing(undefined));

/**
 * @template T
 * @param {T} instead
 * @returns {(error: NodeJS.ErrnoException) => T}
 */
const ignoreMissing = (instead) => (error) => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return instead;
  throw error;
};
