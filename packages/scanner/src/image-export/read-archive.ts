import { decodeHeader, readPaxRecords } from './archive-header.ts';
import type { MemberHeader } from './archive-header.ts';
import { ExportProblem } from './export-problem.ts';

/** One entry of a tar archive. */
export interface ArchiveMember extends Omit<MemberHeader, 'isExtension'> {
  /** What it holds, to be read before the next member is asked for; what is left unread is passed over. */
  readonly pieces: () => AsyncIterable<Buffer>;
}

const BLOCK = 512;
const MAX_EXTENSION_BYTES = 1024 ** 2;

/**
 * Reads a tar archive as it arrives and copies none of it: a piece is good until the next one is asked for, as it is in
 * the archive's own pieces. Formats: POSIX ustar and pax, and GNU's long names.
 *
 * @throws ExportProblem `malformed`, also where it ends before its end is marked
 */
export const readArchive = async function* (archive: AsyncIterable<Uint8Array>): AsyncGenerator<ArchiveMember> {
  const bytes = new ArchiveBytes(archive);
  try {
    let extension: Partial<MemberHeader> = {};
    for (;;) {
      const own = decodeHeader(await bytes.take(BLOCK));
      if (own === null) break;
      if (own.isExtension) {
        extension = { ...extension, ...(await readExtension(bytes, own)) };
        continue;
      }
      const { isExtension: _, ...header } = { ...own, ...extension };
      extension = {};
      const content = bytes.begin(header.size);
      yield { ...header, pieces: () => content.pieces() };
      await content.passOver();
      await bytes.passOver(padding(header.size));
    }
    await bytes.drain();
  } finally {
    await bytes.close();
  }
};

const readExtension = async (bytes: ArchiveBytes, { type, size }: MemberHeader): Promise<Partial<MemberHeader>> => {
  if (size > MAX_EXTENSION_BYTES) throw new ExportProblem('malformed', 'the export holds a name that is too long');
  const content = await bytes.take(size);
  await bytes.passOver(padding(size));
  const text = content.toString('utf8').replace(/\0+$/, '');
  if (type === 'long name') return { name: text };
  if (type === 'long link') return { linkname: text };
  return type === 'pax' ? readPaxRecords(content) : {};
};

const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

/** An archive's bytes in order, however it was cut into pieces. */
class ArchiveBytes {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(archive: AsyncIterable<Uint8Array>) {
    this.#pieces = archive[Symbol.asyncIterator]();
  }

  /** That many bytes, in a buffer of their own. */
  async take(size: number): Promise<Buffer> {
    const taken = Buffer.alloc(size);
    let filled = 0;
    while (filled < size) {
      const piece = await this.upTo(size - filled);
      filled += piece.copy(taken, filled);
    }
    return taken;
  }

  /** What is there of the next `size` bytes, at least one. */
  async upTo(size: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const next = await this.#pieces.next();
      if (next.done === true) throw new ExportProblem('malformed', 'the export broke off');
      this.#rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
    const piece = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }

  async passOver(size: number): Promise<void> {
    for (let left = size; left > 0;) left -= (await this.upTo(left)).length;
  }

  begin(size: number): MemberContent {
    return new MemberContent(this, size);
  }

  /** What follows the end mark fills the writer's last record. */
  async drain(): Promise<void> {
    for (let next = await this.#pieces.next(); next.done !== true; next = await this.#pieces.next());
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}

class MemberContent {
  readonly #bytes: ArchiveBytes;
  #left: number;

  constructor(bytes: ArchiveBytes, size: number) {
    this.#bytes = bytes;
    this.#left = size;
  }

  async *pieces(): AsyncGenerator<Buffer> {
    while (this.#left > 0) {
      const piece = await this.#bytes.upTo(this.#left);
      this.#left -= piece.length;
      yield piece;
    }
  }

  async passOver(): Promise<void> {
    await this.#bytes.passOver(this.#left);
    this.#left = 0;
  }
}
