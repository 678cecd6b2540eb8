import type { FailureCode } from '../model/failure.ts';
import type { FailedScan, ScanOutcome } from '../model/scan-outcome.ts';
import type { ImageScanner, ScanRequest, ScanSubject } from '../ports/image-scanner.ts';

export interface ScanInTurn {
  /** Who had it; where none had, who was asked first. */
  readonly source: ScanSubject['source'];
  readonly outcome: ScanOutcome;
}

interface Refusal {
  readonly source: ScanSubject['source'];
  readonly outcome: FailedScan;
}

/** Scans the first of the subjects that is there. Where none is, the failure of the first, with what each source said. */
export const scanInTurn = async (
  scanner: ImageScanner,
  subjects: readonly ScanSubject[],
  request: Omit<ScanRequest, 'subject'>,
  signal?: AbortSignal,
): Promise<ScanInTurn> => {
  const refusals: Refusal[] = [];
  for (const subject of subjects) {
    const { source } = subject;
    const outcome = await scanner.scan({ ...request, subject }, signal);
    if (outcome.status === 'complete') return { source, outcome };
    refusals.push({ source, outcome });
    if (!NEXT_SOURCE_MAY_HAVE_IT.has(outcome.reason.code)) break;
  }
  return noneHadIt(refusals);
};

const NEXT_SOURCE_MAY_HAVE_IT: ReadonlySet<FailureCode> = new Set([
  'not_found',
  'incomplete',
  'unauthorized',
  'rate_limited',
  'registry_error',
  'network',
  'no_such_platform',
  'engine_unreachable',
  'engine_forbidden',
]);

const noneHadIt = (refusals: readonly Refusal[]): ScanInTurn => {
  const [first, ...others] = refusals;
  if (first === undefined) throw new TypeError('there is no source to ask');
  if (others.length === 0) return first;
  const message = refusals.map(({ source, outcome }) => `${SOURCE_NAME[source]}: ${outcome.reason.message}`).join('; ');
  const durationSeconds = refusals.reduce((sum, { outcome }) => sum + outcome.durationSeconds, 0);
  const reason = { code: first.outcome.reason.code, message };
  return { source: first.source, outcome: { ...first.outcome, reason, durationSeconds } };
};

const SOURCE_NAME = { remote: 'registry', docker: 'engine', archive: 'archive' } as const;
