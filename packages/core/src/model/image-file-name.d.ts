/**
 * The part of a file's name that stands for an image: a slug for people, then a hash of the whole reference, which is
 * what tells two images apart. Of `[a-z0-9._-]` only, at most 97 characters, never starting with a dot or a dash, and
 * the same on file systems that do not tell upper from lower case.
 *
 * @example
 * imageFileName('registry.example:5000/team/App:1.2') // 'registry.example_5000_team_app_1.2-' and 16 hex digits
 */
export declare const imageFileName: (reference: string) => string;
