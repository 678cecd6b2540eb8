import { ScannerError } from '../errors.ts';

/** What is wrong with one setting. */
export interface SettingProblem {
  readonly setting: string;
  /** Where it was found, in words. */
  readonly place?: string;
  /** What was found, safe to print: shortened, on one line, secrets masked. */
  readonly value: string;
  /** What may be written instead. */
  readonly accepted: string;
}

const MAX_SHOWN = 120;
const MASK = '***';

/** A value for people to read: secrets masked, those within an address too; on one line; not too long. */
export const shownValue = (text: string, secret = false): string => {
  if (secret) return MASK;
  const safe = text.replaceAll(/:\/\/[^/\s]*@/g, `://${MASK}@`).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
  return safe.length > MAX_SHOWN ? `${safe.slice(0, MAX_SHOWN)}…` : safe;
};

/**
 * The end of a start whose settings cannot stand: `setting_invalid`, one line a problem.
 *
 * @example
 * if (!resolution.ok) throw settingsError(resolution.problems);
 */
export const settingsError = (problems: readonly SettingProblem[]): ScannerError =>
  new ScannerError(problems.map(problemLine).join('\n'), {
    code: 'setting_invalid',
    hint: 'correct what is named above; docs/configuration.md describes every setting',
  });

const problemLine = ({ setting, place, value, accepted }: SettingProblem): string =>
  `${setting}${place === undefined ? '' : ` from ${place}`}: got "${value}", expected ${accepted}`;
