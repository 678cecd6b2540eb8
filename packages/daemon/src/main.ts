#!/usr/bin/env node
import { run } from './image-scanner.ts';

process.exitCode = await run(process.argv.slice(2), process);
