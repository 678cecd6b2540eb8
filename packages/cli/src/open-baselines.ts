import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { type CommandContext, placeOf, readSettings } from '@scanner/app';
import {
  familiarReference,
  parseReference,
  RecordOfBaselines,
  type RecordParts,
  type ResultStore,
  systemClock,
} from '@scanner/core';
import type { Settings } from '@scanner/core/config';
import { BaselineDirectory, openResultStoreToRead } from '@scanner/store';

export interface OpenBaselines extends Disposable {
  readonly record: RecordOfBaselines;
  /** What accepting single findings works on. */
  readonly parts: RecordParts;
  readonly settings: Settings;
}

/** Opens the baselines of a host and the record of its last scans. Takes no lock: a pass may run beside it. */
export const openBaselines = (context: CommandContext, flags: object): OpenBaselines => {
  const { settings } = readSettings(context, flags, { layout: 'directory' });
  const file = join(placeOf(settings, context.cwd).state, 'results.db');
  using opened = new DisposableStack();
  // Who only looks makes neither a directory nor a store.
  const results = existsSync(file)
    ? opened.use(openResultStoreToRead(file, { log: context.console.log }))
    : NOTHING_SCANNED;
  const baselines = new BaselineDirectory(resolve(context.cwd, settings.SNAPSHOT_DIR));
  const standing = opened.move();
  const parts = { baselines, results, clock: systemClock };
  return {
    record: new RecordOfBaselines(parts),
    parts,
    settings,
    [Symbol.dispose]: () => standing.dispose(),
  };
};

const NOTHING_SCANNED: Pick<ResultStore, 'find' | 'lastOf' | 'references'> = {
  find: () => undefined,
  lastOf: () => undefined,
  references: () => [],
};

/** References as an engine names them, each once: `nginx` is `nginx:latest`. */
export const asOnHost = (references: readonly string[]): string[] => [...new Set(references.map(nameOnHost))];

const nameOnHost = (text: string): string => {
  const parsed = parseReference(text);
  if (!parsed.ok) return text;
  const { tag, digest } = parsed.reference;
  return familiarReference({ ...parsed.reference, tag: tag ?? (digest === null ? 'latest' : null) });
};
