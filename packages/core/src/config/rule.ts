import type { SettingProblem } from './problem.ts';
import type { SettingSource } from './sources.ts';

/** Settings as far as each by itself is valid, and where each one was found. */
interface SettingsTogether<Values> {
  readonly settings: Partial<Values>;
  readonly sources: Partial<Record<keyof Values, SettingSource>>;
}

/** What settings that may each be valid say together. */
type Verdict = { readonly problem: SettingProblem } | { readonly warning: string };

/** Judges settings together; `null` where there is nothing to say. */
export type Rule<Values> = (together: SettingsTogether<Values>) => Verdict | null;
