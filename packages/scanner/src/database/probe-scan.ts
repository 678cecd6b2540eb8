import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runProcess } from '../trivy/run-process.ts';
import { lastWords } from './mirror-failure.ts';

export interface ProbeScan {
  readonly trivyPath: string;
  readonly cacheDir: string;
  /** An empty directory. */
  readonly workDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const DEADLINE_MS = 60_000;

/** One package of a system that every database knows: enough to make Trivy walk the database's tree. */
const BILL_OF_MATERIALS = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: { component: { type: 'container', name: 'probe' } },
  components: [
    { type: 'operating-system', name: 'debian', version: '12' },
    { type: 'library', name: 'openssl', version: '3.0.0', purl: 'pkg:deb/debian/openssl@3.0.0?distro=debian-12' },
  ],
};

/** Has Trivy look one package up in a vulnerability database. Says why it cannot, or null. */
export const probeDatabase = async (probe: ProbeScan): Promise<string | null> => {
  const subject = join(probe.workDir, 'probe.cdx.json');
  await writeFile(subject, JSON.stringify(BILL_OF_MATERIALS));
  const end = await runProcess({
    file: probe.trivyPath,
    args: [
      ...['sbom', '--config', '/dev/null', '--ignorefile', '/dev/null', '--cache-dir', probe.cacheDir],
      ...['--skip-db-update', '--skip-java-db-update', '--offline-scan', '--scanners', 'vuln', '--no-progress'],
      ...['--format', 'json', '--output', join(probe.workDir, 'report.json'), '--', subject],
    ],
    cwd: probe.workDir,
    environment: probe.environment,
    deadlineMs: DEADLINE_MS,
    signal: probe.signal,
  });
  probe.signal?.throwIfAborted();
  if (end.exitCode === 0) return null;
  if (end.stopped !== null) return 'Trivy does not come to an end with it';
  return `Trivy cannot read it: ${lastWords(end.stderr)}`;
};
