/** Run as a child process: reads the file argv[2] again and again until stdin ends, then says how often, and what could not be read. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [file = ''] = process.argv.slice(2);
const problems: string[] = [];
let reads = 0;
process.stdin.resume();
process.stdout.write('reading\n');
while (!process.stdin.readableEnded) {
  const text = readFileSync(file, 'utf8');
  try {
    const { schema, tools } = JSON.parse(text);
    if (schema !== 'gts.tools/1' || tools.length !== 200) problems.push(text.slice(0, 200));
  } catch {
    problems.push(text.slice(-200));
  }
  reads += 1;
  await sleep(1);
}
process.stdout.write(`${JSON.stringify({ reads, problems: problems.slice(0, 5) })}\n`);
