import type { BlobCache, CompleteScan, Failure, ScanSubject } from '@scanner/core';

import { coverageOf, NOTHING_JUDGED } from './coverage.ts';
import type { Judged, SystemSeen } from './coverage.ts';
import { imageContents, readContents } from './image-contents.ts';
import { describeLayer } from './known-layers.ts';
import type { KnownLayers, SeenLayer } from './known-layers.ts';
import { findingsOf } from './report-findings.ts';
import type { Report } from './report-schema.ts';
import { BLOB_PREFIX } from './scan-trace.ts';
import type { ScanTrace } from './scan-trace.ts';
import type { SystemAdvisories } from './system-advisories.ts';

/** Everything of a {@link CompleteScan} but when and how long. */
export type ScanResult = Omit<CompleteScan, 'status' | 'analysis' | 'scannedAt' | 'durationSeconds'>;

export interface FinishedRun {
  readonly report: Report;
  readonly stderr: string;
  readonly subject: ScanSubject;
  readonly trace: ScanTrace;
  readonly withoutJava: boolean;
  readonly isSystemLeftOut: boolean;
  /** Of the system, of languages: which packages were asked for. */
  readonly packageTypes: readonly string[];
}

const WITHOUT_JAVA: Failure = {
  code: 'java_db_missing',
  message: 'Java archives were skipped, because the Java database is missing',
};

/** Where it is known what the layers hold, and what there are advisories for. */
export interface Analyses {
  readonly layers: Pick<KnownLayers, 'seen'>;
  readonly blobCache: Pick<BlobCache, 'get'>;
  readonly advisories: SystemAdvisories;
}

/** What a run of Trivy that ended well found. */
export const resultOf = (run: FinishedRun, analyses: Analyses): ScanResult => {
  const { report } = run;
  return {
    ...judge(run, analyses),
    os: osOf(report),
    imageId: imageIdOf(report),
    digest: run.subject.source === 'remote' ? digestOf(report) : null,
    layers: report.Metadata?.DiffIDs ?? [],
    findings: findingsOf(report),
  };
};

/** What is in an image that has no layers. */
export const NOTHING_IN_IT: ScanResult = {
  ...NOTHING_JUDGED,
  os: null,
  imageId: null,
  digest: null,
  layers: [],
  findings: [],
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

const judge = (run: FinishedRun, analyses: Analyses): Judged => {
  if (run.withoutJava) return { coverage: 'partial', reason: WITHOUT_JAVA };
  const { report, stderr, packageTypes, isSystemLeftOut } = run;
  const seen = systemOf(report, !isSystemLeftOut && !/\tWARN\tUnsupported os\t/.test(stderr));
  const isPastItsEnd = seen.isPastItsEnd || /\tWARN\tThis OS version is no longer supported/.test(stderr);
  const contents = imageContents(layersOf(run, analyses), (blob) =>
    readContents(analysisOf(`${BLOB_PREFIX}${blob}`, run, analyses)),
  );
  return coverageOf(packageTypes.includes('os') ? { ...seen, isPastItsEnd } : null, contents, analyses.advisories);
};

/** Base first, each as often as it is in the image: Trivy asks for the analysis of each once. */
const layersOf = (run: FinishedRun, analyses: Analyses): SeenLayer[] => {
  const seen = run.trace.blobKeys.flatMap((key) => layerAt(key, run, analyses) ?? []);
  const byDiffId = new Map(seen.map((layer) => [layer.diffId, layer]));
  const inOrder = (run.report.Metadata?.DiffIDs ?? []).map((diffId) => byDiffId.get(diffId));
  return inOrder.every((layer) => layer !== undefined) && inOrder.length >= byDiffId.size ? inOrder : seen;
};

/** Whoever saw the analysis go by has read it already; but what a scan has for itself alone is what it was judged by. */
const layerAt = (key: string, run: FinishedRun, analyses: Analyses): SeenLayer | null => {
  const seen = run.trace.kept(key) === undefined ? analyses.layers.seen(key) : undefined;
  if (seen !== undefined) return seen;
  const analysis = analysisOf(key, run, analyses);
  return analysis === undefined ? null : describeLayer(key, analysis);
};

const analysisOf = (key: string, { trace }: FinishedRun, { blobCache }: Analyses): Buffer | undefined =>
  trace.kept(key) ?? blobCache.get(key);

/** @param isSupported whether Trivy has a way to judge such a system */
export const systemOf = (report: Report, isSupported: boolean): SystemSeen => {
  const os = report.Metadata?.OS;
  return {
    family: os?.Family ?? '',
    release: os?.Name ?? '',
    extended: os?.extended ?? false,
    supplier: os?.Supplier ?? '',
    isSupported,
    hasFindings: (report.Results ?? []).some(
      (result) => result.Class === 'os-pkgs' && (result.Vulnerabilities ?? []).length > 0,
    ),
    isPastItsEnd: os?.EOSL ?? false,
  };
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
