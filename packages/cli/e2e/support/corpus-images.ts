import {
  almaLinuxFiles,
  anImage,
  type BuiltImage,
  type Engine,
  goProgram,
  jarWithPom,
  type LayerCompression,
  pythonPackage,
  rpmDatabase,
  tarOfEntries,
  type Tree,
  zipOf,
} from '@scanner/testing';

import {
  alpine,
  APK_DATABASE,
  apkLike,
  contentSets,
  DEB_PACKAGES,
  debian,
  debianLike,
  dpkgRecords,
  redHat,
  RPM_LIST,
  RPM_PACKAGES,
  rpmLike,
  STATUS,
  without,
} from './corpus-systems.ts';

/** An image with something odd about it, and how much of it can be judged. */
export interface CorpusImage {
  readonly name: string;
  readonly image: BuiltImage;
  readonly coverage: 'full' | 'partial' | 'unsupported' | 'eol';
  /** Engines that do not load it. */
  readonly refusedBy: ReadonlyArray<Engine['name']>;
  /** What plain Trivy has to be told to end well. */
  readonly plainFlags: readonly string[];
  /** How its layers lie in an OCI directory. */
  readonly compressions: readonly LayerCompression[];
}

type Layers = ReadonlyArray<Tree | Uint8Array>;
type Odd = Partial<Pick<CorpusImage, 'refusedBy' | 'plainFlags' | 'compressions'>> & {
  readonly architecture?: string;
  readonly os?: string;
};
type Described = readonly [name: string, coverage: CorpusImage['coverage'], layers: Layers, odd?: Odd];

/** Images of nearly every kind that people have reported, tiny each. */
export const corpusImages = async (): Promise<readonly CorpusImage[]> => {
  const described = [
    ...deletedDatabases(),
    ...(await movedDatabases()),
    ...releases(),
    ...unknownSystems(),
    ...systems(),
    ...languages(),
    ...(await oddLayers()),
  ];
  return Promise.all(
    described.map(async ([name, coverage, layers, odd = {}]) => ({
      name,
      coverage,
      image: await anImage({ layers, labels: { case: name }, ...odd }),
      refusedBy: odd.refusedBy ?? [],
      plainFlags: odd.plainFlags ?? [],
      compressions: odd.compressions ?? ['gzip'],
    })),
  );
};

const npm = (name: string, version: string, at = 'app'): Tree => ({
  [`${at}/node_modules/${name}/package.json`]: JSON.stringify({ name, version, license: 'MIT' }),
});
const LODASH = npm('lodash', '4.17.11');
const LOG4J = jarWithPom({ group: 'org.apache.logging.log4j', artifact: 'log4j-core', version: '2.14.1' });
const PROGRAM: Tree = { 'app/bin/server': 'x' };

/** What a layer takes away. */
const gone = (...paths: readonly string[]): Tree =>
  Object.fromEntries(paths.map((path) => [path.replace(/([^/]+)$/, '.wh.$1'), '']));
const emptied = (directory: string): Tree => ({ [`${directory}/.wh..wh..opq`]: '' });

