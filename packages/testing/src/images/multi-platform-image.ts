import { join } from 'node:path';

import type { Engine } from '../engines/engine.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { alpineImageFor } from './catalog.ts';
import { writeOciArchive, writeOciLayout } from './oci-layout.ts';
import type { OciDigests } from './oci-layout.ts';

/**
 * Loads an index of the Alpine image for `amd64` and `arm64`, with an attestation for each, under a reference. Only the
 * current engine keeps all of it; Podman takes the platform of this machine, the classic engine refuses.
 */
export async function loadMultiPlatformImage(engine: Engine, reference: string): Promise<OciDigests> {
  await using directory = await temporaryDirectory();
  const layout = join(directory.path, 'layout');
  const archive = join(directory.path, 'layout.tar');
  const platforms = [await alpineImageFor('amd64'), await alpineImageFor('arm64')];
  const digests = await writeOciLayout(layout, { reference, platforms, attestations: true });
  await writeOciArchive(archive, layout);
  await engine.load(archive);
  return digests;
}
