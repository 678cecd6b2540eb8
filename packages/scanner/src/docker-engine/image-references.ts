import type { HostImage, Reference } from '@scanner/core';
import { familiarReference, parseReference, repositoryOf } from '@scanner/core';

import type { ImageRow } from './engine-answers.ts';
import { oneLine } from './engine-failure.ts';

/** Each name has a log line, a state and maybe a baseline of its own. */
export const MOST_NAMES = 2000;
/** What an engine writes where there is no name. */
const NO_NAME = /^<none>[:@]<none>$/;

/**
 * The names of an image as people write them, sorted, each once: its tags, and its digests in repositories that have
 * no tag on it; its ID where there is neither. A tag that is no reference stands as the engine writes it.
 */
export const imageReferences = (
  rows: readonly Pick<ImageRow, 'RepoTags' | 'RepoDigests'>[],
  id: string,
): Pick<HostImage, 'references' | 'furtherNames' | 'tagged' | 'digests'> => {
  const texts = rows.flatMap(({ RepoTags }) => RepoTags).filter((text) => !NO_NAME.test(text));
  const { name = [], digest = [], text = [] } = Object.groupBy(texts.map(readName), ({ kind }) => kind);
  const tagged = new Set(referencesOf(name).map(repositoryOf));
  const digests = [...parseAll(rows.flatMap(({ RepoDigests }) => RepoDigests)), ...referencesOf(digest)].filter(
    (reference) => reference.digest !== null,
  );
  const shown = digests.filter((reference) => !tagged.has(repositoryOf(reference)));
  const names = [...referencesOf(name), ...shown].map(familiarReference);
  const references = [...new Set([...names, ...text.map(({ shown }) => shown)])].toSorted();
  return {
    references: references.length > 0 ? references.slice(0, MOST_NAMES) : [id],
    furtherNames: references.slice(MOST_NAMES),
    tagged: name.length + text.length > 0,
    digests: [...new Set(digests.map(familiarReference))].toSorted().slice(0, MOST_NAMES),
  };
};

type EngineName =
  | { readonly kind: 'name' | 'digest'; readonly reference: Reference; readonly shown: string }
  | { readonly kind: 'text'; readonly shown: string };

const readName = (written: string): EngineName => {
  const parsed = parseReference(written);
  if (!parsed.ok || (parsed.reference.tag === null && parsed.reference.digest === null))
    return { kind: 'text', shown: asText(written) };
  const { reference } = parsed;
  return { kind: reference.tag === null ? 'digest' : 'name', reference, shown: written };
};

/** Fit to be shown, and never what another image could be called. */
const asText = (written: string): string => {
  const line = oneLine(written);
  return line === '' || parseReference(line).ok ? JSON.stringify(line) : line;
};

const referencesOf = (names: readonly EngineName[]): Reference[] =>
  names.flatMap((name) => (name.kind === 'text' ? [] : [name.reference]));

const parseAll = (texts: readonly string[]): Reference[] =>
  texts.flatMap((text) => {
    const parsed = parseReference(text);
    return parsed.ok ? [parsed.reference] : [];
  });
