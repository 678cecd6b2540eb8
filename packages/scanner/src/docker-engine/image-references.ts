import type { Reference } from '@scanner/core';
import { familiarReference, parseReference, repositoryOf } from '@scanner/core';

import type { ImageRow } from './engine-answers.ts';

/**
 * The names of an image as people write them, sorted, each once: its tags, and its digests in repositories that have
 * no tag on it; its ID where there is neither. What is no reference, `<none>:<none>` for one, is no name.
 */
export const imageReferences = (
  rows: readonly ImageRow[],
  id: string,
): { readonly references: readonly string[]; readonly tagged: boolean } => {
  const tags = parseAll(rows.flatMap(({ RepoTags }) => RepoTags)).filter(({ tag }) => tag !== null);
  const tagged = new Set(tags.map(repositoryOf));
  const digests = parseAll(rows.flatMap(({ RepoDigests }) => RepoDigests)).filter(
    (reference) => reference.digest !== null && !tagged.has(repositoryOf(reference)),
  );
  const references = [...new Set([...tags, ...digests].map(familiarReference))].toSorted();
  return { references: references.length > 0 ? references : [id], tagged: tags.length > 0 };
};

const parseAll = (texts: readonly string[]): Reference[] =>
  texts.flatMap((text) => {
    const parsed = parseReference(text);
    return parsed.ok ? [parsed.reference] : [];
  });
