import { join } from 'node:path';

import type { Engine } from '../engines/engine.ts';
import type { Registry } from '../registry/registry.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import type { BuiltImage } from './image.ts';
import { writeOciLayout } from './oci-layout.ts';

/**
 * Publishes an image in a registry and lets an engine pull it by its digest, so that the engine knows it by that alone.
 * Returns the reference, `HOST/REPOSITORY@sha256:…`. Podman must have been told that the registry speaks plain HTTP.
 */
export async function pullByDigest(
  engine: Engine,
  registry: Registry,
  repository: string,
  image: BuiltImage,
): Promise<string> {
  await using directory = await temporaryDirectory();
  const layout = join(directory.path, 'layout');
  const named = `${repository}:latest`;
  const { digest } = await writeOciLayout(layout, { reference: named, platforms: [image] });
  await registry.pushOci(layout, named);
  const reference = `${registry.host}/${repository}@${digest}`;
  await engine.docker(['pull', '--quiet', reference]);
  return reference;
}
