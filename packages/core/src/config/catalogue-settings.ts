import { optionalSetting, setting } from './setting.ts';
import { address, namespaces, oneLine, path, registryMirrors } from './value-kind.ts';

/** The settings of `gts scrape`, `scan`, `top` and `tool`. */
export const CATALOGUE_SETTINGS = {
  GTS_DATA_DIR: setting({
    group: 'Catalogue',
    flag: '--data-dir',
    kind: path,
    default: './data',
    description:
      'Directory of the catalogue: its store, the published `processed/tools.json`, and the responses of Docker Hub, which are kept for a day.',
    example: '/srv/catalogue',
  }),
  POPULAR_NAMESPACES: setting({
    group: 'Catalogue',
    kind: namespaces,
    default: '',
    description:
      'Namespaces that `--namespaces popular` stands for. Without it: `library` and a list of well-known publishers.',
    example: 'library,grafana,bitnamilegacy',
  }),
  DOCKERHUB_URL: setting({
    group: 'Catalogue',
    kind: address('https', 'http'),
    default: 'https://hub.docker.com',
    description: 'Address of the Docker Hub API.',
    example: 'http://127.0.0.1:8080',
  }),
  DOCKERHUB_USERNAME: optionalSetting({
    group: 'Catalogue',
    kind: oneLine,
    description:
      'Account for the Docker Hub API. Without an account Docker Hub lists only the first repositories of a namespace.',
    example: 'someone',
  }),
  DOCKERHUB_TOKEN: optionalSetting({
    group: 'Catalogue',
    kind: oneLine,
    secret: true,
    description: 'Access token of the account DOCKERHUB_USERNAME; permission to read public repositories is enough.',
    example: 'dckr_pat_…',
  }),
  REGISTRY_MIRRORS: setting({
    group: 'Catalogue',
    flag: '--registry-mirror',
    kind: registryMirrors,
    default: '',
    description:
      'Mirrors, such as a pull-through cache, that images of a registry are pulled from first. Images keep their reference. A mirror on loopback is used over plain HTTP.',
    example: 'docker.io=127.0.0.1:5000',
  }),
};
