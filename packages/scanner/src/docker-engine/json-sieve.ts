/** Which fields of JSON are wanted: `all` of a value, or these fields of an object, or of each object of an array. */
export type WantedFields = 'all' | { readonly [field: string]: WantedFields };

const LONGEST_STRING = 64 * 1024;
const LONGEST_FIELD_NAME = 1024;
const FIRST_BYTES = 64 * 1024;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
const NULL = Buffer.from('null');
const EMPTY = Buffer.from('""');

const isOpening = (byte: number): boolean => byte === OPEN_OBJECT || byte === OPEN_ARRAY;
const isClosing = (byte: number): boolean => byte === CLOSE_OBJECT || byte === CLOSE_ARRAY;
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** An object or array of which some fields are wanted. */
interface Opened {
  readonly wanted: WantedFields;
  readonly isObject: boolean;
}

/**
 * Lets through of JSON only what is wanted, piece by piece, in memory for just that: other fields become `null`, and
 * strings of more than 64 KiB empty. It checks nothing: of text that is no JSON comes text that is none.
 */
export class JsonSieve {
  readonly #mostBytes: number;
  readonly #opened: Opened[] = [];
  #out = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;
  /** What the next value is wanted for; undefined: not at all. */
  #next: WantedFields | undefined;
  #expectsField = false;
  /** Inside of a value that is taken or passed over whole, how deep. */
  #whole: { readonly keep: boolean; depth: number; isBare: boolean } | null = null;
  #string: { readonly keep: boolean; readonly from: number; readonly isField: boolean } | null = null;
  #isEscaped = false;
  #stringBytes = 0;

  /** @param mostBytes of what is let through */
  constructor(wanted: WantedFields, mostBytes: number) {
    this.#next = wanted;
    this.#mostBytes = mostBytes;
  }

  /** @returns false once more is wanted than may be */
  push(piece: Buffer): boolean {
    for (let at = 0; at < piece.length;) {
      if (this.#string !== null) at = this.#readString(piece, at, this.#string);
      else {
        this.#take(piece[at] ?? 0);
        at += 1;
      }
      if (this.#length > this.#mostBytes) return false;
    }
    return true;
  }

  text(): string {
    return this.#out.toString('utf8', 0, this.#length);
  }

  #take(byte: number): void {
    if (this.#whole !== null && !this.#endsBareValue(byte)) this.#takeWhole(byte, this.#whole);
    else if (isBlank(byte)) return;
    else if (byte === QUOTE && this.#expectsField) this.#openString(byte, true, true);
    else if (byte === COMMA || byte === COLON) this.#separate(byte);
    else if (isClosing(byte)) this.#close(byte);
    else this.#begin(byte);
  }

  #separate(byte: number): void {
    this.#write(byte);
    const opened = this.#opened.at(-1);
    this.#expectsField = byte === COMMA && opened?.isObject === true;
    if (byte === COMMA && opened?.isObject === false) this.#next = opened.wanted;
  }

  #close(byte: number): void {
    this.#write(byte);
    this.#opened.pop();
    this.#expectsField = false;
  }

  #begin(byte: number): void {
    const wanted = this.#next;
    if (typeof wanted === 'object' && isOpening(byte)) {
      this.#write(byte);
      this.#opened.push({ wanted, isObject: byte === OPEN_OBJECT });
      this.#expectsField = byte === OPEN_OBJECT;
      return;
    }
    const keep = wanted !== undefined;
    if (!keep) this.#writeAll(NULL);
    this.#whole = { keep, depth: 0, isBare: byte !== QUOTE && !isOpening(byte) };
    this.#takeWhole(byte, this.#whole);
  }

  /** Numbers and words end with what follows them. */
  #endsBareValue(byte: number): boolean {
    if (this.#whole?.isBare !== true) return false;
    if (!isBlank(byte) && byte !== COMMA && !isClosing(byte)) return false;
    this.#whole = null;
    return true;
  }

  #takeWhole(byte: number, whole: { readonly keep: boolean; depth: number }): void {
    if (byte === QUOTE) return this.#openString(byte, whole.keep, false);
    if (whole.keep) this.#write(byte);
    if (isOpening(byte)) whole.depth += 1;
    if (!isClosing(byte)) return;
    whole.depth -= 1;
    if (whole.depth <= 0) this.#whole = null;
  }

  #openString(byte: number, keep: boolean, isField: boolean): void {
    this.#string = { keep, isField, from: this.#length };
    this.#stringBytes = 0;
    if (keep) this.#write(byte);
  }

  /** @returns where it ends, or the end of the piece */
  #readString(piece: Buffer, from: number, { keep }: { readonly keep: boolean }): number {
    const end = this.#endOfString(piece, from);
    const closed = end > 0;
    const upTo = closed ? end : piece.length;
    const fits = this.#stringBytes <= LONGEST_STRING;
    this.#stringBytes += upTo - from;
    if (keep && fits && this.#stringBytes <= LONGEST_STRING + 1) this.#writeAll(piece.subarray(from, upTo));
    if (closed) this.#closeString();
    return upTo;
  }

  /** After its closing quote; 0 where that is not in this piece. */
  #endOfString(piece: Buffer, from: number): number {
    let at = this.#isEscaped ? from + 1 : from;
    for (; at < piece.length; at += 1) {
      if (piece[at] === QUOTE) {
        this.#isEscaped = false;
        return at + 1;
      }
      if (piece[at] === BACKSLASH) at += 1;
    }
    this.#isEscaped = at > piece.length;
    return 0;
  }

  #closeString(): void {
    const string = this.#string;
    this.#string = null;
    if (string === null) return;
    if (string.keep && this.#stringBytes > LONGEST_STRING + 1) {
      this.#length = string.from;
      this.#writeAll(EMPTY);
    }
    if (string.isField) this.#meetField(string.from);
    else if (this.#whole?.depth === 0) this.#whole = null;
  }

  #meetField(from: number): void {
    this.#expectsField = false;
    const wanted = this.#opened.at(-1)?.wanted;
    const name =
      this.#length - from > LONGEST_FIELD_NAME ? null : this.#out.toString('utf8', from + 1, this.#length - 1);
    const isKnown = typeof wanted === 'object' && name !== null && Object.hasOwn(wanted, name);
    this.#next = isKnown ? wanted[name] : undefined;
  }

  #write(byte: number): void {
    if (this.#length === this.#out.length) this.#grow(1);
    this.#out[this.#length] = byte;
    this.#length += 1;
  }

  #writeAll(bytes: Buffer): void {
    if (this.#length + bytes.length > this.#out.length) this.#grow(bytes.length);
    bytes.copy(this.#out, this.#length);
    this.#length += bytes.length;
  }

  #grow(by: number): void {
    const grown = Buffer.allocUnsafe(Math.max(this.#out.length * 2, this.#length + by));
    this.#out.copy(grown, 0, 0, this.#length);
    this.#out = grown;
  }
}
