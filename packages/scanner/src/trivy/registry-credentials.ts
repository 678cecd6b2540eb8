/** What a registry is told about who asks. */
export type RegistryLogin =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string };

/** Knows the logins of registries, by their host as it stands in a reference: `docker.io`, `ghcr.io`, `localhost:5000`. */
export interface RegistryCredentials {
  /** `null` when there is none: then the registry is asked anonymously. */
  find(registry: string, signal?: AbortSignal): Promise<RegistryLogin | null>;
}

/** A Docker configuration that knows these registries and nothing else: no helper, no context. */
export const dockerConfigFor = (logins: ReadonlyMap<string, RegistryLogin>): string =>
  JSON.stringify({ auths: Object.fromEntries([...logins].map(([host, login]) => [authKey(host), authOf(login)])) });

const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';
const DOCKER_HUB_HOSTS: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/** Docker Hub goes by an address from its early days. */
export const authKey = (registry: string): string => (DOCKER_HUB_HOSTS.has(registry) ? DOCKER_HUB_KEY : registry);

const authOf = (login: RegistryLogin): Record<string, string> =>
  'identityToken' in login
    ? { identitytoken: login.identityToken }
    : { auth: Buffer.from(`${login.username}:${login.password}`).toString('base64') };
