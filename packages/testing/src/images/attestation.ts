import type { Descriptor, PutBlob } from './descriptor.ts';
import { OCI_CONFIG, OCI_MANIFEST } from './oci-media-types.ts';

const IN_TOTO = 'application/vnd.in-toto+json';
const SLSA_PROVENANCE = 'https://slsa.dev/provenance/v1';

/** Stores the manifest that carries an image's provenance, as BuildKit attaches it to an index. */
export async function attestationOf(image: Descriptor, put: PutBlob): Promise<Descriptor> {
  const statement = await put(IN_TOTO, Buffer.from(JSON.stringify(statementOn(image))));
  const config = await put(OCI_CONFIG, Buffer.from(JSON.stringify(configOf(statement))));
  const layers = [{ ...statement, annotations: { 'in-toto.io/predicate-type': SLSA_PROVENANCE } }];
  const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers };
  return {
    ...(await put(OCI_MANIFEST, Buffer.from(JSON.stringify(manifest)))),
    platform: { architecture: 'unknown', os: 'unknown' },
    annotations: {
      'vnd.docker.reference.digest': image.digest,
      'vnd.docker.reference.type': 'attestation-manifest',
    },
  };
}

function statementOn(image: Descriptor): object {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: SLSA_PROVENANCE,
    subject: [{ name: 'image', digest: { sha256: image.digest.slice('sha256:'.length) } }],
    predicate: { buildDefinition: { buildType: 'https://registry.example/hand-made' } },
  };
}

function configOf(statement: Descriptor): object {
  return {
    architecture: 'unknown',
    os: 'unknown',
    config: {},
    rootfs: { type: 'layers', diff_ids: [statement.digest] },
  };
}
