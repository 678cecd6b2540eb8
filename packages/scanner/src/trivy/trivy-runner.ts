import { statSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ScannerError } from '@scanner/core';
import type { BlobCache, FailureCode, ScanRequest, ScanSubject, Severity } from '@scanner/core';

import type { Claimant } from './analysis-claims.ts';
import { ExportProblem } from '../image-export/export-problem.ts';
import { classifyFailure, lastFatalText } from './classify-failure.ts';
import type { Verdict } from './classify-failure.ts';
import { convertArguments, scanArguments } from './command.ts';
import type { KnownLayers } from './known-layers.ts';
import { packageTypesOf, scanManner, withoutSystem } from './match-options.ts';
import { MAX_REPORT_BYTES, readReport } from './read-report.ts';
import type { ReadReport } from './read-report.ts';
import { dockerConfigFor } from './registry-credentials.ts';
import type { RegistryCredentials, RegistryLogin } from './registry-credentials.ts';
import type { CacheUse } from './cache-use.ts';
import type { CacheAccess, RespServer } from './resp-server.ts';
import { runProcess } from './run-process.ts';
import type { ProcessEnd, ProcessRequest } from './run-process.ts';
import { NOTHING_IN_IT, platformMismatch, resultOf } from './scan-result.ts';
import type { ScanResult } from './scan-result.ts';
import { reachableSubject, registryOfSubject } from './scan-subject.ts';
import type { ScanTrace } from './scan-trace.ts';
import type { SystemAdvisories } from './system-advisories.ts';
import type { Job, Session } from './session.ts';
import { WaitClock } from './wait-clock.ts';

/** What every Trivy process of a session is started with. */
export interface RunnerOptions {
  readonly trivy: { readonly path: string; readonly version: string };
  readonly session: Session;
  readonly server: RespServer;
  readonly blobCache: BlobCache;
  readonly layers: KnownLayers;
  readonly advisories: SystemAdvisories;
  /** Passed on to Trivy as they are. */
  readonly environment: Readonly<Record<string, string>>;
  /** The way to the network, with passwords of proxies: only for a Trivy that goes there. */
  readonly networkEnvironment: Readonly<Record<string, string>>;
  readonly credentials: RegistryCredentials;
  /** Mirrors by registry host, tried in order before the registry itself. */
  readonly registryMirrors: Readonly<Record<string, readonly string[]>>;
}

/** One way to run Trivy on one subject. */
export interface Run {
  readonly request: ScanRequest;
  /** Leaves the system's packages unjudged. */
  readonly withoutSystem: boolean;
  readonly deadlineMs: number;
  readonly frugal: boolean;
  readonly withoutJava: boolean;
  /** What it may take from the scan cache, and leave there for others. */
  readonly use: CacheUse;
  readonly signal: AbortSignal | undefined;
  /** Told when it starts to wait for what another is analysing; what it returns is called when the wait is over. */
  readonly onWait: () => () => void;
}

export type RunOutcome = {
  readonly analysed: boolean;
  /** How much of its time it waited for what others analysed. */
  readonly waitedMs: number;
} & ({ readonly result: ScanResult } | { readonly verdict: Verdict });

type StartOptions = Pick<ProcessRequest, 'deadlineMs' | 'waitedMs' | 'signal' | 'graceMs' | 'environment'> & {
  readonly onStart?: (group: number) => void;
};

export type ConvertFormat = 'cyclonedx' | 'spdx-json';

export interface ConvertRequest {
  /** What `keepReportAt` left: a report with every package. */
  readonly reportPath: string;
  readonly format: ConvertFormat;
  /** Findings of other severities are left out; packages are not. */
  readonly severities: readonly Severity[];
  readonly outputPath: string;
}

const CONVERT_DEADLINE_MS = 120_000;
/** A tenth of the time for 40 MB more of memory. */
const FEWER_COLLECTIONS = '400';
/** As long as a timer can be. */
const NO_DEADLINE_MS = 2 ** 31 - 1;

