/**
 * Holds what a process said within a bound: its first words and its last, the middle dropped.
 * Its first words may name the cause, its last the end.
 */
export class OutputTail {
  readonly #headBytes: number;
  readonly #tailBytes: number;
  readonly #head: Buffer[] = [];
  #tail: Buffer[] = [];
  #headLength = 0;
  #tailLength = 0;
  #dropped = false;

  constructor({ headBytes = 64 * 1024, tailBytes = 256 * 1024 } = {}) {
    this.#headBytes = headBytes;
    this.#tailBytes = tailBytes;
  }

  push(chunk: Buffer): void {
    const room = this.#headBytes - this.#headLength;
    const first = chunk.subarray(0, Math.max(0, room));
    if (first.length > 0) {
      this.#head.push(first);
      this.#headLength += first.length;
    }
    this.#pushToTail(chunk.subarray(first.length));
  }

  /** Malformed UTF-8 becomes U+FFFD. */
  text(): string {
    const gap = this.#dropped ? [Buffer.from('\n…\n')] : [];
    return Buffer.concat([...this.#head, ...gap, ...this.#tail]).toString('utf8');
  }

  #pushToTail(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#tail.push(chunk);
    this.#tailLength += chunk.length;
    if (this.#tailLength > 2 * this.#tailBytes) this.#trim();
  }

  #trim(): void {
    const last = Buffer.concat(this.#tail).subarray(-this.#tailBytes);
    this.#tail = [Buffer.from(last)];
    this.#tailLength = last.length;
    this.#dropped = true;
  }
}
