import { aRepository, aTag, minutesAgo } from '@scanner/testing';
import type { HubRepository } from '@scanner/testing';

const REPOSITORIES = 181;
/** More than a page, so that preferred tags are looked for on their own. */
const MANY_TAGS = 110;
const FEW_TAGS = 30;

/**
 * As many repositories as `library` has. Every third has more tags than are fetched, and `alpine` among the oldest.
 */
export function hubContent(): HubRepository[] {
  return Array.from({ length: REPOSITORIES }, (_, index) =>
    aRepository({
      name: `repository-${String(index).padStart(3, '0')}`,
      pull_count: 1_000_000 - index,
      tags: tagsOf(index % 3 === 0 ? MANY_TAGS : FEW_TAGS),
    }),
  );
}

function tagsOf(count: number): ReturnType<typeof aTag>[] {
  return Array.from({ length: count }, (_, age) => {
    const pushed = minutesAgo(age);
    return aTag({ name: nameOf(age, count), last_updated: pushed, tag_last_pushed: pushed });
  });
}

function nameOf(age: number, count: number): string {
  if (age === 0) return 'latest';
  return age === count - 1 ? 'alpine' : `1.${count - age}.0`;
}
