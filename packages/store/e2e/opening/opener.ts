/**
 * Run as a child process: for each line `<directory> <kind> <name> <times>` that comes by stdin it opens that kind of
 * store in that directory, saves something under the name and closes it, so many times. It says `saved <name>` or
 * `problem …` as it goes, then `done`.
 */
import { createInterface } from 'node:readline/promises';

import type { Log } from '@scanner/core';

import { STORE_KINDS } from './store-kinds.ts';

const say = (line: string): void => {
  process.stdout.write(`${line.replaceAll('\n', ' ')}\n`);
};

const complain: Log['warn'] = (message, facts) => say(`problem ${message} ${JSON.stringify(facts)}`);
const log: Log = { debug: () => {}, info: () => {}, warn: complain };

const codeOf = (error: unknown): string =>
  error instanceof Error && 'errcode' in error ? ` (SQLite's ${String(error.errcode)})` : '';

say('ready');
for await (const line of createInterface(process.stdin)) {
  const [directory = '', kind = '', name = '', times = '1'] = line.split(' ');
  for (let time = 1; time <= Number(times); time += 1) {
    try {
      await STORE_KINDS[kind]?.save(directory, `${name}-${time}`, log);
      say(`saved ${name}-${time}`);
    } catch (error) {
      say(`problem ${kind}: ${String(error)}${error instanceof Error ? codeOf(error.cause) : ''}`);
    }
  }
  say('done');
}
