import { DEFAULT_REGISTRY, parseReference, registryOf, repositoryOf, ScannerError } from '@scanner/core';
import type { Reference } from '@scanner/core';

/** Where a manifest can be asked for. */
export interface ManifestPlace {
  /** The registry as it stands in a reference, which is what logins are kept under. */
  readonly registry: string;
  /** The registry's own API, or the mirror's. */
  readonly url: URL;
  /** In full, as the registry knows it: `library/nginx`. */
  readonly repository: string;
}

const DOCKER_HUB_API = 'registry-1.docker.io';
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/;

/**
 * Where to ask for what a reference names, or null where its registry cannot be the host of an address. What is on this
 * machine is asked over plain HTTP, as Trivy does, all else over HTTPS only.
 */
export const placeOf = (reference: Reference): ManifestPlace | null => {
  const registry = registryOf(reference);
  const repository = repositoryOf(reference).slice(registry.length + 1);
  const host = registry === DEFAULT_REGISTRY ? DOCKER_HUB_API : registry;
  const version = reference.digest ?? reference.tag ?? 'latest';
  const address = `${LOOPBACK.test(host) ? 'http' : 'https'}://${host}/v2/${repository}/manifests/${version}`;
  return URL.canParse(address) ? { registry, repository, url: new URL(address) } : null;
};

/** Whether something that is nobody else's business may be asked there, told to go by `from`. */
export const isSafeNext = (to: URL, from: URL): boolean =>
  to.username === '' &&
  to.password === '' &&
  (to.protocol === 'https:' || (isPlainLoopback(to) && isPlainLoopback(from)));

const isPlainLoopback = ({ protocol, host }: URL): boolean => protocol === 'http:' && LOOPBACK.test(host);

/** Mirrors of registries, each `host[:port][/path]`, in the order in which they are to be asked. */
export class RegistryMirrors {
  readonly #mirrors: ReadonlyMap<string, readonly string[]>;

  /** @throws ScannerError `setting_invalid` for a mirror that is no host with an optional path */
  constructor(mirrors: Readonly<Record<string, readonly string[]>>) {
    for (const mirror of Object.values(mirrors).flat()) if (mirrored(mirror, 'any') === null) throw refusal(mirror);
    this.#mirrors = new Map(Object.entries(mirrors).map(([host, names]) => [registryOf({ host }), names]));
  }

  /** What to ask for in place of the reference. */
  of(reference: Reference): Reference[] {
    const registry = registryOf(reference);
    const path = repositoryOf(reference).slice(registry.length + 1);
    const { tag, digest } = reference;
    return (this.#mirrors.get(registry) ?? []).flatMap((mirror) => {
      const place = mirrored(mirror, path);
      return place === null ? [] : [{ ...place, tag, digest }];
    });
  }
}

const mirrored = (mirror: string, path: string): Reference | null => {
  const parsed = parseReference(`${mirror}/${path}`);
  return parsed.ok && parsed.reference.host !== null ? parsed.reference : null;
};

const refusal = (mirror: string): ScannerError =>
  new ScannerError(`${JSON.stringify(mirror)} cannot be the mirror of a registry`, {
    code: 'setting_invalid',
    hint: 'write a host, with a port and a path where it needs them: mirror.example:5000/docker-hub',
  });
