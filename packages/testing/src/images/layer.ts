import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';

import { pack } from 'tar-stream';

/** Files of a layer: path without a leading slash, such as `etc/os-release`, to contents. */
export type Tree = Readonly<Record<string, string | Uint8Array>>;

/** One layer, uncompressed. */
export interface Layer {
  /** `sha256:…` of the tar. */
  readonly diffId: string;
  readonly tar: Uint8Array;
}

/** Time of every file and image that is made here, so that the same description gives the same bytes. */
export const MADE_AT = new Date('2026-01-01T00:00:00Z');

/** A layer with these files and the directories above them, or with exactly these bytes, be they a tar or not. */
export async function aLayer(contents: Tree | Uint8Array): Promise<Layer> {
  const tar = contents instanceof Uint8Array ? contents : await tarOf(contents);
  return { diffId: sha256(tar), tar };
}

/** A tar with these files, sorted by name, and the directories above them. Files in a `bin` directory are executable. */
export async function tarOf(files: Tree): Promise<Buffer> {
  const archive = pack();
  const written = buffer(archive);
  for (const directory of directoriesAbove(Object.keys(files))) {
    archive.entry({ name: `${directory}/`, type: 'directory', mode: 0o755, mtime: MADE_AT });
  }
  for (const name of Object.keys(files).toSorted()) {
    archive.entry({ name, mode: modeOf(name), mtime: MADE_AT }, Buffer.from(files[name] ?? ''));
  }
  archive.finalize();
  return written;
}

/** An entry of a tar as it stands, be it odd or not. */
export interface TarEntry {
  readonly name: string;
  readonly contents?: string | Uint8Array;
  /** Makes it a link to that name in place of a file. */
  readonly linkTo?: string;
  readonly link?: 'hard' | 'symbolic';
}

/** A tar with exactly these entries, in their order. */
export async function tarOfEntries(entries: readonly TarEntry[]): Promise<Buffer> {
  const archive = pack();
  const written = buffer(archive);
  for (const { name, contents = '', linkTo, link = 'hard' } of entries) {
    const common = { name, mode: modeOf(name), mtime: MADE_AT };
    if (linkTo === undefined) archive.entry(common, Buffer.from(contents));
    else archive.entry({ ...common, type: link === 'hard' ? 'link' : 'symlink', linkname: linkTo });
  }
  archive.finalize();
  return written;
}

/** `sha256:` and the digest in hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Programs are what lies in a `bin` directory. */
function modeOf(name: string): number {
  return name.split('/').includes('bin') ? 0o755 : 0o644;
}

function directoriesAbove(paths: readonly string[]): string[] {
  const directories = paths.flatMap((path) => {
    const names = path.split('/').slice(0, -1);
    return names.map((_, depth) => names.slice(0, depth + 1).join('/'));
  });
  return [...new Set(directories)].toSorted();
}