const deletedDatabases = (): Described[] => [
  ['dpkg-directory-deleted', 'unsupported', [debian(), gone('var/lib/dpkg')]],
  ['dpkg-status-deleted', 'unsupported', [debian(), gone(STATUS)]],
  ['dpkg-directory-opaque', 'unsupported', [debian(), emptied('var/lib/dpkg')]],
  ['dpkg-emptied', 'unsupported', [debian(), { [STATUS]: '' }]],
  [
    'dpkg-deleted-by-an-empty-name',
    'unsupported',
    [debian(), { 'var/lib/dpkg/.wh.': '' }],
    { refusedBy: ['classic', 'podman'] },
  ],
  ['dpkg-deleted-and-brought-back', 'full', [debian(), gone('var/lib/dpkg'), debian()]],
  [
    'dpkg-deleted-and-written-by-one-layer',
    'full',
    [debian(), { ...emptied('var/lib/dpkg'), [STATUS]: dpkgRecords(DEB_PACKAGES.slice(1)) }],
  ],
  ['dpkg-deleted-beside-npm', 'partial', [debian(), gone('var/lib/dpkg'), LODASH]],
  ['dpkg-deleted-below-npm-of-the-same-layer', 'partial', [debian(), { ...gone('var/lib/dpkg'), ...LODASH }]],
  ['system-and-packages-deleted', 'unsupported', [debian(), gone('etc', 'var'), PROGRAM]],
  ['past-its-end-and-deleted', 'unsupported', [alpine('3.10.9'), gone('lib/apk')]],
  ['one-system-of-two-deleted', 'partial', [debian(), alpine(), gone('var/lib/dpkg')]],
  ['os-release-deleted', 'full', [debian(), gone('etc/os-release', 'etc/debian_version')]],
  ['status-d-deleted', 'unsupported', [distroless(), gone('var/lib/dpkg/status.d')]],
  ['status-d-one-deleted', 'full', [distroless(), gone('var/lib/dpkg/status.d/bash')]],
  [
    'status-d-one-replaced',
    'full',
    [
      distroless(),
      {
        ...gone('var/lib/dpkg/status.d/bash'),
        'var/lib/dpkg/status.d/zsh': dpkgRecords([{ name: 'zsh', version: '5.9-4' }]),
      },
    ],
  ],
  ['apk-directory-deleted', 'unsupported', [alpine(), gone('lib/apk'), { hello: 'x' }]],
  ['apk-emptied', 'unsupported', [alpine(), { [APK_DATABASE]: '' }]],
  ['apk-deleted-beside-python', 'partial', [alpine(), gone('lib/apk/db'), pythonPackage('Jinja2', '2.11.2')]],
  ['rpm-list-deleted', 'unsupported', [redHat(), gone(RPM_LIST)]],
  ['rpm-list-deleted-beside-npm', 'partial', [redHat(), gone('var/lib/rpmmanifest'), LODASH]],
  ['another-file-of-dpkg-deleted', 'full', [debian('12.12', { 'var/lib/dpkg/lock': '' }), gone('var/lib/dpkg/lock')]],
  ['npm-deleted-without-a-system', 'unsupported', [LODASH, gone('app'), PROGRAM]],
  ['npm-deleted-on-debian', 'full', [debian(), LODASH, gone('app/node_modules')]],
  [
    'npm-deleted-in-part-without-a-system',
    'full',
    [{ ...LODASH, ...npm('minimist', '1.2.5') }, gone('app/node_modules/lodash')],
  ],
];

/** Where one of RPM's own databases lies, and what becomes of it. */
const movedDatabases = async (): Promise<Described[]> => {
  const database = await rpmDatabase([
    { name: 'openssl-libs', version: '1.1.1k', release: '14.el8_10', vendor: 'AlmaLinux' },
  ]);
  const alma = almaLinuxFiles('8.10', []);
  const old: Tree = { ...without(alma, RPM_LIST), 'var/lib/rpm/rpmdb.sqlite': database };
  const moved: Tree = { 'usr/lib/sysimage/rpm/rpmdb.sqlite': database };
  return [
    ['rpm-database', 'full', [old]],
    ['rpm-database-deleted', 'unsupported', [old, gone('var/lib/rpm')]],
    ['rpm-database-broken', 'unsupported', [{ ...old, 'var/lib/rpm/rpmdb.sqlite': 'no database' }]],
    ['rpm-database-broken-beside-npm', 'partial', [{ ...old, 'var/lib/rpm/rpmdb.sqlite': 'no database', ...LODASH }]],
    ['rpm-database-moved', 'full', [old, { ...moved, ...gone('var/lib/rpm') }]],
    [
      'rpm-database-moved-and-deleted',
      'unsupported',
      [old, { ...moved, ...gone('var/lib/rpm') }, gone('usr/lib/sysimage')],
    ],
  ];
};

