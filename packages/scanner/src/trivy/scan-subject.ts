import { stat, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { parseReference, registryOf } from '@scanner/core';
import type { Failure, ScanSubject } from '@scanner/core';

import { shareOfFree, SHARE_OF_DISK } from '../image-export/disk-share.ts';
import { unpackOciArchive } from '../image-export/oci-archive.ts';

/** Why Trivy is not even asked; null when it may be. */
export const refuseSubject = (subject: ScanSubject): Failure | null => {
  if (subject.platform !== undefined && !/^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?$/i.test(subject.platform))
    return { code: 'no_such_platform', message: 'a platform is written as os/architecture[/variant]' };
  if (subject.source === 'archive')
    return subject.path.includes('\0') ? { code: 'not_found', message: 'there is no such archive' } : null;
  const name = subject.source === 'docker' ? subject.id : subject.reference;
  if (subject.source === 'docker' && /^(?:sha256:)?[0-9a-f]{64}$/.test(name)) return null;
  const parsed = parseReference(name);
  return parsed.ok ? null : { code: 'bad_reference', message: parsed.problem };
};

/** The registry that a subject is got from; null when it is none. */
export const registryOfSubject = (subject: ScanSubject): string | null => {
  if (subject.source !== 'remote') return null;
  const parsed = parseReference(subject.reference);
  return parsed.ok ? registryOf(parsed.reference) : null;
};

/**
 * An archive as Trivy can take it: it runs in another directory, and takes what follows `@` or `:` in the path of an
 * OCI layout for a name inside it. Such a directory gets a link without. A layout in a tar is unpacked, since Trivy
 * reads none.
 *
 * @throws ExportProblem where it is damaged, or larger than a share of the disk
 */
export const reachableSubject = async (
  subject: ScanSubject,
  directory: string,
  signal: AbortSignal,
): Promise<ScanSubject> => {
  if (subject.source !== 'archive') return subject;
  const path = resolve(subject.path);
  const found = await stat(path).catch(() => null);
  const layout = join(directory, 'layout');
  if (found?.isDirectory() === true && /[@:]/.test(path)) {
    await symlink(path, layout);
    return { ...subject, path: layout };
  }
  const maxBytes = (): Promise<number> => shareOfFree(directory, SHARE_OF_DISK);
  const isUnpacked =
    found?.isFile() === true && (await unpackOciArchive(path, { directory: layout, maxBytes, signal }));
  return { ...subject, path: isUnpacked ? layout : path };
};
