import { anImage } from './image.ts';
import type { BuiltImage } from './image.ts';
import type { Tree } from './layer.ts';
import {
  almaLinuxFiles,
  alpineFiles,
  debianFiles,
  jarWithPom,
  namelessJar,
  npmPackage,
  pythonPackage,
} from './package-databases.ts';
import { pauseProgram } from './pause-program.ts';

/** What Trivy finds with the first generation of the small database. */
export interface KnownFinding {
  readonly id: string;
  readonly package: string;
  readonly version: string;
}

/** A small image made by hand, and the truth about it. */
export interface CatalogImage {
  readonly image: BuiltImage;
  readonly findings: readonly KnownFinding[];
}

/** Package names that would do harm where they reached a terminal, a web page or a spreadsheet unescaped. */
export const HOSTILE_PACKAGE_NAMES = [
  "=cmd|'/C calc'!A0",
  '<img-src=x-onerror=alert(1)>',
  '\u001B[31mred\u001B[0m',
] as const;

const ALPINE = alpineFiles('3.23.2', [
  { name: 'busybox', version: '1.37.0-r30' },
  { name: 'libcrypto3', version: '3.5.4-r0', source: 'openssl' },
  { name: 'libssl3', version: '3.5.4-r0', source: 'openssl' },
  { name: 'musl', version: '1.2.5-r21' },
  { name: 'zlib', version: '1.3.1-r2' },
]);

const ALPINE_FINDINGS = [
  found('CVE-2099-2001', 'busybox', '1.37.0-r30'),
  found('CVE-2099-2002', 'libcrypto3', '3.5.4-r0'),
  found('CVE-2099-2002', 'libssl3', '3.5.4-r0'),
  found('CVE-2099-2003', 'libcrypto3', '3.5.4-r0'),
  found('CVE-2099-2003', 'libssl3', '3.5.4-r0'),
  found('CVE-2099-2004', 'zlib', '1.3.1-r2'),
];

const DEBIAN = debianFiles('12.12', [
  { name: 'bash', version: '5.2.15-2+b9' },
  { name: 'coreutils', version: '9.1-1' },
  { name: 'libc6', version: '2.36-9+deb12u13', source: 'glibc' },
  { name: 'libssl3', version: '3.0.17-1~deb12u3', source: 'openssl' },
  { name: 'tar', version: '1.34+dfsg-1.2+deb12u1' },
  { name: 'zlib1g', version: '1:1.2.13.dfsg-1', source: 'zlib' },
]);

const DEBIAN_FINDINGS = [
  found('CVE-2099-1001', 'bash', '5.2.15-2+b9'),
  found('CVE-2099-1002', 'coreutils', '9.1-1'),
  found('CVE-2099-1003', 'libc6', '2.36-9+deb12u13'),
  found('CVE-2099-1004', 'libc6', '2.36-9+deb12u13'),
  found('CVE-2099-1005', 'libssl3', '3.0.17-1~deb12u3'),
  found('CVE-2099-1006', 'libssl3', '3.0.17-1~deb12u3'),
  found('CVE-2099-1008', 'tar', '1.34+dfsg-1.2+deb12u1'),
];

/** What a container of an image can run. */
const PAUSE: Tree = { 'bin/pause': pauseProgram() };

/** An Alpine image of one layer: the base of others. */
export function alpineImage(): Promise<CatalogImage> {
  return catalogImage([ALPINE], ALPINE_FINDINGS);
}

/** Vulnerable npm packages above the Alpine base. Its containers can run `/bin/pause`. */
export function nodeImage(): Promise<CatalogImage> {
  const packages = {
    ...npmPackage('lodash', '4.17.11'),
    ...npmPackage('minimist', '1.2.5'),
    ...npmPackage('ms', '2.1.3'),
    ...PAUSE,
  };
  return catalogImage(
    [ALPINE, packages],
    [
      ...ALPINE_FINDINGS,
      found('CVE-2019-10744', 'lodash', '4.17.11'),
      found('CVE-2021-23337', 'lodash', '4.17.11'),
      found('CVE-2021-44906', 'minimist', '1.2.5'),
    ],
  );
}

