import { type Baseline, keepBaseline } from '../baseline/baseline.ts';
import type { AcceptanceRule } from '../baseline/rules.ts';
import type { BaselineReport } from '../documents/host-scan-document.ts';
import { ListKeeper } from '../model/list-keeper.ts';
import { decidePass, type PassDecision } from '../notice/decide-pass.ts';
import type { Notice } from '../notice/notice.ts';
import type { Pass, TellingSettings, UnusableBaseline } from '../notice/pass.ts';
import { type ToldState } from '../notice/told-state.ts';
import type { BaselineStore } from '../ports/baseline-store.ts';
import type { OutboxMessage } from '../ports/outbox.ts';
import type { TellingStore } from '../ports/telling-store.ts';

export interface TellingParts {
  readonly store: Pick<TellingStore, 'read' | 'awaitingSecondLook' | 'undelivered' | 'commit'>;
  readonly baselines: BaselineStore;
  /** Freezes a notice as it will be sent; null where nobody is to be told. */
  readonly freeze: (notice: Notice) => OutboxMessage | null;
  /** What people call the host by now; a name that changed is told with the next notice. */
  readonly hostName?: () => string;
}

/** A pass that came to its end, or to what kept it from scanning. */
export interface ConcludedPass extends Omit<Pass, keyof ReadBaselines | 'hostName' | 'undelivered'> {
  /** Every reference of the host, whether the pass was about it or not. */
  readonly onHost: readonly string[];
}

export interface Told {
  /** By reference. */
  readonly reports: ReadonlyMap<string, BaselineReport>;
  readonly acceptance: PassDecision['acceptance'];
  /** For the log; what comes from images is in them as it is. */
  readonly lines: readonly string[];
  /** What was asked for and could not be done, as sentences. */
  readonly problems: readonly string[];
  readonly notice: Notice | null;
}

interface ReadBaselines {
  readonly baselines: ReadonlyMap<string, Baseline>;
  readonly rules: readonly AcceptanceRule[] | null;
  readonly unreadableBaselines: ReadonlySet<string>;
  readonly unusableFiles: readonly UnusableBaseline[];
}

type DecidedPass = Omit<Pass, keyof ReadBaselines> & Pick<ConcludedPass, 'onHost'>;

interface Decided {
  readonly read: ReadBaselines;
  /** What was decided first, and what after something could not be saved. */
  readonly wanted: PassDecision;
  readonly decision: PassDecision;
  readonly refused: readonly string[];
}

/** Compares a pass with what people know of each reference, accepts what is to be accepted, and decides what is told. */
export class Telling {
  readonly #parts: TellingParts;
  readonly #settings: TellingSettings;

  constructor(parts: TellingParts, settings: TellingSettings) {
    this.#parts = parts;
    this.#settings = settings;
  }

  /** References whose image has to be matched again, since only a second look says whether something is gone. */
  secondLooks(): ReadonlySet<string> {
    return this.#parts.store.awaitingSecondLook();
  }

  /**
   * Baselines are written first; then what people know and what is told change together or not at all.
   *
   * @throws ScannerError as the store and the baselines do; nothing is told then
   */
  async conclude(concluded: ConcludedPass): Promise<Told> {
    const { store, hostName, freeze } = this.#parts;
    const { state: before, lost } = store.read();
    const undelivered = store.undelivered();
    const pass = { ...concluded, undelivered, hostName: hostName?.() ?? null };
    const decided = await this.#decide(before, pass);
    const { decision, read, wanted, refused } = decided;
    if (!concluded.interrupted)
      store.commit({
        state: decision.state,
        message: decision.notice === null ? null : freeze(decision.notice),
        names: undelivered,
      });
    return {
      reports: decision.reports,
      acceptance: decision.acceptance,
      lines: [...decision.lines, ...(this.#settings.tellsNobody === true ? [TELLS_NOBODY] : [])],
      problems: [
        ...(lost === null ? [] : [LOST]),
        ...read.unusableFiles.map(({ file, problem }) => `a baseline cannot be used: ${file} ${problem}`),
        ...refused,
        ...wanted.notAccepted.map(({ reference, reason }) => `${reference} was not accepted: ${reason}`),
      ],
      notice: decision.notice,
    };
  }

  /** Where something is to be saved it is decided once more, by what is there once nobody else changes it. */
  async #decide(before: ToldState, concluded: DecidedPass): Promise<Decided> {
    const read = await this.#readBaselines(concluded);
    const wanted = decidePass(before, { ...concluded, ...read }, this.#settings);
    if (wanted.baselines.length === 0) return { read, wanted, decision: wanted, refused: [] };
    return this.#parts.baselines.exclusively(() => this.#decideAndSave(before, concluded));
  }

  async #decideAndSave(before: ToldState, concluded: DecidedPass): Promise<Decided> {
    const read = await this.#readBaselines(concluded);
    const wanted = decidePass(before, { ...concluded, ...read }, this.#settings);
    const refused = await this.#saveBaselines(wanted.baselines);
    const decision = refused.length === 0 ? wanted : await this.#decideWithoutAccepting(before, concluded);
    return { read, wanted, decision, refused };
  }

  /** What was saved all the same is read again, and so counts as accepted; what was refused is told like any change. */
  async #decideWithoutAccepting(before: ToldState, concluded: DecidedPass): Promise<PassDecision> {
    const pass = { ...concluded, ...(await this.#readBaselines(concluded)) };
    return decidePass(before, pass, { ...this.#settings, accept: false });
  }

  /** Those of other references too: a new reference may start from the baseline of the same image under another name. */
  async #readBaselines({ onHost }: Pick<ConcludedPass, 'onHost'>): Promise<ReadBaselines> {
    const lists = new ListKeeper();
    const baselines = new Map<string, Baseline>();
    const unreadableBaselines = new Set<string>();
    const unusableFiles: UnusableBaseline[] = [];
    for await (const stored of this.#parts.baselines.list(onHost)) {
      if (stored.status === 'read') {
        if (stored.reference !== null) baselines.set(stored.reference, keepBaseline(stored.baseline, lists));
        continue;
      }
      if (stored.reference !== null) unreadableBaselines.add(stored.reference);
      unusableFiles.push({ file: stored.file, reference: stored.reference, problem: stored.problem });
    }
    const stored = await this.#parts.baselines.readRules();
    if (stored.status === 'unreadable')
      unusableFiles.push({ file: stored.file, reference: null, problem: stored.problem });
    const rules = stored.status === 'read' ? stored.rules.rules : null;
    return { baselines, rules, unreadableBaselines, unusableFiles };
  }

  async #saveBaselines(baselines: PassDecision['baselines']): Promise<string[]> {
    const savings = await this.#parts.baselines.saveAll(
      baselines.flatMap((baseline) =>
        baseline.reference === null ? [] : [{ reference: baseline.reference, baseline }],
      ),
    );
    return savings.flatMap(({ reference, saving }) =>
      saving.status === 'refused' ? [`${reference} was not accepted, ${saving.file}: ${saving.problem}`] : [],
    );
  }
}

const TELLS_NOBODY = 'no notice is sent: no channel is configured; changes are kept and reported once one is';
const LOST =
  'the notification state is damaged: the next notice repeats all differences from baselines and lists every other image as first seen';
