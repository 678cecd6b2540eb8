import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Items of all lists together that stay as they are. */
const MOST_UNPACKED = 250_000;
/** Items of all packed lists together that stay unpacked after they were read; one list always does. */
const MOST_READ = 50_000;
/** Packed together, so that no text is longer than what so many items take. */
const PACKED_TOGETHER = 2000;
/** Without any, a second piece of memory would be taken to see that nothing is left. */
const SPARE_BYTES = 64;
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/**
 * Keeps lists of plain data, such as findings, for as long as a pass takes. Those that there is room for stay as they are;
 * the rest is packed, and unpacked while it is read, so that millions of findings take little more memory than some
 * thousands. To readers each is an array like any other that cannot be changed. An item that is read twice is equal, and
 * not always the same object.
 *
 * @example
 * const lists = new ListKeeper();
 * const findings = lists.keep(scan.findings);
 * const listed = lists.derive(findings.filter(isListed).length, () => findings.filter(isListed));
 */
export class ListKeeper {
  readonly #mostUnpacked: number;
  #unpacked = 0;

  /** @param mostUnpacked how many items may stay as they are, in all lists together */
  constructor(mostUnpacked = MOST_UNPACKED) {
    this.#mostUnpacked = mostUnpacked;
  }

  /** The list, which must not be changed any more. */
  keep<T>(items: T[]): T[] {
    if (packedLists.has(items) || this.#hasRoomFor(items.length)) return items;
    const packed = pack(items);
    return listOnDemand(items.length, () => unpack(packed));
  }

  /** A list that can be made of kept ones whenever it is read. */
  derive<T>(length: number, make: () => T[]): T[] {
    return this.#hasRoomFor(length) ? make() : listOnDemand(length, make);
  }

  #hasRoomFor(length: number): boolean {
    if (length > 0 && this.#unpacked + length > this.#mostUnpacked) return false;
    this.#unpacked += length;
    return true;
  }
}

interface Packed {
  readonly bytes: Buffer;
  /** Unpacked. */
  readonly size: number;
}

const pack = (items: readonly unknown[]): Packed[] => {
  const packed: Packed[] = [];
  for (let start = 0; start < items.length; start += PACKED_TOGETHER) {
    const text = Buffer.from(JSON.stringify(items.slice(start, start + PACKED_TOGETHER)));
    // A copy, since what is compressed may be a view of more memory than it needs.
    packed.push({ bytes: Buffer.from(zstdCompressSync(text, FAST)), size: text.length });
  }
  return packed;
};

/** In one piece of memory each: joining many small ones would take as much again. */
const unpack = <T>(packed: readonly Packed[]): T[] =>
  packed.flatMap(({ bytes, size }): T[] =>
    JSON.parse(zstdDecompressSync(bytes, { chunkSize: size + SPARE_BYTES }).toString('utf8')),
  );

const packedLists = new WeakSet<readonly unknown[]>();

/** An array whose items are made when they are read, and made again after others were read in between. */
const listOnDemand = <T>(length: number, make: () => T[]): T[] => {
  let made: T[] | null = null;
  const memory = { length, forget: () => void (made = null) };
  const items = (): T[] => {
    made ??= make();
    noteRead(memory);
    return made;
  };
  const list = new Proxy<T[]>([], {
    get: (_, name) => (name === 'length' ? length : memberOf(items(), name)),
    has: (_, name) => Reflect.has(items(), name),
    ownKeys: () => Reflect.ownKeys(items()),
    getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(items(), name),
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  });
  packedLists.add(list);
  return list;
};

/** Methods work on the items themselves, and not one by one through the list. */
const memberOf = (items: readonly unknown[], name: string | symbol): unknown => {
  const member: unknown = Reflect.get(items, name);
  return typeof member === 'function' && name !== 'constructor' ? member.bind(items) : member;
};

interface ReadList {
  readonly length: number;
  forget(): void;
}

/** The packed lists that are unpacked now, the one that was read last at the end. */
const readLists = new Set<ReadList>();
let itemsRead = 0;
let lastRead: ReadList | null = null;

const noteRead = (list: ReadList): void => {
  if (lastRead === list) return;
  lastRead = list;
  if (!readLists.delete(list)) itemsRead += list.length;
  readLists.add(list);
  for (const oldest of readLists) {
    if (itemsRead <= MOST_READ || oldest === list) return;
    oldest.forget();
    readLists.delete(oldest);
    itemsRead -= oldest.length;
  }
};