/** A newer build of the npm image: the same Alpine base, one package mended. */
export function mendedNodeImage(): Promise<CatalogImage> {
  const packages = { ...npmPackage('lodash', '4.17.21'), ...npmPackage('minimist', '1.2.5') };
  return catalogImage([ALPINE, packages], [...ALPINE_FINDINGS, found('CVE-2021-44906', 'minimist', '1.2.5')]);
}

/** A Debian image of one layer with a few packages: the base of others. */
export function smallDebianImage(): Promise<CatalogImage> {
  return catalogImage([DEBIAN], DEBIAN_FINDINGS);
}

/** Vulnerable Python packages above the Debian base. Its containers can run `/bin/pause`. */
export function pythonImage(): Promise<CatalogImage> {
  return catalogImage(
    [DEBIAN, { ...pythonPackage('Jinja2', '2.11.2'), ...PAUSE }],
    [...DEBIAN_FINDINGS, found('CVE-2020-28493', 'Jinja2', '2.11.2'), found('CVE-2024-22195', 'Jinja2', '2.11.2')],
  );
}

/** Two jars above the Debian base: one names itself, the other is known only by the Java database. */
export function jarImage(): Promise<CatalogImage> {
  const log4j = { group: 'org.apache.logging.log4j', artifact: 'log4j-core', version: '2.14.1' };
  return catalogImage(
    [DEBIAN, { 'opt/billing/log4j-core.jar': jarWithPom(log4j), 'opt/billing/thing.jar': namelessJar() }],
    [
      ...DEBIAN_FINDINGS,
      found('CVE-2021-44228', 'org.apache.logging.log4j:log4j-core', '2.14.1'),
      found('CVE-2099-4001', 'org.example:nameless', '1.0.0'),
    ],
  );
}

/** An AlmaLinux image. */
export function almaLinuxImage(): Promise<CatalogImage> {
  const packages = [
    { name: 'bash', version: '4.4.20-6.el8_10' },
    { name: 'openssl-libs', version: '1.1.1k-14.el8_10', source: 'openssl' },
  ];
  return catalogImage([almaLinuxFiles('8.10', packages)], [found('CVE-2099-3001', 'openssl-libs', '1.1.1k-14.el8_10')]);
}

/** An image without an operating system and without packages. */
export function scratchImage(): Promise<CatalogImage> {
  return catalogImage([{ 'hello.txt': 'hello\n' }], []);
}

/** An Alpine release whose support has ended. */
export function endOfLifeImage(): Promise<CatalogImage> {
  return catalogImage(
    [alpineFiles('3.10.9', [{ name: 'musl', version: '1.1.22-r4' }])],
    [found('CVE-2099-2009', 'musl', '1.1.22-r4')],
  );
}

/** A distribution that Trivy does not know advisories for. */
export function unsupportedImage(): Promise<CatalogImage> {
  const release = 'Fedora release 43 (Forty Three)\n';
  const files = { 'etc/os-release': 'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=43\n', 'etc/fedora-release': release };
  return catalogImage([files], []);
}

/** Packages with {@link HOSTILE_PACKAGE_NAMES}, and advisories with titles of the same kind. */
export function hostileImage(): Promise<CatalogImage> {
  const version = '1.0.0-r0';
  const [formula, markup, escapeCode] = HOSTILE_PACKAGE_NAMES;
  return catalogImage(
    [
      alpineFiles(
        '3.23.2',
        HOSTILE_PACKAGE_NAMES.map((name) => ({ name, version })),
      ),
    ],
    [
      found('CVE-2099-2006', formula, version),
      found('CVE-2099-2007', markup, version),
      found('CVE-2099-2008', escapeCode, version),
    ],
  );
}

/** An Alpine base under a layer that is no tar: no engine takes it, `trivy image --input` stumbles over it. */
export function corruptLayerImage(): Promise<BuiltImage> {
  return anImage({ layers: [ALPINE, Buffer.alloc(2048, 'this is no tar. ')] });
}

/** The Alpine base for another processor. */
export function alpineImageFor(architecture: string): Promise<BuiltImage> {
  return anImage({ layers: [ALPINE], architecture });
}

async function catalogImage(layers: readonly Tree[], findings: readonly KnownFinding[]): Promise<CatalogImage> {
  return { image: await anImage({ layers }), findings };
}

function found(id: string, name: string, version: string): KnownFinding {
  return { id, package: name, version };
}
