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
      'Directory of the catalogue: its store, the published `processed/tools.json` and the answers of Docker Hub that are kept for a day.',
    example: '/srv/catalogue',
  }),
  POPULAR_NAMESPACES: setting({
    group: 'Catalogue',
    kind: namespaces,
    default: '',
    description: 'What `--namespaces popular` stands for; without it `library` and a list of well-known publishers.',
    example: 'library,grafana,bitnamilegacy',
  }),
  DOCKERHUB_URL: setting({
    group: 'Catalogue',
    kind: address('https', 'http'),
    default: 'https://hub.docker.com',
    description: 'Where the API of Docker Hub is.',
    example: 'http://127.0.0.1:8080',
  }),
  DOCKERHUB_USERNAME: optionalSetting({
    group: 'Catalogue',
    kind: oneLine,
    description: 'Account for the API of Docker Hub. Without one it shows the first repositories of a namespace only.',
    example: 'someone',
  }),
  DOCKERHUB_TOKEN: optionalSetting({
    group: 'Catalogue',
    kind: oneLine,
    secret: true,
    description: 'Access token of that account; reading public repositories is enough.',
    example: 'dckr_pat_…',
  }),
  REGISTRY_MIRRORS: setting({
    group: 'Catalogue',
    flag: '--registry-mirror',
    kind: registryMirrors,
    default: '',
    description:
      'Where pulls from a registry are sent first, such as a pull-through cache; the image keeps its name. Plain HTTP on loopback.',
    example: 'docker.io=127.0.0.1:5000',
  }),
};
