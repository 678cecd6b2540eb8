import type { Failure } from '../model/failure.ts';
import { ScannerError } from '../errors.ts';
import type { ToolScan, ToolStore } from '../ports/tool-store.ts';

export interface UnsavedScan {
  readonly id: string;
  readonly message: string;
}

interface KeptScan {
  readonly scan: ToolScan;
  readonly error: unknown;
}

/** So many results are held in memory at most before there is no sense in making more. */
const MOST_KEPT = 256;

/** Saves each result at once. One that could not be saved is kept, and tried again after the next that could. */
export class PendingSaves {
  readonly #store: Pick<ToolStore, 'saveScan'>;
  readonly #kept = new Map<string, KeptScan>();

  constructor(store: Pick<ToolStore, 'saveScan'>) {
    this.#store = store;
  }

  /** Whether the result is in the store now. */
  save(id: string, scan: ToolScan): boolean {
    if (!this.#try(id, scan)) return false;
    this.#retry((saved) => saved);
    return true;
  }

  /** Tries everything that is left a last time. */
  flush(): void {
    this.#retry(() => true);
  }

  /** Why no more should be scanned: the store has taken nothing for long. Null while it does. */
  get overflow(): Failure | null {
    const [first] = this.#kept.values();
    return first === undefined || this.#kept.size < MOST_KEPT
      ? null
      : {
          code: ScannerError.is(first.error) && first.error.code === 'disk_full' ? 'disk_full' : 'unknown',
          message: `${this.#kept.size} results could not be saved: ${messageOf(first.error)}`,
        };
  }

  get unsaved(): readonly UnsavedScan[] {
    return [...this.#kept].map(([id, { error }]) => ({ id, message: messageOf(error) }));
  }

  #retry(goesOn: (saved: boolean) => boolean): void {
    for (const [id, { scan }] of [...this.#kept]) if (!goesOn(this.#try(id, scan))) return;
  }

  /** What fails goes to the end, so that one result that is never taken stands in no other's way. */
  #try(id: string, scan: ToolScan): boolean {
    this.#kept.delete(id);
    try {
      this.#store.saveScan(id, scan);
      return true;
    } catch (error) {
      this.#kept.set(id, { scan, error });
      return false;
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
