import type { Tree } from './layer.ts';
import { zipOf } from './zip.ts';

/** A package of a distribution. */
export interface SystemPackage {
  readonly name: string;
  readonly version: string;
  /** Source package, which advisories name; the package's own name unless told. */
  readonly source?: string;
}

/** Alpine's release files and its database of installed packages. */
export function alpineFiles(release: string, packages: readonly SystemPackage[]): Tree {
  return {
    'etc/alpine-release': `${release}\n`,
    'etc/os-release': `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${release}\nPRETTY_NAME="Alpine Linux v${release}"\n`,
    'lib/apk/db/installed': packages.map(apkRecord).join(''),
  };
}

function apkRecord({ name, version, source }: SystemPackage): string {
  const fields = [
    'C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    `P:${name}`,
    `V:${version}`,
    'A:x86_64',
    'S:4096',
    'I:8192',
    'T:A package made by hand',
    'U:https://registry.example/',
    'L:MIT',
    `o:${source ?? name}`,
  ];
  return `${fields.join('\n')}\n\n`;
}

/** Debian's release files and dpkg's database. */
export function debianFiles(release: string, packages: readonly SystemPackage[]): Tree {
  return {
    'etc/debian_version': `${release}\n`,
    'etc/os-release': `PRETTY_NAME="Debian GNU/Linux ${release}"\nNAME="Debian GNU/Linux"\nVERSION_ID="${release}"\nID=debian\n`,
    'var/lib/dpkg/status': packages.map(dpkgRecord).join('\n'),
  };
}

function dpkgRecord({ name, version, source }: SystemPackage): string {
  const fields = [
    `Package: ${name}`,
    'Status: install ok installed',
    'Priority: required',
    'Section: base',
    'Maintainer: A Maintainer <maintainer@registry.example>',
    'Architecture: amd64',
    ...(source === undefined ? [] : [`Source: ${source}`]),
    `Version: ${version}`,
    'Description: a package made by hand',
  ];
  return `${fields.join('\n')}\n`;
}

/** AlmaLinux's release files and the plain list of RPM packages that images without an RPM database carry. */
export function almaLinuxFiles(release: string, packages: readonly SystemPackage[]): Tree {
  return {
    'etc/almalinux-release': `AlmaLinux release ${release} (Sapphire Caracal)\n`,
    'etc/os-release': `NAME="AlmaLinux"\nVERSION_ID="${release}"\nID="almalinux"\n`,
    'var/lib/rpmmanifest/container-manifest-2': packages.map(rpmLine).join(''),
  };
}

function rpmLine({ name, version, source }: SystemPackage): string {
  const sourceFile = `${source ?? name}-${version}.src.rpm`;
  const fields = [name, version, '1767225600', '1767225600', 'AlmaLinux', '(none)', '4096', 'x86_64', '0', sourceFile];
  return `${fields.join('\t')}\n`;
}

/** A package as npm installs it for an application in `/app`. */
export function npmPackage(name: string, version: string): Tree {
  return { [`app/node_modules/${name}/package.json`]: JSON.stringify({ name, version, license: 'MIT' }) };
}

/** A package as pip installs it. */
export function pythonPackage(name: string, version: string): Tree {
  const directory = `usr/lib/python3/dist-packages/${name}-${version}.dist-info`;
  return { [`${directory}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nLicense: MIT\n` };
}

/** A Maven artifact. */
export interface MavenArtifact {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

/** A jar that names its own artifact. */
export function jarWithPom({ group, artifact, version }: MavenArtifact): Uint8Array {
  return zipOf({
    'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\r\n\r\n',
    [`META-INF/maven/${group}/${artifact}/pom.properties`]: `groupId=${group}\nartifactId=${artifact}\nversion=${version}\n`,
  });
}

/** A jar that says nothing about itself: only the index of digests in Trivy's Java database tells what it is. */
export function namelessJar(): Uint8Array {
  return zipOf({ 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\r\n\r\n', 'org/example/Nameless.txt': 'nameless' });
}
