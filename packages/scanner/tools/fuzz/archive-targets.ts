import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { temporaryDirectory } from '@scanner/testing';
import { anyBytes, fuzzTarget, type FuzzTarget, mutatedBytes, oddArchive } from '@scanner/testing/fuzz';
import fc from 'fast-check';

import { ExportProblem } from '../../src/image-export/export-problem.ts';
import { JavaArchives } from '../../src/image-export/java-archives.ts';
import { unpackOciArchive } from '../../src/image-export/oci-archive.ts';
import { readArchive } from '../../src/image-export/read-archive.ts';
import { unpackExport } from '../../src/image-export/unpack-export.ts';

const HEX = 'ab'.repeat(32);
const LAYER = gzipSync(Buffer.from('a layer'.repeat(100)));

const DOCKER_SAVE = {
  [`${HEX}/layer.tar`]: LAYER,
  'config.json': JSON.stringify({ rootfs: { diff_ids: [`sha256:${HEX}`] }, history: [{ created_by: 'COPY a' }] }),
  'manifest.json': JSON.stringify([{ Config: 'config.json', RepoTags: null, Layers: [`${HEX}/layer.tar`] }]),
};
const OCI_LAYOUT = {
  'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
  'index.json': JSON.stringify({ schemaVersion: 2, manifests: [{ digest: `sha256:${HEX}`, size: 10 }] }),
  [`blobs/sha256/${HEX}`]: LAYER,
};
const LAYER_FILES = { 'etc/os-release': 'ID=debian\n', 'app/lib/a.jar': 'PK', [`${'deep/'.repeat(40)}x.war`]: 'PK' };

const MOST_BYTES = 5_000_000;

/** In the pieces that a network makes of it. */
const cutUp = async function* (bytes: Buffer, step: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += step) yield Buffer.from(bytes.subarray(at, at + step));
};

/** What it says is shown to people as it is. */
const isExportProblem = (error: unknown): boolean => error instanceof ExportProblem && !/\p{Cc}/u.test(error.message);

const step = fc.constantFrom(1, 100, 512, 4096, 1_000_000);

const walk = async ({ bytes, step }: { bytes: Buffer; step: number }): Promise<unknown> => {
  const members: unknown[] = [];
  let read = 0;
  for await (const { pieces, ...header } of readArchive(cutUp(bytes, step))) {
    if (members.length % 2 === 0) for await (const piece of pieces()) read += piece.length;
    members.push(header);
  }
  if (read > bytes.length) throw new Error('more was read than there is');
  return members;
};

const unpack = async ({ bytes, step }: { bytes: Buffer; step: number }): Promise<unknown> => {
  await using directory = await temporaryDirectory();
  return await unpackExport(cutUp(bytes, step), {
    directory: directory.path,
    maxBytes: MOST_BYTES,
    passOver: (name) => (name.startsWith('0') ? `sha256:${HEX}` : undefined),
    gunzip: null,
    signal: AbortSignal.timeout(60_000),
  });
};

const maxBytes = (): Promise<number> => Promise.resolve(MOST_BYTES);

const unpackLayout = async (bytes: Buffer): Promise<unknown> => {
  await using directory = await temporaryDirectory();
  const [file, layout] = [join(directory.path, 'archive'), join(directory.path, 'layout')];
  await writeFile(file, bytes);
  await mkdir(layout);
  return await unpackOciArchive(file, { directory: layout, maxBytes, signal: AbortSignal.timeout(60_000) });
};

const lookForJava = ({ bytes, step }: { bytes: Buffer; step: number }): boolean => {
  const [whole, parted] = [new JavaArchives(), new JavaArchives()];
  whole.read(bytes);
  for (let at = 0; at < bytes.length; at += step) parted.read(bytes.subarray(at, at + step));
  if (whole.found !== parted.found) throw new Error('what is found depends on how it was cut');
  return whole.found;
};

const compressed = (archive: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc.oneof(
    archive,
    archive.map((bytes) => gzipSync(bytes)),
    archive.map((bytes) => zstdCompressSync(bytes)),
    archive.chain((bytes) => mutatedBytes([gzipSync(bytes), zstdCompressSync(bytes)])),
  );

export const ARCHIVE_TARGETS: readonly FuzzTarget[] = [
  fuzzTarget({
    name: 'a tar archive',
    inputs: fc.record({ bytes: fc.oneof(oddArchive(LAYER_FILES), anyBytes()), step }),
    read: walk,
    mayThrow: isExportProblem,
  }),
  fuzzTarget({
    name: 'what docker save writes',
    inputs: fc.record({ bytes: oddArchive(DOCKER_SAVE), step }),
    read: unpack,
    mayThrow: isExportProblem,
  }),
  fuzzTarget({
    name: 'an OCI layout in a tar',
    inputs: compressed(oddArchive(OCI_LAYOUT)),
    read: unpackLayout,
    mayThrow: isExportProblem,
  }),
  fuzzTarget({
    name: 'Java archives in a layer',
    inputs: fc.record({ bytes: fc.oneof(oddArchive(LAYER_FILES), anyBytes()), step }),
    read: lookForJava,
  }),
];
