import { anyPackageKey, type KnownFinding } from '../comparison/known-finding.ts';
import { aliasKeys, type Finding } from '../model/finding.ts';
import type { ReferenceState } from './told-state.ts';

/** Says of findings of one reference whether they are accepted, by whatever name they were. */
export const acceptanceOf = ({
  known,
  missing,
}: Pick<ReferenceState, 'known' | 'missing'>): ((finding: Finding) => boolean) => {
  const byKey = new Map<string, KnownFinding>(known.map((finding) => [finding.key, finding]));
  for (const { key, movedTo } of missing) {
    const moved = byKey.get(key);
    if (movedTo !== null && moved !== undefined && !byKey.has(movedTo)) byKey.set(movedTo, moved);
  }
  return (finding) => {
    const ids = [finding.vulnerability, ...(finding.aliases ?? [])];
    const keys = [finding.key, ...aliasKeys(finding), ...ids.map(anyPackageKey)];
    return keys.map((key) => byKey.get(key)).find((each) => each !== undefined)?.accepted ?? false;
  };
};
