import type { ContainerReport } from '../documents/host-scan-document.ts';
import { type ChangeGroup, GROUP_LISTS, type GroupList } from './change-groups.ts';
import type { NoticeCaps, NoticeFinding, NoticeGroup } from './notice.ts';
import type { PassImage } from './pass.ts';

/** What is left of a list, with how long it was. */
export interface CutList<Item> {
  items: Item[];
  total: number;
}

export const cutList = <Item>(items: readonly Item[], length: number): CutList<Item> => ({
  items: items.slice(0, length),
  total: items.length,
});

/**
 * Shares a number of places out among lists: the same for each, and what short ones leave to the others in their order.
 */
const sharePlaces = (lengths: readonly number[], places: number): number[] => {
  const even = Math.floor(places / Math.max(1, lengths.filter((length) => length > 0).length));
  const shares = lengths.map((length) => Math.min(length, even));
  let left = places - shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share, index) => {
    const more = Math.min(left, (lengths[index] ?? 0) - share);
    left -= more;
    return share + more;
  });
};

/** Shortens groups to what a reader can take in. `findings` is how many may be listed in all of them. */
export const shortenGroups = (
  groups: readonly ChangeGroup[],
  caps: NoticeCaps,
  findings: number,
): CutList<NoticeGroup> => {
  const kept = groups.slice(0, caps.groups);
  const places = sharePlaces(kept.map(groupLength), findings);
  const references = sharePlaces(
    kept.map((group) => group.references.length),
    caps.references * caps.groups,
  );
  const containers = sharePlaces(
    kept.map(({ images }) => containersOf(images)?.length ?? 0),
    caps.containers * caps.groups,
  );
  return {
    items: kept.map((group, index) =>
      shortenGroup(
        group,
        { ...caps, references: references[index] ?? 0, containers: containers[index] ?? 0 },
        places[index] ?? 0,
      ),
    ),
    total: groups.length,
  };
};

export const listedFindings = (groups: CutList<NoticeGroup>): number =>
  groups.items.reduce(
    (sum, group) => sum + GROUP_LISTS.reduce((inGroup, list) => inGroup + group[list].items.length, 0),
    0,
  );

/** The references and what runs them, shortened. */
export const shortenReferences = (
  references: readonly string[],
  images: readonly PassImage[],
  caps: NoticeCaps,
): Pick<NoticeGroup, 'references' | 'imageId' | 'containers'> => {
  const containers = containersOf(images);
  return {
    references: shortenNames(references, caps.references, caps),
    imageId: images.length === 1 ? (images[0]?.id ?? null) : null,
    containers:
      containers &&
      cutList(
        containers.map(({ name, state, compose_project }) => ({
          name: clip(name, caps.text),
          state: clip(state, caps.text),
          compose_project: compose_project && clip(compose_project, caps.text),
        })),
        caps.containers,
      ),
  };
};

/** Null where that could be asked of none of them. */
const containersOf = (images: readonly PassImage[]): readonly ContainerReport[] | null => {
  const asked = images.flatMap(({ containers }) => (containers === null ? [] : [containers]));
  if (asked.length === 0) return null;
  const named = asked
    .flat()
    .map((container) => [JSON.stringify([container.name, container.compose_project]), container] as const);
  return [...new Map(named).values()];
};

export const shortenNames = (names: readonly string[], length: number, caps: NoticeCaps): CutList<string> =>
  cutList(
    names.map((name) => clip(name, caps.text)),
    length,
  );

export const clip = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;

const groupLength = ({ lists }: ChangeGroup): number => GROUP_LISTS.reduce((sum, list) => sum + lists[list].length, 0);

const shortenGroup = (group: ChangeGroup, caps: NoticeCaps, places: number): NoticeGroup => {
  const shares = sharePlaces(
    GROUP_LISTS.map((list) => group.lists[list].length),
    places,
  );
  const shortened = (list: GroupList): CutList<NoticeFinding> => {
    const { items, total } = cutList(group.lists[list], shares[GROUP_LISTS.indexOf(list)] ?? 0);
    return { items: items.map((finding) => clipFinding(finding, caps.text)), total };
  };
  return {
    ...shortenReferences(group.references, group.images, caps),
    ...(group.images.length > 1 && { images: group.images.length }),
    imageBefore: group.imageBefore,
    startedFrom: group.startedFrom && clip(group.startedFrom, caps.text),
    new: shortened('new'),
    resolved: shortened('resolved'),
    severityRaised: shortened('severityRaised'),
    fixAvailable: shortened('fixAvailable'),
    joined: shortened('joined'),
  };
};

/** A link that was cut leads nowhere, so a long one is left out. */
export const clipFinding = (finding: NoticeFinding, length: number): NoticeFinding => ({
  ...finding,
  key: clip(finding.key, length * 2),
  vulnerability: clip(finding.vulnerability, length),
  package: finding.package && clip(finding.package, length),
  path: finding.path && clip(finding.path, length),
  installed: finding.installed && clip(finding.installed, length),
  fixed: finding.fixed && clip(finding.fixed, length),
  ...(finding.title !== undefined && { title: finding.title && clip(finding.title, length) }),
  url: finding.url !== null && finding.url.length <= length ? finding.url : null,
});
