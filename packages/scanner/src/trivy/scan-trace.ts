/** What the keys of layers' analyses begin with. */
export const BLOB_PREFIX = 'fanal::blob::';

/** What one scan did with the scan cache, as its Trivy processes were seen to. */
export class ScanTrace {
  readonly #blobKeys = new Set<string>();
  readonly #unkept = new Map<string, Buffer>();
  #analysed = false;

  /** Keys of the layers this scan is made of, in the order they were first asked for. */
  get blobKeys(): readonly string[] {
    return [...this.#blobKeys];
  }

  hasAskedFor(blobKey: string): boolean {
    return this.#blobKeys.has(blobKey);
  }

  /** Whether a layer had to be opened. */
  get analysed(): boolean {
    return this.#analysed;
  }

  sawRead(key: string): void {
    if (isBlobKey(key)) this.#blobKeys.add(key);
  }

  sawWrite(key: string): void {
    if (!isBlobKey(key)) return;
    this.#blobKeys.add(key);
    this.#analysed = true;
  }

  /** Holds, for this scan alone, what the cache could not take. */
  keep(key: string, value: Buffer): void {
    this.#unkept.set(key, value);
  }

  kept(key: string): Buffer | undefined {
    return this.#unkept.get(key);
  }
}

/** All that a scan may touch in the scan cache: what else lies in it is ours. */
export const isTrivyKey = (key: string): boolean => key.startsWith('fanal::');

export const isBlobKey = (key: string): boolean => key.startsWith(BLOB_PREFIX);

/** What is kept in the scan cache is JSON; what is not makes no sense. */
export const parseOrNull = (blob: Buffer): unknown => {
  try {
    return JSON.parse(blob.toString('utf8'));
  } catch {
    return null;
  }
};
