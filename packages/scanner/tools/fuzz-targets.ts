import type { FuzzTarget } from '@scanner/testing/fuzz';

import { ARCHIVE_TARGETS } from './fuzz/archive-targets.ts';
import { ENGINE_TARGETS } from './fuzz/engine-targets.ts';
import { REGISTRY_TARGETS } from './fuzz/registry-targets.ts';
import { TRIVY_TARGETS } from './fuzz/trivy-targets.ts';

/** What this package reads that others wrote. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  ...ARCHIVE_TARGETS,
  ...ENGINE_TARGETS,
  ...REGISTRY_TARGETS,
  ...TRIVY_TARGETS,
];
