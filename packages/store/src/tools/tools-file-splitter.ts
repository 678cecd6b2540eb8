import { BYTE, isSpace, ValueCollector } from './value-collector.ts';

/** A piece of a tools file: one tool, or a field beside `tools`, as the JSON text that stands there. */
export type FilePiece =
  | { readonly type: 'tool'; readonly text: Uint8Array }
  | { readonly type: 'field'; readonly name: string; readonly text: Uint8Array }
  /** Larger or deeper than anything that is meant to stand there. */
  | { readonly type: 'refused'; readonly what: 'tool' | 'field' };

/** What is there is no JSON object, or was cut. */
export class UnreadableFile extends Error {}

type Expected =
  | 'object'
  | 'first_key'
  | 'key'
  | 'colon'
  | 'value'
  | 'after_value'
  | 'first_tool'
  | 'tool'
  | 'after_tool'
  | 'end';

/**
 * Splits `{"schema": …, "tools": [ … ]}` into its pieces while it arrives, holding no more than one of them. Only the
 * outermost structure is checked: whether a piece is JSON is for its reader to find out, before the next chunk comes.
 */
export class ToolsFileSplitter {
  #expected: Expected = 'object';
  #field = '';
  #hasTools = false;
  #value: ValueCollector | undefined;

  /** @throws UnreadableFile */
  *split(chunk: Uint8Array): Generator<FilePiece, void, undefined> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#value === undefined) {
        at = this.#structure(chunk, at);
        continue;
      }
      at = this.#value.collect(chunk, at);
      if (!this.#value.complete) continue;
      const piece = this.#finish(this.#value);
      if (piece !== undefined) yield piece;
    }
  }

  /** @throws UnreadableFile where the file was cut, or has no tools */
  end(): void {
    if (this.#expected !== 'end') throw new UnreadableFile('it ends in the middle');
    if (!this.#hasTools) throw new UnreadableFile('it has no list of tools');
  }

  /** One byte between values. */
  #structure(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0;
    if (isSpace(byte)) return at + 1;
    switch (this.#expected) {
      case 'object':
        return this.#go(byte === BYTE.open, 'first_key', at);
      case 'colon':
        return this.#go(byte === BYTE.colon, 'value', at);
      case 'after_value':
        return this.#go(byte === BYTE.comma || byte === BYTE.close, byte === BYTE.comma ? 'key' : 'end', at);
      case 'after_tool':
        return this.#go(
          byte === BYTE.comma || byte === BYTE.closeList,
          byte === BYTE.comma ? 'tool' : 'after_value',
          at,
        );
      case 'end':
        return this.#go(false, 'end', at);
      case 'first_key':
        if (byte === BYTE.close) return this.#go(true, 'end', at);
        return this.#startKey(byte, at);
      case 'key':
        return this.#startKey(byte, at);
      case 'first_tool':
        if (byte === BYTE.closeList) return this.#go(true, 'after_value', at);
        return this.#startValue(at);
      case 'value':
        return this.#field === 'tools' ? this.#startTools(byte, at) : this.#startValue(at);
      case 'tool':
        return this.#startValue(at);
    }
  }

  #go(allowed: boolean, expected: Expected, at: number): number {
    if (!allowed) throw new UnreadableFile('it is no JSON object with a list of tools');
    this.#expected = expected;
    return at + 1;
  }

  #startKey(byte: number, at: number): number {
    if (byte !== BYTE.quote) throw new UnreadableFile('it is no JSON object with a list of tools');
    this.#expected = 'key';
    return this.#startValue(at);
  }

  #startTools(byte: number, at: number): number {
    this.#hasTools = true;
    return this.#go(byte === BYTE.openList, 'first_tool', at);
  }

  #startValue(at: number): number {
    this.#value = new ValueCollector();
    return at;
  }

  #finish(value: ValueCollector): FilePiece | undefined {
    this.#value = undefined;
    const { text } = value;
    if (this.#expected === 'key') {
      if (text === undefined) throw new UnreadableFile('a name in it is too long');
      this.#field = parseName(text);
      this.#expected = 'colon';
      return undefined;
    }
    const what = this.#expected === 'value' ? 'field' : 'tool';
    this.#expected = what === 'field' ? 'after_value' : 'after_tool';
    if (text === undefined) return { type: 'refused', what };
    return what === 'tool' ? { type: 'tool', text } : { type: 'field', name: this.#field, text };
  }
}

const parseName = (text: Uint8Array): string => {
  try {
    return String(JSON.parse(Buffer.from(text).toString('utf8')));
  } catch (error) {
    throw new UnreadableFile('a name in it is not JSON', { cause: error });
  }
};
