import { join } from 'node:path';
import { rm } from 'node:fs/promises';

import { anImage, debianFiles, npmPackage, writeDockerArchive } from '@scanner/testing';
import type { Engine, NamedImage } from '@scanner/testing';

/** Source packages of Debian, on each of which the database has advisories. */
const PACKAGES = [
  ...['apt', 'bash', 'bzip2', 'coreutils', 'curl', 'dash', 'diffutils', 'dpkg', 'findutils', 'gawk'],
  ...['grep', 'gzip', 'hostname', 'less', 'openssl', 'perl', 'sed', 'tar', 'vim', 'wget'],
];

/** Fills an engine with so many images on one base, each with a layer of its own, and returns their references. */
export async function loadFleet(engine: Engine, count: number, workDirectory: string): Promise<readonly string[]> {
  const base = debianFiles(
    '12.12',
    PACKAGES.map((name) => ({ name, version: '1.0-1' })),
  );
  const images: NamedImage[] = [];
  for (let number = 0; number < count; number += 1) {
    const own = { ...npmPackage('lodash', '4.17.11'), 'app/number': String(number) };
    images.push({ references: [referenceOf(number)], image: await anImage({ layers: [base, own] }) });
  }
  const archive = join(workDirectory, 'fleet.tar');
  await writeDockerArchive(archive, images);
  await engine.load(archive);
  await rm(archive);
  return images.flatMap(({ references }) => references);
}

function referenceOf(number: number): string {
  return `registry.example/fleet/service-${String(number).padStart(3, '0')}:1`;
}
