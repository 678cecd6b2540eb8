import { closestName } from './closest-name.ts';
import { shownValue } from './problem.ts';

const OUR_PREFIX = /^(?:SCAN|TRIVY|NOTIFY|SMTP)_/;
const MAX_WARNINGS = 20;

/** Warnings for names that look like settings and are none; their values are left out, since they may be secrets. */
export const unknownNames = (found: Iterable<string>, known: readonly string[]): readonly string[] => {
  const accepted = new Set(known.flatMap((name) => [name, `${name}_FILE`]));
  const unknown = [...new Set(found)].filter((name) => OUR_PREFIX.test(name) && !accepted.has(name)).toSorted();
  const warnings = unknown.slice(0, MAX_WARNINGS).map((name) => warning(name, closestName(name, accepted)));
  const more = unknown.length - warnings.length;
  return more > 0 ? [...warnings, `${more} more names that look like settings are none`] : warnings;
};

const warning = (name: string, meant: string | null): string =>
  `${shownValue(name)} is not a setting and has no effect${meant === null ? '' : `; did you mean ${meant}?`}`;
