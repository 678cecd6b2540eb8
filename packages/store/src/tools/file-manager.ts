import type { Tool } from '@scanner/core';

import { type OpenToolStore, openToolStore, type ToolStoreOptions } from './open-tool-store.ts';

/**
 * The catalogue as a set of tools that is loaded and saved.
 *
 * @example
 * await using files = await FileManager.open('data');
 * files.saveProcessed([tool], { merge: true });
 */
export class FileManager implements AsyncDisposable {
  readonly #store: OpenToolStore;

  /** @param store is closed with this */
  constructor(store: OpenToolStore) {
    this.#store = store;
  }

  /** @throws ScannerError as `openToolStore` */
  static async open(dataDirectory: string, options: ToolStoreOptions = {}): Promise<FileManager> {
    return new FileManager(await openToolStore(dataDirectory, options));
  }

  /**
   * Saves tools; on the disk when this returns. `tools.json` follows, exact at the latest when this is disposed.
   *
   * @param merge adds or updates by ID, and of two scans of a tool keeps the newer; `false` replaces the whole set
   * @throws ScannerError `disk_full`, `directory_unusable`, `directory_busy` or `store_corrupt`: then nothing was saved
   */
  saveProcessed(tools: readonly Tool[], { merge = true }: { readonly merge?: boolean } = {}): void {
    if (merge) this.#store.saveTools(tools);
    else this.#store.replaceTools(tools);
  }

  /** All tools in the order of their IDs. */
  loadProcessed(): Tool[] {
    return [...this.#store.tools()];
  }

  /** Makes `tools.json` exact. @throws ScannerError as `OpenToolStore.flush` */
  flush(): Promise<void> {
    return this.#store.flush();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#store.close();
  }
}
