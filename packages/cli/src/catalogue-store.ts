import { resolve } from 'node:path';

import type { CommandContext } from '@scanner/app';
import { ScannerError } from '@scanner/core';
import type { Settings } from '@scanner/core/config';
import { type OpenToolStore, openToolStore, openToolStoreToRead } from '@scanner/store';

/** The catalogue of one command. Disposing of it closes it; what goes wrong then has been told by `publish`. */
export interface Catalogue extends AsyncDisposable {
  /** Absolute. */
  readonly directory: string;
  readonly store: OpenToolStore;
  /** Makes `tools.json` exact; where that fails the results stay in the store and it is told. */
  publish(): Promise<boolean>;
}

/** @throws ScannerError as `openToolStore` */
export const openCatalogue = (context: CommandContext, settings: Settings): Promise<Catalogue> =>
  openWith(openToolStore, context, settings);

/** For a command that only reads, and does so where nothing can be written too. @throws ScannerError as `openToolStore` */
export const openCatalogueToRead = (context: CommandContext, settings: Settings): Promise<Catalogue> =>
  openWith(openToolStoreToRead, context, settings);

const openWith = async (
  open: typeof openToolStore,
  { console, cwd, signal }: CommandContext,
  { GTS_DATA_DIR }: Settings,
): Promise<Catalogue> => {
  const directory = resolve(cwd, GTS_DATA_DIR);
  const store = await open(directory, { log: console.log, signal });
  const publish = async (): Promise<boolean> => {
    try {
      await store.flush();
      return true;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      console.log.warn(`tools.json is not up to date; the next command writes it again: ${why}`);
      return false;
    }
  };
  return { directory, store, publish, [Symbol.asyncDispose]: () => store.close().catch(() => undefined) };
};

/** `docker_hub:library/postgres` for how people call it, e.g. `postgres`; what names its source already stays. */
export const toolId = (text: string): string => {
  if (text.includes(':')) return text;
  return `docker_hub:${text.includes('/') ? text : `library/${text}`}`;
};

/** @returns an error for names that no tool of the catalogue has */
export const noSuchTools = (ids: readonly string[], { directory }: Catalogue): ScannerError =>
  new ScannerError(`the catalogue in ${directory} has no ${ids.join(', ')}`, {
    code: 'usage',
    hint: 'scrape the namespace first: gts scrape --namespaces NAMESPACE; `gts top --status unknown,ok,vulnerable` lists what there is',
  });
