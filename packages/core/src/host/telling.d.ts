import type { BaselineReport } from '../documents/host-scan-document.ts';
import type { Notice } from '../notice/notice.ts';
import type { Pass, TellingSettings } from '../notice/pass.ts';
import type { BaselineStore } from '../ports/baseline-store.ts';
import type { OutboxMessage } from '../ports/outbox.ts';
import type { TellingStore } from '../ports/telling-store.ts';
export interface TellingParts {
  readonly store: Pick<TellingStore, 'read' | 'awaitingSecondLook' | 'commit'>;
  readonly baselines: BaselineStore;
  /** Freezes a notice as it will be sent; null where nobody is to be told. */
  readonly freeze: (notice: Notice) => OutboxMessage | null;
}
/** A pass that came to its end, or to what kept it from scanning. */
export interface ConcludedPass extends Omit<Pass, 'baselines' | 'unreadableBaselines' | 'unusableFiles'> {
  /** Every reference of the host, whether the pass was about it or not. */
  readonly onHost: readonly string[];
}
export interface Told {
  /** By reference. */
  readonly reports: ReadonlyMap<string, BaselineReport>;
  /** For the log; what comes from images is in them as it is. */
  readonly lines: readonly string[];
  /** What was asked for and could not be done, as sentences. */
  readonly problems: readonly string[];
  readonly notice: Notice | null;
}
/** Compares a pass with what people know of each reference, accepts what is to be accepted, and decides what is told. */
export declare class Telling {
  #private;
  constructor(parts: TellingParts, settings: TellingSettings);
  /** References whose image has to be matched again, since only a second look says whether something is gone. */
  secondLooks(): ReadonlySet<string>;
  /**
   * Baselines are written first; then what people know and what is told change together or not at all.
   *
   * @throws ScannerError as the store and the baselines do; nothing is told then
   */
  conclude(concluded: ConcludedPass): Promise<Told>;
}
