const TAG = /^\w[\w.-]{0,127}$/;
const ARTIFACT = /^sha256-[0-9a-f]{64}(?:$|[.-])|\.(?:sig|att|sbom|cosign)$/;

/** Whether the grammar of references allows the tag; what is not cannot be asked of any registry. */
export const isTagName = (tag: string): boolean => TAG.test(tag);

/** Whether the tag names a signature, an attestation or an SBOM that lies beside an image. */
export const isArtifactTag = (tag: string): boolean => ARTIFACT.test(tag);

/** Whether the tag can be asked for, and may name an image. */
export const isImageTag = (tag: string): boolean => isTagName(tag) && !isArtifactTag(tag);
