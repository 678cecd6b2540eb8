const LOAD_ADDRESS = 0x400000n;
const ELF_HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const HEADERS_BYTES = ELF_HEADER_BYTES + PROGRAM_HEADER_BYTES;

/** `again: mov eax, 34 (pause); syscall; jmp again`. */
const CODE = Buffer.from([0xb8, 34, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7]);

/** A Linux program for amd64, of 129 bytes, that waits until it is killed: enough to keep a container running. */
export function pauseProgram(): Buffer {
  return Buffer.concat([elfHeader(), programHeader(), CODE]);
}

function elfHeader(): Buffer {
  const header = Buffer.alloc(ELF_HEADER_BYTES);
  const [executable, amd64, version] = [2, 62, 1];
  header.write('\u007FELF\u0002\u0001\u0001', 'latin1');
  header.writeUInt16LE(executable, 16);
  header.writeUInt16LE(amd64, 18);
  header.writeUInt32LE(version, 20);
  header.writeBigUInt64LE(LOAD_ADDRESS + BigInt(HEADERS_BYTES), 24);
  header.writeBigUInt64LE(BigInt(ELF_HEADER_BYTES), 32);
  header.writeUInt16LE(ELF_HEADER_BYTES, 52);
  header.writeUInt16LE(PROGRAM_HEADER_BYTES, 54);
  header.writeUInt16LE(1, 56);
  return header;
}

/** One segment: the whole file, readable and executable. */
function programHeader(): Buffer {
  const header = Buffer.alloc(PROGRAM_HEADER_BYTES);
  const [load, readAndExecute, pageBytes] = [1, 5, 0x1000n];
  const fileBytes = BigInt(HEADERS_BYTES + CODE.length);
  header.writeUInt32LE(load, 0);
  header.writeUInt32LE(readAndExecute, 4);
  header.writeBigUInt64LE(LOAD_ADDRESS, 16);
  header.writeBigUInt64LE(LOAD_ADDRESS, 24);
  header.writeBigUInt64LE(fileBytes, 32);
  header.writeBigUInt64LE(fileBytes, 40);
  header.writeBigUInt64LE(pageBytes, 48);
  return header;
}
