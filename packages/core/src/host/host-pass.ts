import type { HostScanDocument, ImageReport, TrivyUsed } from '../documents/host-scan-document.ts';
import { totalsOf } from '../documents/totals.ts';
import { type ErrorCode, ScannerError } from '../errors.ts';
import type { Failure, FailureCode } from '../model/failure.ts';
import { type HostImage, isRunning } from '../model/image.ts';
import { ListKeeper } from '../model/list-keeper.ts';
import type { ScannerIdentity } from '../ports/image-scanner.ts';
import type { PassContext } from '../ports/pass-log.ts';
import type { HostPassOptions, HostPassParts } from './host-pass-parts.ts';
import { PassRun } from './pass-run.ts';
import { coversReference, selectImages } from './select-images.ts';
import type { ConcludedPass, Told } from './telling.ts';

export interface HostPassOutcome {
  readonly document: HostScanDocument;
  /** What went wrong beside the images, as sentences: each is a reason not to call the pass whole. */
  readonly problems: readonly string[];
  /** What the reader should know all the same. */
  readonly warnings: readonly string[];
  /** Whether the signal ended it early; finished results are kept. */
  readonly interrupted: boolean;
}

/** One pass over the images of a host: list, leave out, scan what changed, keep and log each result, sum up. */
export class HostPass {
  readonly #parts: HostPassParts;

  constructor(parts: HostPassParts) {
    this.#parts = parts;
  }

  /**
   * @throws ScannerError when nothing could be done at all: no engine, no Trivy, no database, or the first thing
   * to go wrong would go wrong for every image
   */
  async run(options: HostPassOptions): Promise<HostPassOutcome> {
    const startedAt = this.#parts.clock.now().toISOString();
    try {
      return await this.#scanAndTell(startedAt, options);
    } catch (error) {
      const trouble = troubleOf(error);
      // What ended the pass is worth more than that it could not be told.
      if (trouble !== null)
        await this.#tell(
          { images: [], onHost: [], scanner: null, trouble, interrupted: false },
          startedAt,
          options,
        ).catch(() => null);
      throw error;
    }
  }

  async #scanAndTell(startedAt: string, options: HostPassOptions): Promise<HostPassOutcome> {
    // First, since an engine that was asked beforehand works meanwhile.
    const secondLooks = this.#parts.telling?.secondLooks() ?? new Set();
    const listing = await this.#parts.images.list(options.signal);
    const { toScan, unreadable, leftOut } = selectImages(listing, options.selection);
    options.observe?.({
      type: 'listed',
      images: listing.images.length + (listing.unreadable ?? []).length,
      selected: toScan.length,
    });

    await using scanner = await this.#parts.openScanner(options.signal);
    const context = passContext(startedAt, scanner.identity, options);
    options.observe?.({ type: 'started', trivy: context.trivy });

    const lists = new ListKeeper();
    const run = new PassRun({ host: this.#parts, scanner, context, options, secondLooks, lists });
    const scanned = await run.scanAll(toScan.toSorted(runningFirst));
    refuseWhenNothingWorked(run.blockedBy, scanned);
    const failed = await Promise.all(unreadable.map((image) => run.reportUnreadable(image)));

    const interrupted = options.signal?.aborted ?? false;
    const onHost = [...listing.images, ...(listing.unreadable ?? [])].flatMap(({ references }) => references);
    const told = await run.attempt('what changed could not be told', () =>
      this.#tell(
        { images: run.images, onHost, scanner: scanner.identity, trouble: null, interrupted },
        startedAt,
        options,
      ),
    );
    run.problems.push(...(told?.problems ?? []));
    const images = [...scanned, ...failed, ...leftOut].map((image) => withBaselines(image, told, lists));
    const document: HostScanDocument = {
      schema: 'gts.host-scan/1',
      ...context,
      finished_at: this.#parts.clock.now().toISOString(),
      images,
      totals: totalsOf(images),
    };
    const stopped = interrupted ? ['stopped before its end'] : [];
    const warnings = [...listing.warnings, ...run.warnings];
    const notes = [...warnings, ...run.problems, ...(told?.lines ?? []), ...stopped];
    await run.attempt('the summary could not be written', () => this.#parts.log.appendSummary(document, notes));
    return { document, problems: run.problems, warnings, interrupted };
  }

  async #tell(found: PassEnd, at: string, { severities, extraArgs, selection }: HostPassOptions): Promise<Told | null> {
    const covers = (reference: string): boolean => coversReference(selection, reference);
    const filter = { severities: [...severities], extra_args: [...extraArgs] };
    const only = selection.only.map(({ text }) => text);
    return (await this.#parts.telling?.conclude({ ...found, at, filter, covers, only })) ?? null;
  }
}

