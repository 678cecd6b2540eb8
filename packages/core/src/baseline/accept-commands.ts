import type { Finding } from '../model/finding.ts';
import { parseReference } from '../model/reference.ts';
import { keyHash } from './accept-findings.ts';

/** Where a command is to work, and for how long what it accepts is to stand. */
export interface CommandOptions {
  /** The directory of the host's data; null: that of the settings in force. */
  readonly directory: string | null;
  /** As `--expires` takes it; without an end where missing. */
  readonly expires?: string;
}

const PLAIN = /^[\x21-\x7e][\x20-\x7e]*$/;

/**
 * A line to copy that accepts one finding of a reference: quoted for a shell, in printable ASCII. What cannot be written
 * so is named by the hash of its key.
 *
 * @returns null where the reference or the directory cannot be written so
 *
 * @example
 * acceptCommand('nginx:stable', finding, { directory: '/srv/security' });
 * // 'gts accept CVE-2026-1234 --package openssl --image nginx:stable --reason why --dir /srv/security'
 */
export const acceptCommand = (
  reference: string,
  { key, vulnerability, package: name }: Pick<Finding, 'key' | 'vulnerability'> & { readonly package: string | null },
  { directory, expires }: CommandOptions,
): string | null => {
  const parts = [vulnerability, ...(name === null ? [] : [name])];
  const isPlain = parts.every((part) => PLAIN.test(part) && !part.startsWith('-'));
  const what = isPlain ? [vulnerability, ...(name === null ? [] : ['--package', name])] : ['--key', keyHash(key)];
  const end = expires === undefined ? [] : ['--expires', expires];
  return commandLine(['gts', 'accept', ...what, '--image', reference, '--reason', 'why', ...end], {
    reference,
    directory,
  });
};

/** A line to copy that accepts everything that the last complete scan of a reference found; null as for `acceptCommand`. */
export const saveBaselineCommand = (reference: string, { directory }: CommandOptions): string | null =>
  commandLine(['gts', 'baseline', 'save', reference], { reference, directory });

const commandLine = (
  words: readonly string[],
  { reference, directory }: { readonly reference: string; readonly directory: string | null },
): string | null => {
  if (!parseReference(reference).ok || !PLAIN.test(reference)) return null;
  if (directory !== null && !PLAIN.test(directory)) return null;
  return [...words, ...(directory === null ? [] : ['--dir', directory])].map(quoted).join(' ');
};

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
