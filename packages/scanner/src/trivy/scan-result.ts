import type { BlobCache, CompleteScan, Coverage, Failure, ScanSubject } from '@scanner/core';

import { contentsOf, coverageOf, layerContents, parseOrNull } from './coverage.ts';
import type { Contents } from './coverage.ts';
import type { KnownLayers } from './known-layers.ts';
import { findingsOf } from './report-findings.ts';
import type { Report } from './report-schema.ts';
import type { ScanTrace } from './scan-trace.ts';

/** Everything of a {@link CompleteScan} but when and how long. */
export type ScanResult = Omit<CompleteScan, 'status' | 'analysis' | 'scannedAt' | 'durationSeconds'>;

export interface FinishedRun {
  readonly report: Report;
  readonly stderr: string;
  readonly subject: ScanSubject;
  readonly trace: ScanTrace;
  readonly withoutJava: boolean;
}

const WITHOUT_JAVA: Failure = {
  code: 'java_db_missing',
  message: 'Java archives were left out, for want of the Java database',
};

/** Where it is known what the layers hold. */
export interface Analyses {
  readonly layers: Pick<KnownLayers, 'contents'>;
  readonly blobCache: Pick<BlobCache, 'get'>;
}

/** What a run of Trivy that ended well found. */
export const resultOf = (run: FinishedRun, analyses: Analyses): ScanResult => {
  const { report } = run;
  return {
    coverage: judgeCoverage(run, analyses),
    reason: run.withoutJava ? WITHOUT_JAVA : null,
    os: osOf(report),
    imageId: imageIdOf(report),
    digest: run.subject.source === 'remote' ? digestOf(report) : null,
    layers: report.Metadata?.DiffIDs ?? [],
    findings: findingsOf(report),
  };
};

/** Why a report is not one of the platform that was asked for: Trivy takes an image with only one as it is. */
export const platformMismatch = (report: Report, wanted: string | undefined): Failure | null => {
  const config = report.Metadata?.ImageConfig;
  if (wanted === undefined || !config?.os || !config.architecture) return null;
  const [os, architecture, variant] = wanted.split('/');
  const same =
    config.os === os &&
    config.architecture === architecture &&
    (!variant || !config.variant || config.variant === variant);
  if (same) return null;
  const found = JSON.stringify(`${config.os}/${config.architecture}`.slice(0, 64));
  return { code: 'no_such_platform', message: `the image is for ${found}, not for ${wanted}` };
};

const judgeCoverage = ({ report, stderr, trace, withoutJava }: FinishedRun, analyses: Analyses): Coverage => {
  if (withoutJava) return 'partial';
  return coverageOf(report, stderr, contentsOf(trace.blobKeys.map((key) => contentsAt(key, trace, analyses))));
};

/** Whoever saw the analysis go by has read it already; but what a scan has for itself alone is what it was judged by. */
const contentsAt = (key: string, trace: ScanTrace, { layers, blobCache }: Analyses): Contents => {
  const own = trace.kept(key);
  const seen = own === undefined ? layers.contents(key) : undefined;
  if (seen !== undefined) return seen;
  const blob = own ?? blobCache.get(key);
  return layerContents(blob && parseOrNull(blob));
};

export const osOf = (report: Report): CompleteScan['os'] => {
  const os = report.Metadata?.OS;
  return os?.Family ? { family: os.Family.slice(0, 64), name: (os.Name ?? '').slice(0, 128) } : null;
};

const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;

const imageIdOf = (report: Report): string | null => {
  const id = report.Metadata?.ImageID ?? '';
  return IMAGE_ID.test(id) ? id : null;
};

const digestOf = (report: Report): string | null => {
  for (const digest of report.Metadata?.RepoDigests ?? []) {
    const match = /@(sha256:[0-9a-f]{64})$/.exec(digest);
    if (match?.[1] !== undefined) return match[1];
  }
  return null;
};
