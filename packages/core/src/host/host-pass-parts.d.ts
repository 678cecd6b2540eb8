import type { ImageReport, TrivyUsed } from '../documents/host-scan-document.ts';
import type { Severity } from '../model/severity.ts';
import type { Clock } from '../ports/clock.ts';
import type { ImageScanner } from '../ports/image-scanner.ts';
import type { ImageSource } from '../ports/image-source.ts';
import type { PassLog } from '../ports/pass-log.ts';
import type { ResultStore } from '../ports/result-store.ts';
import type { ImageSelection } from './select-images.ts';
import type { Telling } from './telling.ts';
/** A scanner that holds something open until it is disposed of. */
export type OpenScanner = ImageScanner & AsyncDisposable;
export interface HostPassParts {
  readonly images: ImageSource;
  /** Called once the engine has answered, so that nothing is fetched for a host that cannot be listed. */
  readonly openScanner: (signal?: AbortSignal) => Promise<OpenScanner>;
  readonly results: Pick<ResultStore, 'find' | 'save' | 'remember'>;
  readonly log: PassLog;
  readonly clock: Clock;
  /** Compares with what people know, and tells them; without it nothing is compared. */
  readonly telling?: Telling;
}
export interface HostPassOptions {
  readonly selection: ImageSelection;
  readonly severities: readonly Severity[];
  readonly extraArgs: readonly string[];
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  readonly observe?: (event: HostPassEvent) => void;
  readonly signal?: AbortSignal;
}
export type HostPassEvent =
  | {
      readonly type: 'listed';
      readonly images: number;
      readonly selected: number;
    }
  | {
      readonly type: 'started';
      readonly trivy: TrivyUsed;
    }
  /** One image was scanned, however that ended; what is taken from a stored result is no scan. */
  | {
      readonly type: 'scanned';
      readonly seconds: number;
    }
  | {
      readonly type: 'image';
      readonly report: ImageReport;
      readonly done: number;
      readonly total: number;
    };
