// Preloaded into the measured Node process: when it ends, what it has used goes to a file as JSON. The kernel keeps the
// most memory held for a process alone, and the CPU time of its children, with theirs, once it has waited for them.
import { readFileSync, writeFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;
const FIRST_FIELD_AFTER_NAME = 3;
const CHILDREN_USER_FIELD = 16;

process.once('exit', () => {
  const peak = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  const { user, system } = process.cpuUsage();
  const usage = {
    peakMemoryBytes: Number(peak?.[1]) * 1024,
    cpuSeconds: (user + system) / 1_000_000,
    childrenCpuSeconds: childrenTicks() / TICKS_PER_SECOND,
  };
  writeFileSync(String(process.env['BENCH_USAGE_FILE']), JSON.stringify(usage));
});

function childrenTicks() {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const at = CHILDREN_USER_FIELD - FIRST_FIELD_AFTER_NAME;
  return Number(fields[at]) + Number(fields[at + 1]);
}
