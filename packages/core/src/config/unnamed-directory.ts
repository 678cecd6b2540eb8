import type { SettingProblem } from './problem.ts';
import { shownValue } from './problem.ts';
import type { Occurrence } from './setting-search.ts';
import type { Setting } from './setting.ts';
import { path } from './value-kind.ts';

/**
 * The directory of a host's data that nobody named: it counts because one stands where the command was started, which may
 * be in the files of anybody. What it sets runs nothing and leads nowhere else.
 */
export interface UnnamedDirectory {
  /** Whether a path, as it is written, lies in it. */
  readonly holds: (path: string) => boolean;
}

/** What matters of a setting here, whatever its value is. */
export type Described = Pick<Setting<unknown>, 'executed' | 'secret'> & {
  readonly kind: unknown;
  readonly default: unknown;
};

/** What to do about what such a directory may not set. */
export const NAME_THE_DIRECTORY =
  'it in the environment, or a directory that --dir or SCANNER_DIR names: ./security counts here only because it is there';

/** Null for what may stand. */
export const problemInUnnamed = (
  name: string,
  { kind, executed, secret }: Described,
  { source, place, text }: Occurrence,
  { holds }: UnnamedDirectory,
): SettingProblem | null => {
  if (source !== 'secrets' && source !== '.env') return null;
  const leadsElsewhere = kind === path && !holds(text.trim());
  if (!executed && !leadsElsewhere && !BY_PROGRAM.test(text)) return null;
  return { setting: name, place, value: shownValue(text, secret), accepted: NAME_THE_DIRECTORY };
};

/** A place that nobody set may be a link that leads elsewhere. */
export const strayInUnnamed = (
  name: string,
  { kind, default: fallback }: Described,
  value: unknown,
  { holds }: UnnamedDirectory,
): SettingProblem | null => {
  const isPlace = kind === path && typeof fallback === 'object' && fallback !== null && 'from' in fallback;
  if (!isPlace || typeof value !== 'string' || holds(value)) return null;
  return { setting: name, value: `${shownValue(value)}, which leads elsewhere`, accepted: NAME_THE_DIRECTORY };
};

/** Engines that are reached by running a program. */
const BY_PROGRAM = /^\s*ssh:/i;
