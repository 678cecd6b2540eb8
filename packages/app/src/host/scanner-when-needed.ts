import type { ImageScanner, OpenScanner, PlannedImage, PlannedScan, ScanOutcome, ScanRequest } from '@scanner/core';

interface ClosedScanner {
  readonly identity: ImageScanner['identity'];
  readonly open: () => Promise<OpenScanner>;
  /** Answers without the scanner. */
  readonly isChecked: NonNullable<ImageScanner['isChecked']>;
}

/** Opens the scanner for the first image that is to be scanned: on a host where nothing changed there is none. */
export class ScannerWhenNeeded implements OpenScanner {
  readonly identity: ImageScanner['identity'];
  readonly isChecked: ClosedScanner['isChecked'];
  readonly #open: ClosedScanner['open'];
  #scanner: Promise<OpenScanner> | undefined;

  constructor({ identity, open, isChecked }: ClosedScanner) {
    this.identity = identity;
    this.isChecked = isChecked;
    this.#open = open;
  }

  /** @throws ScannerError as opening does */
  async scan(request: ScanRequest, signal?: AbortSignal): Promise<ScanOutcome> {
    const scanner = await this.#opened();
    return scanner.scan(request, signal);
  }

  /** @throws ScannerError as opening does */
  async *plan<Image extends PlannedImage>(
    images: readonly Image[],
    how: PlannedScan,
    signal?: AbortSignal,
  ): AsyncGenerator<Image, void, undefined> {
    if (images.length === 0) return;
    const scanner = await this.#opened();
    yield* scanner.plan?.(images, how, signal) ?? images;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const scanner = await this.#scanner?.catch(() => undefined);
    await scanner?.[Symbol.asyncDispose]();
  }

  #opened(): Promise<OpenScanner> {
    return (this.#scanner ??= this.#open());
  }
}
