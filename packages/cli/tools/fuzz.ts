// Fuzzes what this package reads: `npm run fuzz -- [--minutes 10] [--seed 1]`.
import { fuzzFromCommandLine } from '@scanner/testing/fuzz';

import { FUZZ_TARGETS } from './fuzz-targets.ts';

await fuzzFromCommandLine(FUZZ_TARGETS);
