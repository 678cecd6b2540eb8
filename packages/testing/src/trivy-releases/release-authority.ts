import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import { initializeCA, initializeCTLog, initializeTLog } from '@sigstore/mock';
import { TrustedRoot } from '@sigstore/protobuf-specs';

const TRIVY_ISSUER = 'https://token.actions.githubusercontent.com';
const ISSUER_EXTENSIONS = ['1.3.6.1.4.1.57264.1.1', '1.3.6.1.4.1.57264.1.8'] as const;

export interface SigningIdentity {
  readonly identity: string;
  readonly issuer: string;
}

/** A sigstore instance of its own: certificate authority, certificate log and transparency log. */
export interface ReleaseAuthority {
  /** What verifies its signatures. */
  readonly trustedRoot: TrustedRoot;
  /** Signs as that identity would in its workflow; gives a bundle as JSON. */
  sign(content: Buffer, as: SigningIdentity): Promise<string>;
}

/** Who signs a genuine release of that version. */
export const genuineSigner = (version: string): SigningIdentity => ({
  identity: `https://github.com/aquasecurity/trivy/.github/workflows/reusable-release.yaml@refs/tags/v${version}`,
  issuer: TRIVY_ISSUER,
});

/** Makes one with new keys, so that no two trust each other. */
export const createReleaseAuthority = async (): Promise<ReleaseAuthority> => {
  const certificateLog = await initializeCTLog(newKeys());
  const authority = await initializeCA(newKeys('P-384'), certificateLog);
  const transparencyLog = await initializeTLog('https://rekor.test', newKeys());

  const issue = async (publicKey: KeyObject, { identity, issuer }: SigningIdentity): Promise<Buffer> => {
    const [legacy, current] = ISSUER_EXTENSIONS;
    const certificate = await authority.issueCertificate({
      publicKey: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
      subjectAltName: identity,
      extensions: [
        { oid: legacy, value: issuer, legacy: true },
        { oid: current, value: issuer },
      ],
    });
    return bytesOf(certificate);
  };

  return {
    trustedRoot: TrustedRoot.fromJSON({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      certificateAuthorities: [
        {
          certChain: { certificates: [{ rawBytes: bytesOf(authority.rootCertificate).toString('base64') }] },
          validFor: { start: '1970-01-01T00:00:00Z' },
        },
      ],
      tlogs: [describeLog('https://rekor.test', transparencyLog.publicKey)],
      ctlogs: [describeLog('https://ctfe.test', certificateLog.publicKey)],
      timestampAuthorities: [],
    }),

    async sign(content, as) {
      const { publicKey, privateKey } = newKeys();
      const certificate = await issue(publicKey, as);
      const signature = sign('sha256', content, privateKey).toString('base64');
      const digest = createHash('sha256').update(content).digest();
      const logged = await transparencyLog.log({
        kind: 'hashedrekord',
        apiVersion: '0.0.1',
        spec: {
          data: { hash: { algorithm: 'sha256', value: digest.toString('hex') } },
          signature: { content: signature, publicKey: { content: toPem(certificate).toString('base64') } },
        },
      });
      return JSON.stringify({
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        verificationMaterial: {
          certificate: { rawBytes: certificate.toString('base64') },
          tlogEntries: Object.values(logged).map(describeEntry),
        },
        messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest: digest.toString('base64') }, signature },
      });
    },
  };
};

type LogEntry = Awaited<ReturnType<Awaited<ReturnType<typeof initializeTLog>>['log']>>[string];

const describeEntry = ({ body, integratedTime, logID, logIndex, verification }: LogEntry) => {
  const proof = verification?.inclusionProof;
  return {
    logIndex: String(logIndex),
    logId: { keyId: Buffer.from(logID, 'hex').toString('base64') },
    kindVersion: { kind: 'hashedrekord', version: '0.0.1' },
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp: verification?.signedEntryTimestamp },
    inclusionProof: proof && {
      logIndex: String(proof.logIndex),
      rootHash: Buffer.from(proof.rootHash, 'hex').toString('base64'),
      treeSize: String(proof.treeSize),
      hashes: [],
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: body,
  };
};

const describeLog = (baseUrl: string, publicKey: Buffer) => ({
  baseUrl,
  hashAlgorithm: 'SHA2_256',
  publicKey: {
    rawBytes: publicKey.toString('base64'),
    keyDetails: 'PKIX_ECDSA_P256_SHA_256',
    validFor: { start: '1970-01-01T00:00:00Z' },
  },
  logId: { keyId: createHash('sha256').update(publicKey).digest('base64') },
});

const newKeys = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve });

const bytesOf = (view: ArrayBufferView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength);

const toPem = (certificate: Buffer): Buffer =>
  Buffer.from(`-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`);
