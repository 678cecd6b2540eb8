import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync, writeSync } from 'node:fs';

import { FakeTrivyOrders } from './behaviour.ts';
import type { FakeTrivyCall } from './behaviour.ts';

const STDOUT = 1;
const STDERR = 2;
const CHUNK_BYTES = 65_536;
/** Longer than any test; then it ends by itself, should nobody have ended it. */
const A_LONG_TIME_SECONDS = 300;

const [ordersFile = '', ...args] = process.argv.slice(2);
const { version, behaviour, callsFile } = FakeTrivyOrders.parse(JSON.parse(readFileSync(ordersFile, 'utf8')));

if (args.includes('--version') || args[0] === 'version') tellVersion();
else behave();

function tellVersion(): void {
  record({});
  const asked = args.includes('json') || args.includes('--format=json');
  writeSync(STDOUT, asked ? `${JSON.stringify({ Version: version })}\n` : `Version: ${version}\n`);
}

function behave(): void {
  switch (behaviour.kind) {
    case 'hang':
      hang();
      record({});
      break;
    case 'crash':
      record({});
      writeSync(STDERR, 'panic: runtime error: index out of range [3] with length 3\n\ngoroutine 1 [running]:\n');
      writeSync(STDERR, 'main.main()\n\t/src/main.go:12 +0x1d\n');
      process.exitCode = 2;
      break;
    case 'flood':
      record({});
      flood(behaviour.stream === 'stdout' ? STDOUT : STDERR, behaviour.bytes);
      break;
    case 'answer':
      record({});
      if (behaviour.report !== undefined) writeReport(behaviour.report);
      writeSync(STDOUT, behaviour.stdout ?? '');
      writeSync(STDERR, behaviour.stderr ?? '');
      process.exitCode = behaviour.exitCode;
      break;
    case 'half-report':
      record({});
      writeReport(behaviour.report.slice(0, behaviour.report.length / 2));
      process.kill(process.pid, 'SIGKILL');
      break;
    case 'orphan':
      record({ orphanPid: leaveOrphan() });
      writeReport(behaviour.report);
      break;
  }
}

function record(more: Pick<FakeTrivyCall, 'orphanPid'>): void {
  const call = { args, env: process.env, workingDirectory: process.cwd(), pid: process.pid, ...more };
  appendFileSync(callsFile, `${JSON.stringify(call)}\n`);
}

function hang(): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
  setTimeout(() => undefined, A_LONG_TIME_SECONDS * 1000);
}

function flood(stream: number, bytes: number): void {
  const chunk = Buffer.alloc(CHUNK_BYTES, 'flood ');
  for (let left = bytes; left > 0;) left -= writeSync(stream, chunk, 0, Math.min(left, chunk.length));
}

function leaveOrphan(): number {
  const script = `trap '' TERM INT HUP; for second in $(seq ${A_LONG_TIME_SECONDS}); do sleep 1; done`;
  const child = spawn('/bin/sh', ['-c', script, ordersFile], { stdio: ['ignore', 'inherit', 'inherit'] });
  child.unref();
  return child.pid ?? 0;
}

function writeReport(report: string): void {
  const file = outputFile();
  if (file === undefined) writeSync(STDOUT, report);
  else writeFileSync(file, report);
}

function outputFile(): string | undefined {
  const inline = args.find((arg) => arg.startsWith('--output='));
  if (inline !== undefined) return inline.slice('--output='.length);
  const at = args.findIndex((arg) => arg === '--output' || arg === '-o');
  return at === -1 ? undefined : args[at + 1];
}
