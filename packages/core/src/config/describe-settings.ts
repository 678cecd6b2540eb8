import type { Setting, SettingGroup } from './setting.ts';
import { SETTINGS } from './settings.ts';

/** One setting in words, for documentation, an example file or a command's help. */
export interface SettingDescription {
  readonly name: string;
  readonly group: SettingGroup;
  readonly flag: string | null;
  /** Stands for the flag's value, e.g. `list`; `null` for a flag that needs none. */
  readonly placeholder: string | null;
  readonly description: string;
  readonly accepted: string;
  /** In words where it hangs on other things; `null` where there is none. */
  readonly default: string | null;
  readonly example: string;
  readonly secret: boolean;
}

/** All settings in words, in the order of the documentation. */
export const describeSettings = (): readonly SettingDescription[] =>
  Object.entries(SETTINGS).map(([name, { group, flag, kind, description, default: fallback, example, secret }]) => ({
    name,
    group,
    flag,
    placeholder: kind.placeholder,
    description,
    accepted: kind.accepted,
    default: defaultInWords(fallback),
    example,
    secret,
  }));

const defaultInWords = (fallback: Setting<unknown>['default']): string | null => {
  if (typeof fallback === 'string') return fallback === '' ? null : fallback;
  return 'shown' in fallback ? fallback.shown : null;
};
