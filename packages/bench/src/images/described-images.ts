import { npmPackage, pythonPackage } from '@scanner/testing';
import type { DebianBaseKind, Tree } from '@scanner/testing';

/** An image of a team that builds on one of two Debian bases. */
export interface DescribedImage {
  /** Without a registry and a tag, such as `bench/checkout`. */
  readonly repository: string;
  /** The first is what it is called where one name is enough. */
  readonly tags: readonly [string, ...string[]];
  readonly base: DebianBaseKind;
  /** Above the base, from the lowest. */
  readonly layers: readonly Tree[];
}

const ACCOUNT: Tree = { 'etc/app/account': 'app:1000\n' };
const START: Tree = { 'usr/local/bin/start': '#!/bin/sh\nexec /usr/local/bin/serve\n' };

/** Twelve images with fourteen references, seven on the smaller base; five small layers each, most without packages. */
export const DESCRIBED_IMAGES: readonly DescribedImage[] = [
  described('checkout', ['3'], 'runtime', npmPackage('lodash', '4.17.11')),
  described('search', ['2'], 'runtime', npmPackage('minimist', '1.2.5')),
  described('reports', ['11'], 'runtime', pythonPackage('Jinja2', '2.11.2')),
  described('mail', ['5'], 'runtime', { ...npmPackage('lodash', '4.17.21'), ...pythonPackage('Jinja2', '2.11.2') }),
  described('stock', ['4', 'latest'], 'runtime', pythonPackage('Jinja2', '3.1.2'), npmPackage('minimist', '1.2.5')),
  described('backup', ['1'], 'runtime', { 'opt/backup/run.sh': '#!/bin/sh\n' }),
  described('proxy', ['8'], 'runtime', npmPackage('ms', '2.1.3')),
  described('builder', ['9', 'latest'], 'build', npmPackage('lodash', '4.17.20')),
  described('ci', ['21'], 'build', pythonPackage('Jinja2', '3.1.3')),
  described('notebook', ['7'], 'build', pythonPackage('Jinja2', '2.11.2'), npmPackage('lodash', '4.17.11')),
  described('compiler', ['12'], 'build', { 'opt/compiler/options': '-O2\n' }),
  described('assets', ['6'], 'build', npmPackage('minimist', '1.2.6')),
];

function described(
  name: string,
  tags: DescribedImage['tags'],
  base: DebianBaseKind,
  packages: Tree,
  morePackages: Tree = { 'srv/static/robots.txt': 'User-agent: *\n' },
): DescribedImage {
  const settings = { 'etc/app/settings.json': JSON.stringify({ name }) };
  return { repository: `bench/${name}`, tags, base, layers: [ACCOUNT, settings, packages, morePackages, START] };
}
