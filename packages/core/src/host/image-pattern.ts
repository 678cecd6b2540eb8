import type { HostImage } from '../model/image.ts';
import { parseReference, repositoryOf } from '../model/reference.ts';
import type { Reference } from '../model/reference.ts';
import { matchWildcards } from './wildcard.ts';

/** Which images somebody meant: a line of the ignore list, or a value of `--image`. */
export interface ImagePattern {
  /** As it was written, without what is around it. */
  readonly text: string;
  /** The start of an image ID in hexadecimal digits, when the text can be one. */
  readonly idPrefix: string | null;
  readonly named: NamePattern | null;
}

interface NamePattern {
  /** May hold `*`; the full name of the repository where it holds none. */
  readonly repository: string;
  /** `null` means every tag. */
  readonly tag: string | null;
  readonly digest: string | null;
}

export type ParsedPattern =
  | { readonly ok: true; readonly pattern: ImagePattern }
  | { readonly ok: false; readonly problem: string };

const LONGEST_PATTERN = 512;
const IMAGE_ID = /^(?:sha256:)?([0-9a-f]{12,64})$/;
const NAME_CHARACTERS = /^[\w.:/@[\]+*-]+$/;

/**
 * Reads one pattern: a reference in which `*` stands for any run of characters, `/` included; no tag means every tag.
 * Or an image ID, of which 12 digits are enough. `nginx` means `docker.io/library/nginx` too.
 *
 * @example
 * parseImagePattern('ghcr.io/acme/*:nightly-*')
 */
export const parseImagePattern = (written: string): ParsedPattern => {
  const text = written.trim();
  if (text === '') return refused('it is empty');
  if (text.length > LONGEST_PATTERN) return refused(`it is longer than ${LONGEST_PATTERN} characters`);
  if (!NAME_CHARACTERS.test(text)) return refused('it has a character that no image name has');

  const idPrefix = IMAGE_ID.exec(text)?.[1] ?? null;
  if (text.startsWith('sha256:')) {
    return idPrefix === null
      ? refused('an image ID is at least 12 hexadecimal digits')
      : { ok: true, pattern: { text, idPrefix, named: null } };
  }
  if (text.includes('*')) return { ok: true, pattern: { text, idPrefix, named: nameWithWildcards(text) } };

  const parsed = parseReference(text);
  if (parsed.ok) return { ok: true, pattern: { text, idPrefix, named: nameOf(parsed.reference) } };
  return idPrefix === null ? parsed : { ok: true, pattern: { text, idPrefix, named: null } };
};

/** Which of the image's references the pattern names, in the image's order; an ID names all of them. */
export const matchImage = (
  pattern: ImagePattern,
  { id, references }: Pick<HostImage, 'id' | 'references'>,
): readonly string[] => {
  if (pattern.idPrefix !== null && id.slice(id.indexOf(':') + 1).startsWith(pattern.idPrefix)) return references;
  const { named } = pattern;
  return named === null ? [] : references.filter((reference) => matchReference(named, reference));
};

const refused = (problem: string): ParsedPattern => ({ ok: false, problem });

const nameOf = (reference: Reference): NamePattern => ({
  repository: repositoryOf(reference),
  tag: reference.digest === null ? reference.tag : null,
  digest: reference.digest,
});

const nameWithWildcards = (text: string): NamePattern => {
  const at = text.indexOf('@');
  const name = at < 0 ? text : text.slice(0, at);
  const colon = name.lastIndexOf(':');
  const tagged = colon > name.lastIndexOf('/');
  return {
    repository: (tagged ? name.slice(0, colon) : name).replace(/\*{2,}/g, '*'),
    tag: tagged && at < 0 ? name.slice(colon + 1) : null,
    digest: at < 0 ? null : text.slice(at + 1),
  };
};

const matchReference = (named: NamePattern, text: string): boolean => {
  const parsed = parseReference(text);
  // An image's own ID stands where it has no name: only "everything" means that.
  if (isNameless(text)) return named.repository === '*' && named.tag === null && named.digest === null;
  if (!parsed.ok) return matchWords(named, nameWithWildcards(text));
  const { reference } = parsed;
  return (
    matchPart(named.tag, reference.tag) &&
    matchPart(named.digest, reference.digest) &&
    spellings(reference).some((spelling) => matchWildcards(named.repository, spelling))
  );
};

/** What an engine holds as a name and the grammar does not know. */
const matchWords = (named: NamePattern, { repository, tag, digest }: NamePattern): boolean =>
  matchPart(named.tag, tag) && matchPart(named.digest, digest) && matchWildcards(named.repository, repository);

const isNameless = (text: string): boolean => text.startsWith('sha256:');

const matchPart = (pattern: string | null, part: string | null): boolean =>
  pattern === null || (part !== null && matchWildcards(pattern, part));

/** `docker.io/library/nginx`, `library/nginx` and `nginx` are one repository, however a pattern begins. */
const spellings = (reference: Reference): string[] => {
  const full = repositoryOf(reference);
  const prefixes = ['docker.io/', 'docker.io/library/'];
  return [full, ...prefixes.filter((prefix) => full.startsWith(prefix)).map((prefix) => full.slice(prefix.length))];
};
