import { ExportProblem } from './export-problem.ts';

/** What a tar header says of the member that follows it. */
export interface MemberHeader {
  readonly name: string;
  readonly type: string;
  readonly linkname: string;
  readonly size: number;
  /** It is no member, but says more of the next one. */
  readonly isExtension: boolean;
}

/** POSIX.1-2017, pax, "ustar Interchange Format"; `L`, `K` and sizes to the base of 256 are GNU's. */
const FIELDS = {
  name: [0, 100],
  size: [124, 12],
  checksum: [148, 8],
  type: [156, 1],
  linkname: [157, 100],
  magic: [257, 5],
  prefix: [345, 155],
} as const;
type Field = keyof typeof FIELDS;

const TYPES: Readonly<Record<string, string>> = {
  '': 'file',
  '0': 'file',
  '1': 'link',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
  '7': 'file',
};

/** What a type that is not known may be shown as. */
const PRINTABLE = /^[ -~]$/;

const EXTENSIONS: Readonly<Record<string, string>> = { x: 'pax', g: 'global pax', L: 'long name', K: 'long link' };

/**
 * Null for a block of zeros, which marks the end.
 *
 * @throws ExportProblem `malformed`
 */
export const decodeHeader = (block: Buffer): MemberHeader | null => {
  if (block.every((byte) => byte === 0)) return null;
  if (octal(block, 'checksum') !== checksumOf(block)) throw malformed('a header with a wrong checksum');
  const flag = text(block, 'type');
  const extension = EXTENSIONS[flag];
  return {
    name: nameOf(block),
    type: extension ?? TYPES[flag] ?? (PRINTABLE.test(flag) ? `'${flag}'` : 'unknown'),
    linkname: text(block, 'linkname'),
    size: sizeOf(block),
    isExtension: extension !== undefined,
  };
};

/**
 * What pax records say in place of the header, each `length key=value\n` with the length of the whole.
 *
 * @throws ExportProblem `malformed`
 */
export const readPaxRecords = (content: Buffer): Partial<MemberHeader> => {
  let header: Partial<MemberHeader> = {};
  for (let at = 0; at < content.length;) {
    const [, digits = '', key = ''] = /^(\d{1,7}) ([^=\n]+)=/.exec(content.toString('latin1', at, at + 256)) ?? [];
    const end = at + Number(digits);
    const from = at + digits.length + key.length + 2;
    if (digits === '' || end <= from || end > content.length) throw malformed('records that make no sense');
    header = { ...header, ...paxField(key, content.toString('utf8', from, end - 1)) };
    at = end;
  }
  return header;
};

const paxField = (key: string, value: string): Partial<MemberHeader> => {
  if (key === 'path') return { name: value };
  if (key === 'linkpath') return { linkname: value };
  return key === 'size' ? { size: readSize(value, 10) } : {};
};

const nameOf = (block: Buffer): string => {
  const prefix = text(block, 'magic') === 'ustar' && block[263] === 0x30 ? text(block, 'prefix') : '';
  const name = text(block, 'name');
  return prefix === '' ? name : `${prefix}/${name}`;
};

const sizeOf = (block: Buffer): number => {
  const field = bytesOf(block, 'size');
  if (field[0] !== 0x80) return octal(block, 'size');
  const size = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  return checked(size);
};

const octal = (block: Buffer, field: Field): number => {
  const digits = text(block, field).trim();
  return digits === '' ? 0 : readSize(digits, 8);
};

const readSize = (digits: string, base: 8 | 10): number => {
  if (!(base === 8 ? /^[0-7]+$/ : /^[0-9]+$/).test(digits)) throw malformed('a header that makes no sense');
  return checked(Number.parseInt(digits, base));
};

const checked = (size: number): number => {
  if (!Number.isSafeInteger(size)) throw malformed('a size that makes no sense');
  return size;
};

const text = (block: Buffer, field: Field): string => {
  const bytes = bytesOf(block, field);
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
};

const bytesOf = (block: Buffer, field: Field): Buffer => {
  const [start, length] = FIELDS[field];
  return block.subarray(start, start + length);
};

/** The sum of all bytes, with blanks where the sum itself stands. */
const checksumOf = (block: Buffer): number => {
  const [start, length] = FIELDS.checksum;
  const own = block.subarray(start, start + length).reduce((sum, byte) => sum + byte, 0);
  return block.reduce((sum, byte) => sum + byte, 0) - own + length * 0x20;
};

const malformed = (what: string): ExportProblem => new ExportProblem('malformed', `the export holds ${what}`);