const distroless = (): Tree => ({
  ...without(debian(), STATUS),
  ...Object.fromEntries(DEB_PACKAGES.map((one) => [`var/lib/dpkg/status.d/${one.name}`, dpkgRecords([one])])),
});

/** Releases and distributions, most of which the database has no advisories for. */
const releases = (): Described[] => [
  ['debian-sid', 'unsupported', [debianLike('ID=debian\n', 'forky/sid')]],
  ['debian-sid-beside-npm', 'partial', [debianLike('ID=debian\n', 'forky/sid'), LODASH]],
  ['debian-14', 'unsupported', [debian('14.1')]],
  ['debian-13', 'full', [debian('13.2')]],
  ['ubuntu-2404', 'full', [ubuntu('24.04')]],
  ['ubuntu-1804-past-its-end', 'eol', [ubuntu('18.04')]],
  [
    'ubuntu-1804-with-extended-maintenance',
    'unsupported',
    [
      {
        ...ubuntu('18.04'),
        'var/lib/ubuntu-advantage/status.json': JSON.stringify({
          _doc: 'made by hand',
          services: [{ name: 'esm-infra', status: 'enabled' }],
        }),
      },
    ],
  ],
  ['ubuntu-2610', 'unsupported', [ubuntu('26.10')]],
  ['ubuntu-2704-of-debian-sid', 'unsupported', [debianLike('ID=ubuntu\nVERSION_ID="27.04"\n', 'trixie/sid')]],
  ['kali', 'unsupported', [debianLike('ID=kali\nVERSION_ID="2026.1"\n', 'kali-rolling')]],
  ['mint', 'unsupported', [debianLike('ID=linuxmint\nVERSION_ID="22"\n', 'trixie/sid')]],
  ['alpine-322', 'full', [alpine('3.22.1')]],
  ['alpine-399', 'unsupported', [alpine('3.99.0')]],
  ['alpine-399-beside-python', 'partial', [alpine('3.99.0'), pythonPackage('Jinja2', '2.11.2')]],
  ['alpine-edge', 'full', [alpine('3.24.0_alpha20260101', repositories('edge'))]],
  ['alpine-edge-repositories-above', 'full', [alpine('3.24.0_alpha20260101'), repositories('edge')]],
  ['alpine-edge-without-repositories', 'unsupported', [alpine('3.24.0_alpha20260101')]],
  ['alpine-399-with-repositories-of-322', 'full', [alpine('3.99.0', repositories('v3.22'))]],
  ['alpine-310-past-its-end', 'eol', [alpine('3.10.9')]],
  ['postmarketos', 'unsupported', [{ ...apkLike('postmarketos', '3.99.0'), 'etc/alpine-release': '3.99.0\n' }]],
  ['wolfi', 'full', [apkLike('wolfi', '20230201', 'usr/lib/apk/db/installed')]],
  ['chainguard', 'full', [apkLike('chainguard', '20230214', 'usr/lib/apk/db/installed')]],
  ['minimos', 'unsupported', [apkLike('minimos', '20241031')]],
  [
    'alma-11',
    'unsupported',
    [rpmLike('ID="almalinux"\nVERSION_ID="11.0"\n', { 'etc/almalinux-release': 'AlmaLinux release 11.0 (X)\n' })],
  ],
  ['rocky-9', 'full', [rocky('9.4')]],
  ['rocky-11', 'unsupported', [rocky('11.0')]],
  ['rocky-11-beside-npm', 'partial', [rocky('11.0'), LODASH]],
  ['oracle-9', 'full', [oracle('9.4')]],
  ['oracle-11', 'unsupported', [oracle('11.0')]],
  ['amazon-2023', 'full', [amazon('2023')]],
  ['amazon-2027', 'eol', [amazon('2027')]],
  ['leap-156-past-its-end', 'eol', [rpmLike('ID="opensuse-leap"\nVERSION_ID="15.6"\n')]],
  ['leap-17', 'unsupported', [rpmLike('ID="opensuse-leap"\nVERSION_ID="17.0"\n')]],
  [
    'tumbleweed',
    'unsupported',
    [rpmLike('NAME="openSUSE Tumbleweed"\nID="opensuse-tumbleweed"\nVERSION_ID="20261101"\n')],
  ],
  ['photon-5', 'full', [rpmLike('NAME="VMware Photon OS"\nID=photon\nVERSION_ID=5.0\n')]],
  ['photon-9', 'unsupported', [rpmLike('NAME="VMware Photon OS"\nID=photon\nVERSION_ID=9.0\n')]],
  ['azure-linux-3', 'full', [rpmLike('NAME="Microsoft Azure Linux"\nID=azurelinux\nVERSION_ID="3.0"\n')]],
  ['azure-linux-9', 'unsupported', [rpmLike('NAME="Microsoft Azure Linux"\nID=azurelinux\nVERSION_ID="9.0"\n')]],
  [
    'centos-stream-9',
    'unsupported',
    [
      rpmLike('NAME="CentOS Stream"\nID="centos"\nVERSION_ID="9"\n', {
        'etc/centos-release': 'CentOS Stream release 9\n',
        'etc/redhat-release': 'CentOS Stream release 9\n',
      }),
    ],
  ],
  ['fedora-43', 'unsupported', [fedora()]],
  ['fedora-43-beside-npm', 'partial', [fedora(), LODASH]],
  [
    'arch',
    'unsupported',
    [{ 'etc/os-release': 'ID=arch\n', 'var/lib/pacman/local/bash-5.2-1/desc': '%NAME%\nbash\n' }],
  ],
];

