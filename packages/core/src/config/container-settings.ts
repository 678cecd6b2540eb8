import { SETTING_NAMES, type SettingName, SETTINGS } from './settings.ts';

/**
 * Settings that the container is not given: its volumes say where things lie, which HOST_DIR repeats, its image brings
 * Trivy and no igzip, and the socket that is mounted says which engine is asked.
 */
const OF_THE_HOST: ReadonlySet<SettingName> = new Set([
  'SCANNER_DIR',
  'HOST_DIR',
  'LOG_DIR',
  'STATE_DIR',
  'TRIVY_CACHE_DIR',
  'SNAPSHOT_DIR',
  'IGNORE_FILE',
  'TRIVY_PATH',
  'TRIVY_RELEASES_URL',
  'USE_IGZIP',
  'DOCKER_HOST',
]);

/** The settings that mean something to the daemon in its container, in the order of the documentation. */
export const CONTAINER_SETTINGS: readonly SettingName[] = SETTING_NAMES.filter(
  (name) => SETTINGS[name].group !== 'Catalogue' && !OF_THE_HOST.has(name),
);

/** Variables that are no settings and are passed on as well: the time zone, the way to the network, and who is trusted on it. */
export const PASSED_VARIABLES = [
  'TZ',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
] as const;
