import fc from 'fast-check';

import { ODD_TEXTS } from './odd-texts.ts';
import { mutatedBytes } from './mutated-bytes.ts';

const BLOCK = 512;

/** One entry of an archive as it is written, whatever it claims. */
interface OddMember {
  readonly name: string;
  readonly type: string;
  readonly linkname: string;
  readonly content: Buffer;
  /** What the header says in place of the content's length; null: the truth. */
  readonly size: string | null;
  /** What a pax header before it says, or a GNU long name. */
  readonly extension: { readonly type: string; readonly content: Buffer } | null;
}

/**
 * Tar archives whose headers have right checksums and say anything: names, types and sizes that make no sense, pax records
 * and long names; among them these files, so that what reads the archive finds what it looks for.
 */
export const oddArchive = (files: Readonly<Record<string, string | Uint8Array>>): fc.Arbitrary<Buffer> => {
  const known = Object.entries(files).map(([name, content]) => memberOf(name, Buffer.from(content)));
  const plain = archiveOf(known);
  const odd = fc
    .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 2, arbitrary: oddMember(known) }), {
      maxLength: known.length + 6,
    })
    .map(archiveOf);
  const shuffled = fc
    .shuffledSubarray(known, { minLength: Math.max(0, known.length - 1) })
    .chain((kept) => fc.array(oddMember(known), { maxLength: 3 }).map((more) => archiveOf([...more, ...kept])));
  return fc.oneof(odd, shuffled, mutatedBytes([plain]));
};

const memberOf = (name: string, content: Buffer): OddMember => ({
  name,
  type: '0',
  linkname: '',
  content,
  size: null,
  extension: null,
});

const oddMember = (known: readonly OddMember[]): fc.Arbitrary<OddMember> => {
  const names = [...known.map(({ name }) => name), ...ODD_TEXTS];
  const name = fc.oneof(
    fc.constantFrom(...names),
    fc.array(fc.constantFrom(...names), { maxLength: 6 }).map((all) => all.join('/')),
  );
  const content = fc.oneof(
    fc.constantFrom(...known.map((one) => one.content)),
    mutatedBytes(known.map((one) => one.content)),
  );
  return fc.record({
    name,
    type: fc.oneof(fc.constantFrom('0', '1', '2', '5', '', '7', 'x', 'g', 'L', 'K', 'S'), fc.string({ maxLength: 1 })),
    linkname: name,
    content,
    size: fc.option(
      fc.constantFrom('', '0', '77777777777', '-1', '8', '1e3', '\u{80}\0\0\0\0\0\0\0\0\0\0\u{5}', ' 10 '),
    ),
    extension: fc.option(fc.record({ type: fc.constantFrom('x', 'g', 'L', 'K'), content: extensionContent(name) })),
  });
};

const extensionContent = (name: fc.Arbitrary<string>): fc.Arbitrary<Buffer> => {
  const record = fc
    .tuple(fc.constantFrom('path', 'linkpath', 'size', 'mtime', '__proto__', 'GNU.sparse.name'), name)
    .map(([key, value]) => paxRecord(key, value));
  const records = fc.array(record, { maxLength: 5 }).map((all) => Buffer.concat(all));
  return fc.oneof(
    records,
    mutatedBytes([paxRecord('path', 'a'), paxRecord('size', '12')]),
    name.map((text) => Buffer.from(`${text}\0`)),
  );
};

const paxRecord = (key: string, value: string): Buffer => {
  const bytes = Buffer.from(` ${key}=${value}\n`);
  let length = bytes.length;
  while (length !== bytes.length + String(length).length) length = bytes.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), bytes]);
};

const archiveOf = (members: readonly OddMember[]): Buffer =>
  Buffer.concat([...members.flatMap(blocksOf), Buffer.alloc(2 * BLOCK)]);

const blocksOf = ({ extension, ...member }: OddMember): Buffer[] => {
  const before =
    extension === null ? [] : blocksOf({ ...memberOf('././@LongLink', extension.content), type: extension.type });
  const padding = Buffer.alloc((BLOCK - (member.content.length % BLOCK)) % BLOCK);
  return [...before, headerOf(member), member.content, padding];
};

const headerOf = ({ name, type, linkname, content, size }: Omit<OddMember, 'extension'>): Buffer => {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100);
  header.write('0000644', 100);
  header.write(size ?? content.length.toString(8).padStart(11, '0'), 124, 12, 'latin1');
  header.write(type, 156, 1);
  header.write(linkname, 157, 100);
  header.write('ustar\u000000', 257);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
};
