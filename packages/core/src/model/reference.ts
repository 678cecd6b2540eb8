/** A name for an image, in its parts: `[host[:port]/]path[:tag][@digest]`. Nothing is filled in that was not written. */
export interface Reference {
  /** Registry with its port, e.g. `ghcr.io`, `registry:5000`, `[::1]:5000`. */
  readonly host: string | null;
  readonly path: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

export type ParsedReference =
  | { readonly ok: true; readonly reference: Reference }
  | { readonly ok: false; readonly problem: string };

/** Where a name without a host lives. */
export const DEFAULT_REGISTRY = 'docker.io';

const OFFICIAL = 'library';
const DEFAULT_REGISTRY_NAMES: ReadonlySet<string> = new Set([DEFAULT_REGISTRY, 'index.docker.io']);

const LONGEST = { text: 1024, host: 255, path: 255 } as const;
const HIGHEST_PORT = 65_535;
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

// Every repetition below starts with a character its predecessor cannot end in, so none of them backtracks.
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*):([0-9a-fA-F]{32,})$/;
const HOST = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(?::([0-9]{1,5}))?$/;
const HOST_LABEL = /^[A-Za-z0-9-]+$/;
const BARE_ID = /^[0-9a-f]{64}$/;

/**
 * Takes a reference apart by the grammar of the distribution project, in time linear to its length.
 * What comes before the first `/` is a host only if it has a `.`, a `:` or an upper-case letter, or is `localhost`.
 * Where it has a `.` and still cannot be a host, as in `my_registry.example/app`, it is a part of the path: engines take
 * such names.
 *
 * @example
 * parseReference('registry:5000/app:1.2')
 * // { ok: true, reference: { host: 'registry:5000', path: 'app', tag: '1.2', digest: null } }
 * parseReference('Nginx') // { ok: false, problem: 'the name must be lower case' }
 */
export const parseReference = (text: string): ParsedReference => {
  if (text.length > LONGEST.text) return refused(`a reference has at most ${LONGEST.text} characters`);
  if (BARE_ID.test(text)) return refused('64 hexadecimal digits are an image ID, not a name');

  const { name, tag, digest } = cutTail(text);
  const { host, path } = cutHost(name);
  const problem = pathProblem(path) ?? hostProblem(host) ?? tagProblem(tag) ?? digestProblem(digest);
  return problem === null ? { ok: true, reference: { host, path, tag, digest } } : refused(problem);
};