type PassEnd = Pick<ConcludedPass, 'images' | 'onHost' | 'scanner' | 'trouble' | 'interrupted'>;

const withBaselines = (image: ImageReport, told: Told | null, lists: ListKeeper): ImageReport => {
  const judges = image.references.flatMap((reference) => told?.acceptance.get(reference) ?? []);
  const { findings } = image;
  const withAcceptance = (): ImageReport['findings'] => {
    const acceptances = judges.map((judge) => judge());
    return findings.map((finding) => ({
      ...finding,
      accepted: acceptances.every((isAccepted) => isAccepted(finding)),
    }));
  };
  return {
    ...image,
    findings: judges.length === 0 ? findings : lists.derive(findings.length, withAcceptance),
    baselines: image.references.flatMap((reference) => told?.reports.get(reference) ?? []),
  };
};

/** What would keep every later pass from scanning too, so that people hear of it when it lasts. */
const troubleOf = (error: unknown): Failure | null => {
  if (!ScannerError.is(error)) return null;
  const code = TROUBLE[error.code];
  return code === undefined ? null : { code, message: error.message };
};

const TROUBLE: Partial<Record<ErrorCode, FailureCode>> = {
  engine_unreachable: 'engine_unreachable',
  engine_lost: 'engine_unreachable',
  engine_error: 'engine_unreachable',
  engine_forbidden: 'engine_forbidden',
  database_unavailable: 'database_missing',
  database_too_old: 'database_missing',
  database_corrupt: 'database_corrupt',
  disk_full: 'disk_full',
};

const runningFirst = (a: HostImage, b: HostImage): number => Number(isRunning(b)) - Number(isRunning(a));

const passContext = (startedAt: string, identity: ScannerIdentity, options: HostPassOptions): PassContext => ({
  started_at: startedAt,
  trivy: trivyUsed(identity),
  filter: { severities: [...options.severities], extra_args: [...options.extraArgs] },
});

export const trivyUsed = (identity: ScannerIdentity): TrivyUsed => ({
  version: identity.trivyVersion,
  db_updated_at: identity.databaseUpdatedAt,
  db_stale: identity.databaseStale,
});

const refuseWhenNothingWorked = (blockedBy: Failure | undefined, scanned: readonly ImageReport[]): void => {
  if (blockedBy === undefined || scanned.some(({ status }) => status === 'complete')) return;
  throw blockingError(blockedBy);
};

const blockingError = ({ code, message }: Failure): ScannerError => {
  if (code === 'engine_unreachable')
    return new ScannerError(message, {
      code: 'engine_lost',
      hint: 'look whether the Docker engine still runs, then repeat the command',
    });
  if (code === 'engine_forbidden')
    return new ScannerError(message, {
      code: 'engine_forbidden',
      hint: 'run as a user that may use the Docker socket',
    });
  if (code === 'database_corrupt' || code === 'database_missing')
    return new ScannerError(message, {
      code: 'database_corrupt',
      hint: 'remove the database directory that `gts doctor` names; the next run downloads it again',
    });
  if (code === 'disk_full')
    return new ScannerError(message, { code: 'disk_full', hint: 'free some space, then repeat the command' });
  return new ScannerError(message, { code: 'trivy_broken', hint: 'see what `gts doctor` says of Trivy' });
};
