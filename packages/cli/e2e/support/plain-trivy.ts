import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Finding } from '@scanner/core';
import { type Engine, realTrivy, temporaryDirectory } from '@scanner/testing';

import type { PreparedDatabase } from './prepared-database.ts';

const run = promisify(execFile);

/** What `trivy image --image-src docker` finds by itself, one image after the other. */
export interface PlainTrivy extends AsyncDisposable {
  /** Everything found in an image, as {@link findingLine} writes it, sorted and each once. */
  scan(engine: Engine, reference: string): Promise<string[]>;
}

/** Makes ready to run Trivy by hand with a cache of its own and the same database. */
export const plainTrivy = async ({ environment }: PreparedDatabase): Promise<PlainTrivy> => {
  const trivy = await realTrivy();
  const directory = await temporaryDirectory();
  return {
    scan: async ({ dockerHost }, reference) => {
      const { stdout } = await run(trivy, ['image', '--image-src', 'docker', '--format', 'json', reference], {
        cwd: directory.path,
        env: {
          ...environment,
          HOME: directory.path,
          TMPDIR: directory.path,
          TRIVY_CACHE_DIR: join(directory.path, 'cache'),
          DOCKER_HOST: dockerHost,
        },
      });
      const report: TrivyReport = JSON.parse(stdout);
      return linesOf(report);
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
};

/** Vulnerability, package and installed version on one line. */
export const findingLine = ({
  vulnerability,
  package: name,
  installed,
}: Pick<Finding, 'vulnerability' | 'package' | 'installed'>): string => `${vulnerability} ${name} ${installed}`;

interface TrivyReport {
  readonly Results?: ReadonlyArray<{
    readonly Vulnerabilities?: ReadonlyArray<{
      readonly VulnerabilityID: string;
      readonly PkgName: string;
      readonly InstalledVersion: string;
    }>;
  }>;
}

const linesOf = ({ Results = [] }: TrivyReport): string[] => {
  const lines = Results.flatMap(({ Vulnerabilities = [] }) => Vulnerabilities).map((found) =>
    findingLine({ vulnerability: found.VulnerabilityID, package: found.PkgName, installed: found.InstalledVersion }),
  );
  return [...new Set(lines)].toSorted();
};
