import { argv } from 'node:process';

import { InMemoryBlobCache } from '@scanner/core/testing';
import { realTrivy } from '@scanner/testing';

import { openTrivyScanner } from '../src/index.ts';
import { PINNED_VERSION } from '../src/trivy-binary/trivy-version.ts';
import { locksByProcess } from './lock-by-process.ts';
import { layDatabase, PULLED_BY_TRIVY } from './trivy-workbench.ts';

/** Scans an image in a process of its own, by a Trivy that pulls it, for a test to kill. */
const [, , directory = '', reference = ''] = argv;

const scanner = await openTrivyScanner({
  trivy: { path: await realTrivy(), version: PINNED_VERSION },
  database: await layDatabase(`${directory}/database`, false),
  blobCache: new InMemoryBlobCache(),
  workDirectory: `${directory}/work`,
  locks: locksByProcess,
  concurrency: 1,
});
await scanner.scan({ subject: { source: 'remote', reference }, ...PULLED_BY_TRIVY });
