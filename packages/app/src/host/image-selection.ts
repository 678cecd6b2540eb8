import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { type ImagePattern, type ImageSelection, type Log, parseIgnoreList, ScannerError } from '@scanner/core';
import type { ReadSettings } from '../read-settings.ts';

/**
 * Which images a pass is about, from the settings and the ignore list.
 *
 * @throws ScannerError `ignore_file_unreadable` for one that was asked for
 */
export const readImageSelection = ({ settings, sources }: ReadSettings, cwd: string, log: Log): ImageSelection => {
  const path = resolve(cwd, settings.IGNORE_FILE);
  const listed = readIgnoreFile(path, sources.IGNORE_FILE !== 'default', log);
  return {
    only: settings.SCAN_IMAGES,
    ignore: listed ?? settings.IGNORE_IMAGES,
    untagged: settings.SCAN_UNTAGGED,
  };
};

/** `null` where there is no list: none at the default place, a directory (what Docker mounts for a missing file) or an empty file. */
const readIgnoreFile = (path: string, askedFor: boolean, log: Log): readonly ImagePattern[] | null => {
  const text = readText(path, askedFor);
  if (text === null || text.trim() === '') return null;
  const { patterns: listed, problems } = parseIgnoreList(text);
  const [first] = problems;
  if (listed.length === 0 && first !== undefined) throw unreadable(path, `line ${first.line}: ${first.problem}`);
  for (const { line, problem } of problems) log.warn(`${path}:${line} names no image and is passed over: ${problem}`);
  return listed;
};

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
