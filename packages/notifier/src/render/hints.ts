import { acceptCommand, type Notice, type NoticeFinding, type NoticeGroup, saveBaselineCommand } from '@scanner/core';

import type { Hint } from './page.ts';

/**
 * Lines to copy that accept what a notice is about: one finding, all of an image, what is accepted until soon. None where
 * there is nothing to accept, or where a name would have to be written in more than printable ASCII.
 */
export const hintsOf = (notice: Notice, directory: string | null): Hint[] =>
  [findingHint(notice, directory), imageHint(notice, directory), endingHint(notice, directory)].filter(
    (hint) => hint !== null,
  );

const findingHint = (notice: Notice, directory: string | null): Hint | null => {
  const groups = openGroups(notice);
  const command = firstCommand(
    groups.flatMap((group) => openFindings(group).map((finding) => [group.references.items[0], finding] as const)),
    ([reference, finding]) => commandFor(reference, finding, { directory }),
  );
  const open = groups.reduce((sum, group) => sum + openCount(group) * group.references.total, 0);
  return hint(open === 1 ? 'To accept this finding:' : 'To accept a finding in an image, for example:', command);
};

/** Of a scan that is partial no baseline can be saved. */
const imageHint = (notice: Notice, directory: string | null): Hint | null => {
  const seen = notice.firstSeen.items.filter(
    ({ counts, coverage }) => coverage !== 'partial' && Object.values(counts).some((count) => count > 0),
  );
  const references = [
    ...seen.map(({ references: { items } }) => items[0]),
    ...openGroups(notice)
      .filter((group) => openCount(group) > 1)
      .map(({ references: { items } }) => items[0]),
  ];
  const command = firstCommand(references, (reference) =>
    reference === undefined ? null : saveBaselineCommand(reference, { directory }),
  );
  return hint('To accept everything that was found in an image, for example:', command);
};

const endingHint = ({ ending }: Notice, directory: string | null): Hint | null => {
  const command = firstCommand(ending?.items ?? [], ({ finding, references }) =>
    commandFor(references.items[0], finding, { directory, expires: '90d' }),
  );
  return hint('To accept for longer what is accepted until soon, for example:', command);
};

const openGroups = ({ changes, repeated, digest }: Notice): readonly NoticeGroup[] => [
  ...changes.items,
  ...repeated.items,
  ...(digest?.open.groups.items ?? []),
];

const openFindings = ({ new: found, severityRaised, joined }: NoticeGroup): readonly NoticeFinding[] => [
  ...found.items,
  ...severityRaised.items,
  ...joined.items,
];

const openCount = ({ new: found, severityRaised, joined }: NoticeGroup): number =>
  found.total + severityRaised.total + joined.total;

/** A key that was cut names nothing. */
const commandFor = (
  reference: string | undefined,
  finding: NoticeFinding,
  options: { readonly directory: string | null; readonly expires?: string },
): string | null =>
  reference === undefined || finding.key.endsWith('…') ? null : acceptCommand(reference, finding, options);

const firstCommand = <Item>(items: readonly Item[], commandOf: (item: Item) => string | null): string | null => {
  for (const item of items) {
    const command = commandOf(item);
    if (command !== null) return command;
  }
  return null;
};

const hint = (text: string, command: string | null): Hint | null => (command === null ? null : { text, command });
