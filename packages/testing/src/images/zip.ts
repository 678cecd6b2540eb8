import { crc32 } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const VERSION = 20;
const FIRST_OF_JANUARY_2026 = ((2026 - 1980) << 9) | (1 << 5) | 1;

/** A zip with these files, uncompressed: also what a jar is. Equal files give equal bytes. */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const contents = Buffer.from(text);
    const common = commonFields(name, contents);
    const body = Buffer.concat([uint32(LOCAL_HEADER), uint16(VERSION), common, Buffer.from(name), contents]);
    directory.push(centralHeader(name, common, offset));
    bodies.push(body);
    offset += body.length;
  }
  return Buffer.concat([...bodies, ...directory, endOfDirectory(directory, offset)]);
}

/** Fields that the header before the contents and the one in the directory share. */
function commonFields(name: string, contents: Buffer): Buffer {
  const [flags, stored, time] = [0, 0, 0];
  return Buffer.concat([
    uint16(flags),
    uint16(stored),
    uint16(time),
    uint16(FIRST_OF_JANUARY_2026),
    uint32(crc32(contents)),
    uint32(contents.length),
    uint32(contents.length),
    uint16(Buffer.byteLength(name)),
    uint16(0),
  ]);
}

function centralHeader(name: string, common: Buffer, offset: number): Buffer {
  const [commentLength, disk, internalAttributes, externalAttributes] = [0, 0, 0, 0];
  return Buffer.concat([
    uint32(CENTRAL_HEADER),
    uint16(VERSION),
    uint16(VERSION),
    common,
    uint16(commentLength),
    uint16(disk),
    uint16(internalAttributes),
    uint32(externalAttributes),
    uint32(offset),
    Buffer.from(name),
  ]);
}

function endOfDirectory(directory: readonly Buffer[], offset: number): Buffer {
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([
    uint32(END_OF_DIRECTORY),
    uint16(0),
    uint16(0),
    uint16(directory.length),
    uint16(directory.length),
    uint32(size),
    uint32(offset),
    uint16(0),
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
