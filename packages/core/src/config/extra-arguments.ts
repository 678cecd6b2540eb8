import { parseTrivyDuration } from './durations.ts';
import type { ExtraFlag } from './extra-flags.ts';
import { EXTRA_FLAGS, INSTEAD_OF } from './extra-flags.ts';
import { splitShellWords } from './shell-words.ts';

/** What `TRIVY_EXTRA_ARGS` asks for. */
export interface ExtraArguments {
  /**
   * Each flag with its value as one word, `--flag=value`, ready to stand before Trivy's `--`. Sorted by flag, so that
   * the same wishes in another order are the same arguments; the values of one flag keep their order.
   */
  readonly flags: readonly string[];
  /** From `--timeout`, which beats `SCAN_TIMEOUT_SECONDS`. */
  readonly timeoutSeconds: number | null;
}

interface Refusal {
  /** What may be written instead. */
  readonly accepted: string;
}

interface Given {
  readonly flag: ExtraFlag;
  readonly name: string;
  readonly value: string;
}

/** Trivy's one-letter names of flags that people have in their settings. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['-q', '--quiet'],
  ['-s', '--severity'],
  ['-f', '--format'],
  ['-o', '--output'],
]);

/**
 * Takes apart the text of `TRIVY_EXTRA_ARGS`, or says what may be written instead. Nothing of the text but names of
 * flags is repeated in that, since a refused value can be a password.
 *
 * @example
 * parseExtraArguments('--timeout 5m --skip-dirs "/my app" --ignore-unfixed')
 * // { flags: ['--ignore-unfixed', '--skip-dirs=/my app'], timeoutSeconds: 300 }
 */
export const parseExtraArguments = (text: string): ExtraArguments | Refusal => {
  const words = splitShellWords(text);
  if (words === null) return { accepted: 'words as in a shell, with every quote closed' };
  const given: Given[] = [];
  const rest = words.values();
  for (const word of rest) {
    const taken = takeFlag(word, rest);
    if ('accepted' in taken) return taken;
    given.push(taken);
  }
  return {
    flags: passedOn(given),
    timeoutSeconds: parseTrivyDuration(given.findLast(({ name }) => name === '--timeout')?.value ?? ''),
  };
};

const takeFlag = (word: string, rest: Iterator<string>): Given | Refusal => {
  const [, written = '', attached] = /^(-[a-z]|--[a-z][a-z-]*)(?:=(.*))?$/s.exec(word) ?? [];
  const name = SHORT.get(written) ?? written;
  const flag = EXTRA_FLAGS.get(name);
  if (flag === undefined) return refuse(name);
  const value = attached ?? (flag.takes === 'switch' ? 'true' : rest.next().value);
  const isNextFlag = attached === undefined && typeof value === 'string' && value.startsWith('-');
  return typeof value === 'string' && value !== '' && !isNextFlag && flag.fits(value)
    ? { flag, name, value }
    : { accepted: flag.takes === 'switch' ? `${name} without a value` : `a value after ${name}, ${flag.accepted}` };
};

const refuse = (name: string): Refusal => {
  if (!name.startsWith('--')) return { accepted: 'flags that start with --, each with its value' };
  const instead = INSTEAD_OF.get(name);
  return {
    accepted:
      instead === undefined
        ? `any of ${[...EXTRA_FLAGS.keys()].join(' ')}, not ${name}`
        : `no ${name} among them: ${instead}`,
  };
};

const passedOn = (given: readonly Given[]): readonly string[] => {
  const byName = Map.groupBy(given, ({ flag }) => flag.passedOnAs);
  byName.delete(null);
  return [...byName].toSorted(byFlagName).flatMap(([name, uses]) => writeFlag(name ?? '', uses));
};

/** A flag with all its uses, in which a later one of a kind that takes one value beats the earlier. */
const writeFlag = (name: string, uses: readonly Given[]): readonly string[] => {
  const last = uses.at(-1);
  if (last === undefined) return [];
  if (last.flag.takes === 'switch') return last.value === 'true' ? [name] : [];
  const values = last.flag.takes === 'one' ? [last.value] : [...new Set(uses.map(({ value }) => value))];
  return values.map((value) => `${name}=${value}`);
};

const byFlagName = ([a]: readonly [string | null, unknown], [b]: readonly [string | null, unknown]): number =>
  (a ?? '') < (b ?? '') ? -1 : 1;
