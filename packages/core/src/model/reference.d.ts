/** A name for an image, in its parts: `[host[:port]/]path[:tag][@digest]`. Nothing is filled in that was not written. */
export interface Reference {
  /** Registry with its port, e.g. `ghcr.io`, `registry:5000`, `[::1]:5000`. */
  readonly host: string | null;
  readonly path: string;
  readonly tag: string | null;
  readonly digest: string | null;
}
export type ParsedReference =
  | {
      readonly ok: true;
      readonly reference: Reference;
    }
  | {
      readonly ok: false;
      readonly problem: string;
    };
/** Where a name without a host lives. */
export declare const DEFAULT_REGISTRY = 'docker.io';
/**
 * Takes a reference apart by the grammar of the distribution project, in time linear to its length.
 * What comes before the first `/` is a host only if it has a `.`, a `:` or an upper-case letter, or is `localhost`.
 *
 * @example
 * parseReference('registry:5000/app:1.2')
 * // { ok: true, reference: { host: 'registry:5000', path: 'app', tag: '1.2', digest: null } }
 * parseReference('Nginx') // { ok: false, problem: 'the name must be lower case' }
 */
export declare const parseReference: (text: string) => ParsedReference;
/** The reference as it was written. */
export declare const formatReference: ({ host, path, tag, digest }: Reference) => string;
/** The registry that the reference names, `docker.io` where it names none. */
export declare const registryOf: ({ host }: Pick<Reference, 'host'>) => string;
/**
 * The repository in full, so that two spellings of one compare equal.
 *
 * @example
 * repositoryOf({ host: null, path: 'nginx' }) // 'docker.io/library/nginx'
 */
export declare const repositoryOf: (reference: Pick<Reference, 'host' | 'path'>) => string;
/**
 * The shortest way to write the reference that still means the same: without `docker.io/` and `library/`.
 *
 * @example
 * familiarReference({ host: 'docker.io', path: 'library/nginx', tag: '1', digest: null }) // 'nginx:1'
 */
export declare const familiarReference: (reference: Reference) => string;
