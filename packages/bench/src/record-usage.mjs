// Preloaded into the measured Node process: when it ends, the most memory it has held goes to a file. The kernel keeps
// that figure for a process's own memory alone, without its children and without the process it was forked from.
import { readFileSync, writeFileSync } from 'node:fs';

process.once('exit', () => {
  const peak = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  writeFileSync(String(process.env['BENCH_PEAK_MEMORY_FILE']), String(Number(peak?.[1]) * 1024));
});