const ubuntu = (release: string): Tree => ({
  'etc/lsb-release': `DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=${release}\n`,
  ...debianLike(`ID=ubuntu\nVERSION_ID="${release}"\n`, null),
});

const repositories = (release: string): Tree => ({
  'etc/apk/repositories': `https://dl-cdn.alpinelinux.org/alpine/${release}/main\n`,
});

const rocky = (release: string): Tree =>
  rpmLike(`ID="rocky"\nVERSION_ID="${release}"\n`, {
    'etc/rocky-release': `Rocky Linux release ${release} (X)\n`,
    'etc/redhat-release': `Rocky Linux release ${release} (X)\n`,
  });

const oracle = (release: string): Tree =>
  rpmLike(`ID="ol"\nVERSION_ID="${release}"\n`, { 'etc/oracle-release': `Oracle Linux Server release ${release}\n` });

const amazon = (release: string): Tree =>
  rpmLike(`ID="amzn"\nVERSION_ID="${release}"\n`, {
    'etc/system-release': `Amazon Linux release ${release} (Amazon Linux)\n`,
  });

const fedora = (): Tree =>
  rpmLike('NAME="Fedora Linux"\nID=fedora\nVERSION_ID=43\n', {
    'etc/fedora-release': 'Fedora release 43 (Forty Three)\n',
  });

const unknownSystems = (): Described[] => [
  ['dpkg-without-os-release', 'unsupported', [{ [STATUS]: dpkgRecords(DEB_PACKAGES) }]],
  ['dpkg-without-os-release-beside-npm', 'partial', [{ [STATUS]: dpkgRecords(DEB_PACKAGES), ...LODASH }]],
  ['apk-without-os-release-below-npm', 'partial', [{ [APK_DATABASE]: String(alpine()[APK_DATABASE]) }, LODASH]],
  [
    'apk-without-os-release-with-repositories',
    'full',
    [{ [APK_DATABASE]: String(alpine()[APK_DATABASE]), ...repositories('v3.22') }],
  ],
  ['debian-without-packages', 'unsupported', [without(debian(), STATUS)]],
  ['debian-without-packages-beside-npm', 'partial', [without(debian(), STATUS), LODASH]],
  ['distroless-without-debian-version', 'unsupported', [without(distroless(), 'etc/debian_version')]],
  ['nothing-at-all', 'unsupported', [{ 'hello.txt': 'x' }]],
  ['no-layers', 'unsupported', []],
  ['npm-without-a-system', 'full', [LODASH]],
];

