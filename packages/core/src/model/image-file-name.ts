import { createHash } from 'node:crypto';

const SLUG_LENGTH = 80;
const HASH_LENGTH = 16;

/**
 * The part of a file's name that stands for an image: a slug for people, then a hash of the whole reference, which is
 * what tells two images apart. Of `[a-z0-9._-]` only, at most 97 characters, never starting with a dot or a dash, and
 * the same on file systems that do not tell upper from lower case.
 *
 * @example
 * imageFileName('registry.example:5000/team/App:1.2') // 'registry.example_5000_team_app_1.2-' and 16 hex digits
 */
export const imageFileName = (reference: string): string => `${slug(reference)}-${hash(reference)}`;

const slug = (reference: string): string => {
  const safe = reference
    .slice(0, SLUG_LENGTH * 2)
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .toLowerCase()
    .replace(/^[._-]+/, '')
    .slice(0, SLUG_LENGTH);
  return safe === '' ? 'image' : safe;
};

const hash = (reference: string): string =>
  createHash('sha256').update(reference, 'utf8').digest('hex').slice(0, HASH_LENGTH);
