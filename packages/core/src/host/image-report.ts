import { listedBy } from '../comparison/listing.ts';
import type { ContainerReport, FindingFilter, ImageReport } from '../documents/host-scan-document.ts';
import type { Failure } from '../model/failure.ts';
import type { ContainerUse, HostImage } from '../model/image.ts';
import type { CompleteScan, ScanOutcome } from '../model/scan-outcome.ts';
import { countSeverities } from '../model/severity.ts';

/** What every report of an image says, whatever came of it. */
export type Subject = Pick<ImageReport, 'id' | 'references' | 'source' | 'containers'>;

export const hostSubject = (image: Pick<HostImage, 'references' | 'containers'> & Pick<Subject, 'id'>): Subject => ({
  id: image.id,
  references: [...image.references],
  source: 'docker',
  containers: image.containers?.map(containerReport) ?? null,
});

const containerReport = ({ name, state, composeProject, composeService = null }: ContainerUse): ContainerReport => ({
  name,
  state,
  compose_project: composeProject,
  compose_service: composeService,
});

/** The report of an image that has a result, new or stored: its findings that the filter lists. */
export const completeReport = (
  subject: Subject,
  scan: CompleteScan,
  filter: FindingFilter,
  from: 'scan' | 'store' = 'scan',
): ImageReport => {
  const findings = scan.findings.filter(listedBy(filter));
  return {
    ...subject,
    status: 'complete',
    reason: scan.reason,
    coverage: scan.coverage,
    reused: from === 'store' ? 'result' : scan.analysis === 'reused' ? 'analysis' : 'none',
    counts: countSeverities(findings),
    findings,
    baselines: [],
    log: null,
  };
};

export const skippedReport = (subject: Subject, reason: Failure): ImageReport =>
  withoutResult(subject, 'skipped', reason);

export const failedReport = (subject: Subject, reason: Failure): ImageReport =>
  withoutResult(subject, 'failed', reason);

/** The report of an image that was scanned just now, however that ended. */
export const outcomeReport = (subject: Subject, outcome: ScanOutcome, filter: FindingFilter): ImageReport =>
  outcome.status === 'complete' ? completeReport(subject, outcome, filter) : failedReport(subject, outcome.reason);

const withoutResult = (subject: Subject, status: 'failed' | 'skipped', reason: Failure): ImageReport => ({
  ...subject,
  status,
  reason,
  coverage: null,
  reused: 'none',
  counts: countSeverities([]),
  findings: [],
  baselines: [],
  log: null,
});
