#!/usr/bin/env node
import { keepCompiledCode } from './compiled-code.ts';

keepCompiledCode(process.env);
// Loaded after, so that it is kept too.
const { run } = await import('./cli.ts');
process.exitCode = await run(process.argv.slice(2), process);
