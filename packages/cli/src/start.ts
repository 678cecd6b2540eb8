#!/usr/bin/env node
import { type ErrorCode, ScannerError } from '@scanner/core';

import { type Rescue, run } from './cli.ts';

/** What a first look at the product need not fail for. */
const OUT_OF_REACH: Partial<Record<ErrorCode, string>> = {
  engine_unreachable: 'no Docker engine can be reached',
  engine_forbidden: 'no Docker engine can be reached',
  database_unavailable: 'no vulnerability database is available',
};

/** Shows the bundled demonstration where this machine has nothing to scan or nothing to scan with. */
const demonstrate: Rescue = async (error, context) => {
  const what = ScannerError.is(error) ? OUT_OF_REACH[error.code] : undefined;
  if (what === undefined || !ScannerError.is(error)) return undefined;
  context.console.complain(`${what}: ${context.console.inert(error.message)}`);
  if (error.hint !== null) context.console.complain(`  what to do: ${context.console.inert(error.hint)}`);
  context.console.complain('so this is the bundled demonstration: its images and its database, not yours');
  const { demo } = await import('./commands/everyday-commands.ts');
  return demo(context, {});
};

process.exitCode = await run(['host', 'scan', ...process.argv.slice(2)], process, demonstrate);
