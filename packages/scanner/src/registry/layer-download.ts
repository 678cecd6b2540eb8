import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { GunzipProgram } from '../image-export/gunzip-program.ts';
import type { LayerFile } from '../image-export/layer-layout.ts';
import { LayerReading } from '../image-export/layer-reading.ts';
import { spoolEntry } from '../image-export/spool-entry.ts';
import type { SpoolBudget } from '../image-export/spool-entry.ts';
import type { WriteWatch } from '../image-export/write-watch.ts';
import type { RegistryLayer } from './image-manifest.ts';
import { UnusableAnswer } from './registry-client.ts';

/** What came is whole, and is not the layer that its image states: no engine would run it. */
export class OtherLayer extends Error {}

/** What a layer is written by. */
export interface DownloadMeans {
  readonly disk: Pick<SpoolBudget, 'spend'>;
  /** Inflates large layers; null where there is none. */
  readonly gunzip: GunzipProgram | null;
}

/** What arrives while a piece is being inflated is the next piece. */
const READ_AHEAD = 1024 * 1024;

/**
 * Writes a layer into a file, inflated, and checks what it holds, which is what its image states and what analyses are kept
 * under for all images: a registry could otherwise put something else in the place of a layer that many share. That it is what
 * was asked for is checked too, since what its digest stands for is remembered.
 *
 * @throws OtherLayer; UnusableAnswer for more or less than was announced; ExportProblem `over_budget`; what reading,
 *   inflating and writing throw
 */
export const downloadLayer = async (
  stream: Readable,
  layer: RegistryLayer,
  file: string,
  { disk, gunzip }: DownloadMeans,
): Promise<LayerFile> => {
  const inflated = new LayerReading();
  const arrived = createHash('sha256');
  const arriving = checked(layer.size, arrived);
  const read = pipeline(stream, arriving);
  // Who reads what arrives hears of it.
  read.catch(() => {});
  try {
    const watch: WriteWatch = {
      spend: (written) => disk.spend(written),
      read: (piece) => inflated.read(piece),
    };
    const bytes = await spoolEntry(arriving, file, { bytes: layer.size, watch, gunzip });
    const { contentId, holdsJava } = inflated.finish();
    if (contentId !== layer.diffId)
      throw new OtherLayer(`its layer ${layer.digest} is not the one that it states (${layer.diffId})`);
    if (`sha256:${arrived.digest('hex')}` !== layer.digest)
      throw new UnusableAnswer('sends another layer than was asked for');
    return { diffId: layer.diffId, createdBy: layer.createdBy, file: { path: file, bytes }, holdsJava };
  } finally {
    arriving.destroy();
  }
};

/** Passes on so many bytes, neither more nor less. */
const checked = (size: number, hash: Hash): Transform => {
  let left = size;
  return new Transform({
    highWaterMark: READ_AHEAD,
    transform(piece: Buffer, _, done) {
      left -= piece.length;
      if (left < 0) {
        done(new UnusableAnswer('sends more than a layer has'));
        return;
      }
      hash.update(piece);
      done(null, piece);
    },
    flush(done) {
      done(left > 0 ? new UnusableAnswer('sends less than a layer has') : null);
    },
  });
};
