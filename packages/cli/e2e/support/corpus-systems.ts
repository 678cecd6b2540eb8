import { alpineFiles, debianFiles, type SystemPackage, type Tree } from '@scanner/testing';

/** Files of the systems that the corpus is made of, each with a few packages. */

const APK_PACKAGES: readonly SystemPackage[] = [
  { name: 'busybox', version: '1.37.0-r30' },
  { name: 'libcrypto3', version: '3.5.4-r0', source: 'openssl' },
  { name: 'musl', version: '1.2.5-r21' },
];

export const DEB_PACKAGES: readonly SystemPackage[] = [
  { name: 'bash', version: '5.2.15-2+b9' },
  { name: 'libc6', version: '2.36-9+deb12u13', source: 'glibc' },
  { name: 'libssl3', version: '3.0.17-1~deb12u3', source: 'openssl' },
  { name: 'tar', version: '1.34+dfsg-1.2+deb12u1' },
];

export const STATUS = 'var/lib/dpkg/status';
export const APK_DATABASE = 'lib/apk/db/installed';
export const RPM_LIST = 'var/lib/rpmmanifest/container-manifest-2';

export const alpine = (release = '3.23.2', more: Tree = {}): Tree => ({
  ...alpineFiles(release, APK_PACKAGES),
  ...more,
});

export const debian = (release = '12.12', more: Tree = {}): Tree => ({
  ...debianFiles(release, DEB_PACKAGES),
  ...more,
});

/** Records of dpkg, as `debian` has them in its status file. */
export const dpkgRecords = (packages: readonly SystemPackage[]): string => String(debianFiles('12', packages)[STATUS]);

/** Without files: as a layer has them that holds nothing else of the system. */
export const without = (files: Tree, ...paths: readonly string[]): Tree =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !paths.includes(path)));

export const debianLike = (osRelease: string, debianVersion: string | null): Tree => ({
  ...without(debian(), 'etc/debian_version'),
  ...(debianVersion === null ? {} : { 'etc/debian_version': `${debianVersion}\n` }),
  'etc/os-release': osRelease,
});

/** Of a distribution that says what it is in `os-release` alone. */
export const apkLike = (id: string, release: string, database = APK_DATABASE): Tree => ({
  'etc/os-release': `NAME="${id}"\nID=${id}\nVERSION_ID=${release}\n`,
  [database]: String(alpine()[APK_DATABASE]),
});

/** With a list of RPM packages in place of a database. */
export const rpmLike = (osRelease: string, files: Tree = {}, packages: readonly RpmListed[] = RPM_PACKAGES): Tree => ({
  ...files,
  'etc/os-release': osRelease,
  [RPM_LIST]: packages.map(rpmLine).join(''),
});

export interface RpmListed {
  readonly name: string;
  readonly version: string;
  readonly source: string;
}

export const RPM_PACKAGES: readonly RpmListed[] = [
  { name: 'openssl-libs', version: '1.1.1k-14.el8_10', source: 'openssl' },
  { name: 'bash', version: '4.4.20-6.el8_10', source: 'bash' },
];

const rpmLine = ({ name, version, source }: RpmListed): string =>
  `${[name, version, '1767225600', '1767225600', 'Made by hand', '(none)', '4096', 'x86_64', '0', `${source}-${version}.src.rpm`].join('\t')}\n`;

export const redHat = (packages: readonly RpmListed[] = RPM_PACKAGES): Tree =>
  rpmLike(
    'ID="rhel"\nVERSION_ID="8.10"\n',
    { 'etc/redhat-release': 'Red Hat Enterprise Linux release 8.10 (Ootpa)\n' },
    packages,
  );

/** Which of Red Hat's repositories a layer was built from. */
export const contentSets = (...sets: readonly string[]): Tree => ({
  'root/buildinfo/content_manifests/image.json': JSON.stringify({ content_sets: sets, metadata: {} }),
});
