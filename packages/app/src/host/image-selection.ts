import { readFileSync, statSync } from 'node:fs';

import { type ImagePattern, type ImageSelection, type Log, parseIgnoreList, ScannerError } from '@scanner/core';
import type { ReadSettings } from '../read-settings.ts';

interface IgnoreFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Which images a pass is about, from the settings and the ignore list.
 *
 * @throws ScannerError `ignore_file_unreadable` for one that was asked for
 */
export const readImageSelection = (
  { settings, sources, ignoreFiles }: Pick<ReadSettings, 'settings' | 'sources' | 'ignoreFiles'>,
  log: Log,
): ImageSelection => {
  const askedFor = sources.IGNORE_FILE !== 'default';
  const [used, ...others] = ignoreFiles.flatMap((path) => {
    const text = readText(path, askedFor);
    return text === null || text.trim() === '' ? [] : [{ path, text }];
  });
  for (const { path } of others) log.warn(`${path} does not count: ${used?.path} is the list of images to skip`);
  return {
    only: settings.SCAN_IMAGES,
    ignore: used === undefined ? settings.IGNORE_IMAGES : patternsIn(used, log),
    untagged: settings.SCAN_UNTAGGED,
  };
};

const patternsIn = ({ path, text }: IgnoreFile, log: Log): readonly ImagePattern[] => {
  const { patterns: listed, problems } = parseIgnoreList(text);
  const [first] = problems;
  if (listed.length === 0 && first !== undefined) throw unreadable(path, `line ${first.line}: ${first.problem}`);
  for (const { line, problem } of problems) log.warn(`${path}:${line} names no image and is passed over: ${problem}`);
  return listed;
};

/** `null` where there is none: nothing at a default place, or a directory, which Docker makes to mount what is missing. */
const readText = (path: string, askedFor: boolean): string | null => {
  try {
    if (statSync(path).isDirectory()) return null;
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
    if (missing && !askedFor) return null;
    throw unreadable(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
};

const unreadable = (path: string, why: string, cause?: unknown): ScannerError =>
  new ScannerError(`the ignore list ${path} cannot be read: ${why}`, {
    code: 'ignore_file_unreadable',
    hint: 'correct IGNORE_FILE, the permissions of the file or what it says',
    cause,
  });