const systems = (): Described[] => [
  ['debian', 'full', [debian()]],
  ['distroless', 'full', [distroless()]],
  ['red-hat', 'full', [redHat()]],
  ['red-hat-content-sets-above', 'full', [redHat(), contentSets('rhel-8-for-x86_64-baseos-rpms'), { a: 'b' }, LODASH]],
  ['red-hat-content-sets-third', 'full', [redHat(), { a: 'b' }, contentSets('rhel-8-for-x86_64-appstream-rpms')]],
  [
    'red-hat-two-content-sets',
    'full',
    [
      { ...redHat(RPM_PACKAGES.slice(0, 1)), ...contentSets('rhel-8-for-x86_64-baseos-rpms') },
      redHat(),
      contentSets('special-rpms'),
      LODASH,
    ],
  ],
  [
    'red-hat-content-sets-deleted',
    'full',
    [{ ...redHat(), ...contentSets('special-rpms') }, gone('root/buildinfo'), LODASH],
  ],
  ['red-hat-11', 'unsupported', [redHat11()], FATAL_FOR_TRIVY],
  ['red-hat-11-beside-npm', 'partial', [redHat11(), LODASH], FATAL_FOR_TRIVY],
  ['red-hat-unknown-content-sets', 'partial', [{ ...redHat(), ...contentSets('of-nobody') }, LODASH], FATAL_FOR_TRIVY],
  ['one-system-on-another', 'full', [debian(), alpine()]],
  [
    'dpkg-half-removed',
    'full',
    [
      debian('12.12', {
        [STATUS]: dpkgRecords(DEB_PACKAGES).replace('install ok installed', 'deinstall ok config-files'),
      }),
    ],
  ],
];

const redHat11 = (): Tree =>
  rpmLike('ID="rhel"\nVERSION_ID="11.0"\n', {
    'etc/redhat-release': 'Red Hat Enterprise Linux release 11.0 (X)\n',
  });

/** By itself it ends with an error where it knows none of the repositories. */
const FATAL_FOR_TRIVY: Odd = { plainFlags: ['--pkg-types', 'library'] };

const languages = (): Described[] => [
  ['npm-and-python', 'full', [debian(), LODASH, pythonPackage('Jinja2', '2.11.2')]],
  [
    'python-egg',
    'full',
    [
      debian(),
      { 'opt/e.egg': zipOf({ 'EGG-INFO/PKG-INFO': 'Metadata-Version: 1.1\nName: Jinja2\nVersion: 2.11.2\n' }) },
    ],
  ],
  ['dotnet', 'full', [debian(), { 'app/x.deps.json': dotnet() }]],
  [
    'ruby',
    'full',
    [
      debian(),
      {
        'usr/lib/ruby/gems/3.1.0/specifications/rack-2.0.0.gemspec':
          'Gem::Specification.new do |s|\n  s.name = "rack".freeze\n  s.version = "2.0.0"\nend\n',
      },
    ],
  ],
  ['conda-beside-debian', 'partial', [debian(), conda()]],
  ['conda-alone', 'unsupported', [conda()]],
  ['jar', 'full', [debian(), { 'opt/app.jar': LOG4J }]],
  [
    'jar-replaced',
    'full',
    [
      debian(),
      { 'opt/a.jar': LOG4J },
      { 'opt/a.jar': jarWithPom({ group: 'org.apache.logging.log4j', artifact: 'log4j-core', version: '99.0.0' }) },
    ],
  ],
  ['ghsa', 'full', [debian(), npm('ms', '2.1.3')]],
  [
    'broken-json',
    'full',
    [debian(), { 'app/node_modules/lodash/package.json': '{"name": "lodash", ', ...npm('minimist', '1.2.5') }],
  ],
  ['odd-versions', 'full', [debian(), { ...npm('lodash', ''), ...npm('minimist', 'not-a-version', 'x') }]],
  [
    'odd-paths',
    'full',
    [debian(), { ...npm('lodash', '4.17.11', 'srv/my app#1?x=%41'), ...npm('minimist', '1.2.5', 'srv/día/<b>&"\'') }],
  ],
  ['lock-files', 'full', [debian(), { 'app/poetry.lock': '[[package]]\nname = "jinja2"\nversion = "2.11.2"\n' }]],
];