/** The reference as it was written. */
export const formatReference = ({ host, path, tag, digest }: Reference): string =>
  `${host === null ? '' : `${host}/`}${path}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;

/**
 * The registry that the reference names, `docker.io` where it names none. What would be a host but for a `_` is meant as
 * one, and is none of Docker Hub's names.
 */
export const registryOf = ({ host, path = '' }: Pick<Reference, 'host'> & Partial<Pick<Reference, 'path'>>): string => {
  const named = host ?? hostInPath(path);
  return named === null || DEFAULT_REGISTRY_NAMES.has(named) ? DEFAULT_REGISTRY : named;
};

/**
 * The repository in full, so that two spellings of one compare equal.
 *
 * @example
 * repositoryOf({ host: null, path: 'nginx' }) // 'docker.io/library/nginx'
 */
export const repositoryOf = (reference: Pick<Reference, 'host' | 'path'>): string => {
  if (reference.host === null && hostInPath(reference.path) !== null) return reference.path;
  const registry = registryOf(reference);
  const official = registry === DEFAULT_REGISTRY && !reference.path.includes('/');
  return `${registry}/${official ? `${OFFICIAL}/` : ''}${reference.path}`;
};

/**
 * The shortest way to write the reference that still means the same: without `docker.io/` and `library/`.
 *
 * @example
 * familiarReference({ host: 'docker.io', path: 'library/nginx', tag: '1', digest: null }) // 'nginx:1'
 */
export const familiarReference = (reference: Reference): string => {
  const [path, ...shorter] = familiarPaths(reference);
  if (path === undefined) return formatReference(reference);
  const candidates = [...shorter, path].map((path) => formatReference({ ...reference, host: null, path }));
  return candidates.find((text) => means(text, reference)) ?? formatReference(reference);
};

/** The path, and the path without `library/`, of what lives in the default registry; nothing for other registries. */
const familiarPaths = (reference: Reference): string[] => {
  if (registryOf(reference) !== DEFAULT_REGISTRY) return [];
  const [first, second, ...rest] = reference.path.split('/');
  const isOfficial = first === OFFICIAL && second !== undefined && rest.length === 0;
  return isOfficial ? [reference.path, second] : [reference.path];
};

const means = (text: string, reference: Reference): boolean => {
  const parsed = parseReference(text);
  return parsed.ok && repositoryOf(parsed.reference) === repositoryOf(reference);
};

const refused = (problem: string): ParsedReference => ({ ok: false, problem });

const cutTail = (text: string): { name: string; tag: string | null; digest: string | null } => {
  const at = text.indexOf('@');
  const digest = at < 0 ? null : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  if (colon <= named.lastIndexOf('/')) return { name: named, tag: null, digest };
  return { name: named.slice(0, colon), tag: named.slice(colon + 1), digest };
};

const cutHost = (name: string): { host: string | null; path: string } => {
  const first = firstComponent(name);
  const isHost = first !== null && (/[.:A-Z]/.test(first) || first === 'localhost');
  return isHost && hostInPath(name) === null
    ? { host: first, path: name.slice(first.length + 1) }
    : { host: null, path: name };
};

/** The first component of a path where it is meant as a host and cannot be one. */
const hostInPath = (path: string): string | null => {
  const first = firstComponent(path);
  return first !== null && first.includes('.') && PATH_COMPONENT.test(first) && hostProblem(first) !== null
    ? first
    : null;
};

const firstComponent = (name: string): string | null => {
  const slash = name.indexOf('/');
  return slash < 0 ? null : name.slice(0, slash);
};

const pathProblem = (path: string): string | null => {
  if (path === '') return 'the name of the repository is missing';
  if (path.length > LONGEST.path) return `the name of the repository has more than ${LONGEST.path} characters`;
  if (path.split('/').every((component) => PATH_COMPONENT.test(component))) return null;
  return path.toLowerCase() === path
    ? 'the name of the repository has a character, or an order of characters, that is not allowed'
    : 'the name of the repository must be lower case';
};

const hostProblem = (host: string | null): string | null => {
  if (host === null) return null;
  if (host.length > LONGEST.host) return `the registry's name has more than ${LONGEST.host} characters`;
  const [, name, port] = HOST.exec(host) ?? [];
  if (name === undefined) return 'the registry before the first / is not a host with an optional port';
  if (port !== undefined && Number(port) > HIGHEST_PORT) return `the registry's port is above ${HIGHEST_PORT}`;
  return name.startsWith('[') || name.split('.').every(isHostLabel) ? null : "the registry's name is not a host name";
};

const isHostLabel = (label: string): boolean =>
  HOST_LABEL.test(label) && !label.startsWith('-') && !label.endsWith('-');

const tagProblem = (tag: string | null): string | null =>
  tag === null || TAG.test(tag) ? null : 'a tag is 1 to 128 of A-Z a-z 0-9 _ . - and does not start with . or -';

const digestProblem = (digest: string | null): string | null => {
  if (digest === null) return null;
  const [, algorithm, hex] = DIGEST.exec(digest) ?? [];
  if (algorithm === undefined || hex === undefined) return 'a digest is an algorithm, a colon and hexadecimal digits';
  const length = Object.hasOwn(DIGEST_LENGTHS, algorithm) ? DIGEST_LENGTHS[algorithm] : undefined;
  if (length === undefined) return null;
  return hex.length === length && hex === hex.toLowerCase()
    ? null
    : `a ${algorithm} digest has ${length} lower-case hexadecimal digits`;
};
