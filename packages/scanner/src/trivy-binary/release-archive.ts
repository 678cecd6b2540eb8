import { ScannerError } from '@scanner/core';

export const OFFICIAL_RELEASES_URL = 'https://github.com/aquasecurity/trivy/releases/download';

const PLATFORM_NAMES: Readonly<Record<string, string>> = {
  'linux/x64': 'Linux-64bit',
  'linux/arm64': 'Linux-ARM64',
  'linux/arm': 'Linux-ARM',
  'linux/ia32': 'Linux-32bit',
  'linux/ppc64': 'Linux-PPC64LE',
  'linux/s390x': 'Linux-s390x',
  'darwin/x64': 'macOS-64bit',
  'darwin/arm64': 'macOS-ARM64',
  'freebsd/x64': 'FreeBSD-64bit',
};

/** The files of one release that are needed for one machine. */
export interface ReleaseFiles {
  readonly archive: string;
  readonly checksums: string;
  /** The sigstore bundle that signs the checksums. */
  readonly bundle: string;
}

/**
 * @param platform as Node calls it, e.g. `linux`
 * @param arch as Node calls it, e.g. `x64`
 * @throws ScannerError `trivy_missing` when no release is made for that machine
 */
export const nameReleaseFiles = (version: string, platform: string, arch: string): ReleaseFiles => {
  const name = PLATFORM_NAMES[`${platform}/${arch}`];
  if (name === undefined) {
    throw new ScannerError(`Trivy has no release for ${platform}/${arch} that can be installed`, {
      code: 'trivy_missing',
      hint: 'install Trivy by other means and name its path',
    });
  }
  const checksums = `trivy_${version}_checksums.txt`;
  return { archive: `trivy_${version}_${name}.tar.gz`, checksums, bundle: `${checksums}.sigstore.json` };
};

/**
 * The SHA-256 that a checksum file states for one file, in lower-case hexadecimal.
 *
 * @throws ScannerError `trivy_unverified` when it states none, or several that differ
 */
export const readChecksum = (checksums: string, file: string): string => {
  const stated = new Set<string>();
  for (const line of checksums.split('\n')) {
    const match = /^([0-9a-f]{64}) [ *](\S+)$/iv.exec(line.trimEnd());
    if (match?.[1] !== undefined && match[2] === file) stated.add(match[1].toLowerCase());
  }
  const [checksum, ...others] = stated;
  if (checksum === undefined || others.length > 0) {
    throw new ScannerError(
      checksum === undefined
        ? `the release's checksums do not name ${file}`
        : `the release's checksums name ${file} more than once, differently`,
      { code: 'trivy_unverified', hint: 'nothing was installed; check the release before trying again' },
    );
  }
  return checksum;
};