const conda = (): Tree => ({
  'opt/conda/envs/app/conda-meta/openssl-1.1.1-0.json': JSON.stringify({
    name: 'openssl',
    version: '1.1.1',
    license: 'x',
  }),
});

const dotnet = (): string =>
  JSON.stringify({
    runtimeTarget: { name: '.NETCoreApp,Version=v8.0' },
    targets: {
      '.NETCoreApp,Version=v8.0': { 'Newtonsoft.Json/12.0.1': { runtime: { 'lib/Newtonsoft.Json.dll': {} } } },
    },
    libraries: { 'Newtonsoft.Json/12.0.1': { type: 'package', serviceable: true, sha512: 'x' } },
  });

const oddLayers = async (): Promise<Described[]> => {
  const status = String(debian()[STATUS]);
  const linked = [
    ...Object.entries(without(debian(), STATUS)).map(([name, contents]) => ({ name, contents })),
    { name: 'ostree/objects/aa.file', contents: status },
    { name: STATUS, linkTo: 'ostree/objects/aa.file' },
  ];
  const twice = [
    ...Object.entries(debian()).map(([name, contents]) => ({ name, contents })),
    { name: STATUS, contents: dpkgRecords(DEB_PACKAGES.slice(0, 1)) },
  ];
  const rooted = Object.entries(debian()).map(([name, contents], index) => ({
    name: index % 2 === 0 ? `./${name}` : `/${name}`,
    contents,
  }));
  const program = await goProgram('v0.3.6');
  return [
    ['go-program', 'full', [{ 'usr/bin/app': program }]],
    ['status-is-a-hard-link', 'unsupported', [await tarOfEntries(linked)]],
    ['status-twice-in-a-layer', 'full', [await tarOfEntries(twice)], { refusedBy: ['classic', 'podman'] }],
    ['paths-from-the-root', 'full', [await tarOfEntries(rooted)]],
    ['no-bytes-above-debian', 'full', [debian(), new Uint8Array(1024)]],
    ['repeated-layers', 'full', [debian(), LODASH, {}, LODASH, {}, {}, npm('minimist', '1.2.5')]],
    ['repeated-layer-brings-dpkg-back', 'full', [debian(), { ...gone('var/lib/dpkg'), 'a.txt': 'a' }, debian()]],
    [
      'many-layers',
      'full',
      [
        debian(),
        ...Array.from({ length: 60 }, (_, index): Tree => ({
          [`l/${index}`]: 'x',
          ...(index % 20 === 0 ? npm('lodash', '4.17.11', `app${index}`) : {}),
        })),
      ],
    ],
    ['file-becomes-a-directory', 'full', [debian(), { app: 'x' }, LODASH]],
    ['zstd-layers', 'full', [debian(), npm('minimist', '1.2.5', 'zstd')], { compressions: ['zstd'] }],
    [
      'mixed-layers',
      'full',
      [debian(), npm('minimist', '1.2.5', 'mixed'), { a: 'x' }],
      { compressions: ['none', 'zstd', 'gzip'] },
    ],
    ['no-architecture', 'full', [debian(), LODASH], { architecture: '', os: '' }],
  ];
};
