import { ScannerError } from '@scanner/core';
import { bundleFromJSON } from '@sigstore/bundle';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';

const ISSUER = 'https://token.actions.githubusercontent.com';
const signerOf = (version: string): string =>
  `https://github.com/aquasecurity/trivy/.github/workflows/reusable-release.yaml@refs/tags/v${version}`;

export interface SignedChecksums {
  readonly version: string;
  readonly checksums: Buffer;
  /** A sigstore bundle as JSON. */
  readonly bundle: Buffer;
}

/**
 * Checks that Trivy's own release workflow signed these checksums for that version: certificate chain, certificate
 * transparency, transparency log, signature, issuer and identity.
 *
 * @throws ScannerError `trivy_unverified`
 */
export const verifySignature = ({ version, checksums, bundle }: SignedChecksums, trustedRoot: TrustedRoot): void => {
  const signer = verifyBundle(checksums, bundle, trustedRoot);
  // Sigstore's own policy takes the identity for a pattern and finds it anywhere; only the same identity will do.
  if (signer.identity !== signerOf(version) || signer.issuer !== ISSUER) {
    throw unverified(
      `the checksums of Trivy ${version} are signed by ${JSON.stringify(signer.identity)} (${JSON.stringify(signer.issuer)}), not by its release workflow`,
    );
  }
};

const verifyBundle = (
  checksums: Buffer,
  bundle: Buffer,
  trustedRoot: TrustedRoot,
): { readonly identity: string | null; readonly issuer: string | null } => {
  try {
    const entity = toSignedEntity(bundleFromJSON(JSON.parse(bundle.toString('utf8'))), checksums);
    const { identity } = new Verifier(toTrustMaterial(trustedRoot)).verify(entity);
    return { identity: identity?.subjectAlternativeName ?? null, issuer: identity?.extensions?.issuer ?? null };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unverified(`the signature of the release's checksums does not hold: ${reason}`, cause);
  }
};

const unverified = (message: string, cause?: unknown): ScannerError =>
  new ScannerError(message, {
    code: 'trivy_unverified',
    hint: 'nothing was installed; the release or the way to it may have been tampered with',
    cause,
  });