/** Starts Trivy processes inside one session, one job directory each, and reads what they leave. */
export class TrivyRunner {
  readonly #options: RunnerOptions;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  async scan(run: Run): Promise<RunOutcome> {
    await using job = await this.#options.session.openJob();
    const clock = new WaitClock();
    using access = this.#openAccess(run, clock);
    const startedAt = performance.now();
    const subject = await this.#reach(run, job);
    if ('verdict' in subject) return { analysed: false, waitedMs: 0, ...subject };
    await this.#layLogins(job, subject, run.signal);
    const end = await this.#start(job, this.#scanCommand(run, subject, job), {
      environment: {
        TRIVY_CACHE_BACKEND: access.url,
        ...(subject.source === 'remote' && this.#options.networkEnvironment),
      },
      deadlineMs: Math.max(1, run.deadlineMs - (performance.now() - startedAt)),
      waitedMs: () => clock.waitedMs,
      signal: run.signal,
    });
    if (end.exitCode === 0 && end.stopped === null) access.keep();
    const ended = await this.#conclude(run, end, job, access.trace);
    return { analysed: access.trace.analysed, waitedMs: clock.waitedMs, ...ended };
  }

  /**
   * Runs Trivy's server until the signal is aborted, or it ends of itself.
   *
   * @param onStart told its process group
   */
  async serve(
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
    signal: AbortSignal,
    onStart: (group: number) => void,
  ): Promise<ProcessEnd> {
    await using job = await this.#options.session.openJob();
    // It has nothing to finish: what it would tell nobody waits for.
    return await this.#start(job, args, { environment, deadlineMs: NO_DEADLINE_MS, graceMs: 0, signal, onStart });
  }

  /**
   * Turns a kept report into another format.
   *
   * @throws ScannerError `trivy_broken`, or `interrupted`
   */
  async convert({ reportPath, format, severities, outputPath }: ConvertRequest, signal?: AbortSignal): Promise<void> {
    await using job = await this.#options.session.openJob();
    const args = convertArguments({ format, severities, reportPath, outputPath });
    const end = await this.#start(job, args, { environment: {}, deadlineMs: CONVERT_DEADLINE_MS, signal });
    if (end.exitCode === 0 && end.stopped === null) return;
    const { failure } = classifyFailure(end, 'archive');
    throw new ScannerError(`the report could not be turned into ${format}: ${failure.message}`, {
      code: failure.code === 'interrupted' ? 'interrupted' : 'trivy_broken',
      hint: 'see whether `trivy convert` can do it by hand',
    });
  }

  async #reach({ request, deadlineMs, signal }: Run, job: Job): Promise<ScanSubject | { verdict: Verdict }> {
    const deadline = AbortSignal.timeout(Math.min(Math.ceil(deadlineMs), NO_DEADLINE_MS));
    const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    try {
      return await reachableSubject(request.subject, job.directory, either);
    } catch (error) {
      signal?.throwIfAborted();
      if (deadline.aborted) return notUnpacked('timeout', 'the archive was not unpacked in time');
      if (!(error instanceof ExportProblem)) throw error;
      return error.kind === 'over_budget'
        ? notUnpacked('disk_full', 'the archive takes more disk space than it may')
        : notUnpacked('corrupt', 'the archive is cut short, or damaged');
    }
  }

  /**
   * The first Java archive ends a run that finds no Java database, but what of its layers is analysed after that lacks
   * its Java archives without a word: nothing of such a run is kept until it has ended well.
   */
  #openAccess({ request, withoutJava, use, frugal, deadlineMs, onWait }: Run, clock: WaitClock): CacheAccess {
    const { server, layers, session } = this.#options;
    const { analysis } = scanManner(request.extraArgs ?? [], withoutJava);
    const maker: Claimant = {
      patienceMs: frugal ? 0 : deadlineMs,
      onWait: () => {
        const [goOn, takeBack] = [clock.start(), onWait()];
        return () => {
          goOn();
          takeBack();
        };
      },
    };
    return server.openAccess({
      use,
      held: !withoutJava && !session.hasJava,
      sees: (key, value) => layers.learn(analysis, key, value),
      ...(use.keeps.size > 0 && { maker }),
    });
  }

  async #conclude(
    run: Run,
    end: ProcessEnd,
    job: Job,
    trace: ScanTrace,
  ): Promise<{ result: ScanResult } | { verdict: Verdict }> {
    const { subject, keepReportAt } = run.request;
    if (isWithoutLayers(end, run.request)) return { result: NOTHING_IN_IT };
    if (end.exitCode !== 0 || end.stopped !== null) return { verdict: classifyFailure(end, subject.source) };
    const read = readReport(job.reportFile);
    if (!('report' in read)) return { verdict: unreadable(read) };
    const mismatch = platformMismatch(read.report, subject.platform);
    if (mismatch !== null) return { verdict: { failure: mismatch, retry: 'never', blocks: false } };
    if (keepReportAt !== undefined) await copyFile(job.reportFile, keepReportAt);
    const { stderr } = end;
    const { withoutJava, withoutSystem: isSystemLeftOut, request } = run;
    const packageTypes = packageTypesOf(request.extraArgs ?? []);
    const finished = { report: read.report, stderr, subject, trace, withoutJava, isSystemLeftOut, packageTypes };
    return { result: resultOf(finished, this.#options) };
  }

  #scanCommand(run: Run, subject: ScanSubject, job: Job): string[] {
    const { session, trivy } = this.#options;
    return scanArguments({
      version: trivy.version,
      subject,
      paths: {
        cacheDirectory: session.cacheDirectory,
        moduleDirectory: session.moduleDirectory,
        reportFile: job.reportFile,
        configFile: this.#layMirrors(job, subject),
      },
      extraArgs: run.withoutSystem ? withoutSystem(run.request.extraArgs ?? []) : (run.request.extraArgs ?? []),
      // It may wait for others as long again.
      timeoutSeconds: (2 * run.deadlineMs) / 1000 + 60,
      allPackages: run.request.keepReportAt !== undefined,
      frugal: run.frugal,
      withoutJava: run.withoutJava,
    });
  }

  #start(job: Job, args: readonly string[], { environment, onStart, ...limits }: StartOptions): Promise<ProcessEnd> {
    const { trivy, session } = this.#options;
    return runProcess({
      ...limits,
      file: trivy.path,
      args,
      cwd: session.workingDirectory,
      environment: {
        ...this.#options.environment,
        ...environment,
        GOGC: FEWER_COLLECTIONS,
        PATH: '',
        HOME: session.homeDirectory,
        XDG_DATA_HOME: session.homeDirectory,
        TMPDIR: job.temporaryDirectory,
        DOCKER_CONFIG: job.directory,
      },
      isOverLimit: () => (statSync(job.reportFile, { throwIfNoEntry: false })?.size ?? 0) > MAX_REPORT_BYTES,
      onGroup: (group, alive) => {
        session.trackGroup(group, alive);
        if (alive) onStart?.(group);
      },
    });
  }

  /** Only the logins of the registry asked, and of its mirrors: Trivy would show any it has to whoever it asks. */
  async #layLogins(job: Job, subject: ScanSubject, signal: AbortSignal | undefined): Promise<void> {
    const { credentials } = this.#options;
    const logins = new Map<string, RegistryLogin>();
    for (const host of this.#hostsAsked(subject)) {
      const login = await credentials.find(host, signal);
      if (login !== null) logins.set(host, login);
    }
    writeFileSync(join(job.directory, 'config.json'), dockerConfigFor(logins), { mode: 0o600 });
  }

  #hostsAsked(subject: ScanSubject): string[] {
    const registry = registryOfSubject(subject);
    if (registry === null) return [];
    const mirrors = this.#options.registryMirrors[registry] ?? [];
    return [registry, ...mirrors.map((mirror) => mirror.split('/', 1)[0] ?? mirror)];
  }

  /** Mirrors can be named nowhere but in Trivy's settings file. */
  #layMirrors(job: Job, subject: ScanSubject): string | null {
    const registry = registryOfSubject(subject);
    const mirrors = registry === null ? [] : (this.#options.registryMirrors[registry] ?? []);
    if (registry === null || mirrors.length === 0) return null;
    const file = join(job.directory, 'trivy.yaml');
    const name = registry === 'docker.io' ? 'index.docker.io' : registry;
    writeFileSync(file, JSON.stringify({ registry: { mirrors: { [name]: mirrors } } }), { mode: 0o600 });
    return file;
  }
}

const notUnpacked = (code: FailureCode, message: string): { verdict: Verdict } => ({
  verdict: { failure: { code, message }, retry: 'never', blocks: false },
});

/** There is nothing of it that an engine could export, and some refuse to. */
const isWithoutLayers = (end: ProcessEnd, { subject, keepReportAt }: ScanRequest): boolean =>
  subject.source === 'docker' &&
  keepReportAt === undefined &&
  end.stopped === null &&
  /Error response from daemon: empty export\b/.test(lastFatalText(end.stderr) ?? '');

const unreadable = (read: Exclude<ReadReport, { report: unknown }>): Verdict => ({
  failure:
    read.problem === 'too_large'
      ? { code: 'output_limit', message: `the report is larger than it may be (${read.detail})` }
      : { code: 'bad_report', message: `Trivy's report is ${read.problem}` },
  retry: 'never',
  blocks: false,
});
