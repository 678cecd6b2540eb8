import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { realTrivy, startRegistry, temporaryDirectory } from '@scanner/testing';
import type { Registry } from '@scanner/testing';

import { judged } from '../aim.ts';
import { Databases } from '../databases.ts';
import { ExpectedFindings } from '../expected-findings.ts';
import type { FindingSets } from '../finding-sets.ts';
import { realSized } from '../images/real-sized.ts';
import { runPlainLoop } from '../plain-loop.ts';
import { catalogueScanCache, runCatalogueScan } from '../scans/catalogue-scan.ts';
import type { PublishedTool } from '../scans/published-images.ts';
import type { Suite, SuiteContext, SuiteOutcome } from '../suite.ts';
import { Workplace } from '../workplace.ts';
import { publishReportImages } from './report-images.ts';
import { renderReports, reportsAims } from './reports-text.ts';
import type { ReportsRound } from './reports-text.ts';
import { makeUntestedTrivy } from './untested-trivy.ts';

const REPORTS = 500;
const MEGABYTE = 1_000_000;

/** What our own process takes while many large reports pass through it. */
export const reportsSuite: Suite = {
  name: 'reports',
  summary: `memory and CPU time of gts while ${REPORTS} reports of 1 MB pass through`,
  options: {},
  optionsHelp: [],
  prepare: () => measureReports,
};

async function measureReports(context: SuiteContext): Promise<SuiteOutcome> {
  const { rounds, signal, note } = context;
  const sized = await realSized(note);
  await using directory = await temporaryDirectory();
  note(`registry: starting it and pushing ${REPORTS} images`);
  await using registry = await startRegistry();
  const tools = await publishReportImages(registry, sized, REPORTS);
  signal.throwIfAborted();
  const place = await Workplace.in(directory.path);
  const databases = new Databases(sized.database);
  const trivy = await makeUntestedTrivy(await realTrivy(), directory.path);
  const reports = new Reports({ registry, tools, place, databases, trivy }, signal);
  const reportBytes = await reports.begin();
  const measured: ReportsRound[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    note(`${REPORTS} reports: round ${round} of ${rounds}`);
    measured.push(await reports.measure());
  }
  const result = { reports: REPORTS, reportBytes, rounds: measured };
  const problems = reportBytes >= MEGABYTE ? [] : [`A report has ${reportBytes} bytes, less than a megabyte.`];
  return {
    text: renderReports(result),
    result: { ...result, aims: judged(reportsAims(result)) },
    problems: [...problems, ...reports.problems()],
  };
}

interface ReportsParts {
  readonly registry: Registry;
  readonly tools: readonly PublishedTool[];
  readonly place: Workplace;
  readonly databases: Databases;
  readonly trivy: string;
}

class Reports {
  readonly #parts: ReportsParts;
  readonly #signal: AbortSignal;
  readonly #expected = new ExpectedFindings<'all'>();

  constructor(parts: ReportsParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  /** Scans one image plainly, which says what is found in each, and how large a report is in bytes. */
  async begin(): Promise<number> {
    const { tools, trivy, place, databases } = this.#parts;
    await using directory = await place.emptyDirectory();
    await databases.put(join(directory.path, 'cache'), 1);
    const references = tools.slice(0, 1).map(({ reference }) => reference);
    const { findings } = await runPlainLoop(
      { trivy, source: 'remote', references, directory: directory.path, environment: place.environment },
      this.#signal,
    );
    this.#expected.reference('all', 'plain scan of one', this.#inEach(findings));
    const { size } = await stat(join(directory.path, 'reports', '1.json'));
    return size;
  }

  async measure(): Promise<ReportsRound> {
    const { registry, tools, trivy, place, databases } = this.#parts;
    await using directory = await place.emptyDirectory();
    await databases.put(catalogueScanCache(directory.path), 1);
    await place.settle(this.#signal);
    const { outcome, findings } = await runCatalogueScan(
      {
        trivy,
        registryHost: registry.host,
        tools,
        directory: directory.path,
        environment: place.environment,
      },
      this.#signal,
    );
    this.#expected.compare('all', 'gts scan', findings);
    const { milliseconds, peakMemoryBytes, cpuSeconds, childrenCpuSeconds } = outcome;
    return { milliseconds, peakMemoryBytes, cpuSeconds, childrenCpuSeconds };
  }

  problems(): string[] {
    return this.#expected.problems();
  }

  #inEach(findings: FindingSets): FindingSets {
    const [found = new Set<string>()] = findings.values();
    return new Map(this.#parts.tools.map(({ reference }) => [reference, found]));
  }
}
