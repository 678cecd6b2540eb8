import type { Rule } from './rule.ts';
import type { SettingName, Settings } from './settings.ts';

/** Two settings that mean nothing without each other. */
export const bothOrNeither =
  (first: SettingName, second: SettingName): Rule<Settings> =>
  ({ settings }) => {
    const [one, other] = [settings[first], settings[second]];
    if (one === undefined || other === undefined || (one === null) === (other === null)) return null;
    const [missing, given] = one === null ? [first, second] : [second, first];
    return { problem: { setting: missing, value: 'nothing', accepted: `a value, since ${given} is set` } };
  };
