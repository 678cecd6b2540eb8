import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runNode } from '../built-gts.ts';
import type { SuiteContext } from '../suite.ts';
import { plainEnvironment, settle } from '../surroundings.ts';
import { deliveredBytes } from './delivered-mail.ts';
import { logProblems } from './image-logs.ts';
import { CHANGES } from './notices-content.ts';
import type { TellingReport } from './telling-report.ts';

/** Both on what was known before, in processes of their own. */
export interface TellingRound {
  readonly ours: TellingReport;
  readonly plain: TellingReport;
}

export interface TellingMeasurement {
  readonly rounds: readonly TellingRound[];
  /** The mail as a server receives it, headers included. */
  readonly mailBytes: number;
  readonly problems: readonly string[];
}

export interface TellingSetting extends SuiteContext {
  /** For everything that is written; removed in the end. */
  readonly directory: string;
}

/** Less than this, so that no mail program cuts it. */
export const MAIL_LIMIT_BYTES = 100_000;

/** Seeds what is known once, then has gts and a script tell one pass, each round anew and in turns. */
export async function measureTelling(setting: TellingSetting): Promise<TellingMeasurement> {
  const { directory, note, signal } = setting;
  const files = { database: join(directory, 'seeded.db'), plain: join(directory, 'seeded.json') };
  note('making what is known');
  await runProgram('seed-told.ts', [files.database, files.plain], setting);
  const rounds: TellingRound[] = [];
  for (let round = 0; round <= setting.rounds; round += 1) {
    note(round === 0 ? 'once to warm up' : `round ${round} of ${setting.rounds}`);
    const measured = await measureRound(files, round, setting);
    if (round > 0) rounds.push(measured);
  }
  note('delivering the mail, looking through the logs');
  const mailBytes = await deliveredBytes(join(directory, 'told.db'), signal);
  return {
    rounds,
    mailBytes,
    problems: [...rounds.flatMap(roundProblems), ...mailProblems(mailBytes), ...logProblems()],
  };
}

async function measureRound(
  seeded: { readonly database: string; readonly plain: string },
  round: number,
  setting: TellingSetting,
): Promise<TellingRound> {
  const ours = (): Promise<TellingReport> => tell('tell-pass.ts', seeded.database, 'told.db', setting);
  const plain = (): Promise<TellingReport> => tell('tell-plainly.ts', seeded.plain, 'told.json', setting);
  if (round % 2 === 0) return { ours: await ours(), plain: await plain() };
  const first = await plain();
  return { ours: await ours(), plain: first };
}

async function tell(program: string, seeded: string, name: string, setting: TellingSetting): Promise<TellingReport> {
  const file = join(setting.directory, name);
  await copyFile(seeded, file);
  await settle(setting.directory, setting.signal);
  return JSON.parse(await runProgram(program, [file], setting));
}

async function runProgram(name: string, args: readonly string[], setting: TellingSetting): Promise<string> {
  const { directory, signal } = setting;
  const program = fileURLToPath(new URL(`./programs/${name}`, import.meta.url));
  const env = plainEnvironment({ home: directory, temporary: directory });
  const outcome = await runNode({ args: [program, ...args], env, workingDirectory: directory }, signal);
  return outcome.stdout;
}

/** Why one round means nothing, as sentences. */
export function roundProblems({ ours, plain }: TellingRound): string[] {
  const problems: string[] = [];
  if (ours.changes.print !== plain.changes.print)
    problems.push(`gts finds other changes (${ours.changes.count}) than the script (${plain.changes.count}).`);
  if (ours.changes.count !== CHANGES) problems.push(`gts finds ${ours.changes.count} changes instead of ${CHANGES}.`);
  if (!ours.isWhole) problems.push('What gts committed reads back otherwise, or no mail is in it.');
  if (!plain.isWhole) problems.push('What the script wrote reads back otherwise.');
  return problems;
}

export function mailProblems(bytes: number): string[] {
  return bytes < MAIL_LIMIT_BYTES ? [] : [`The mail has ${bytes} bytes, not less than ${MAIL_LIMIT_BYTES}.`];
}
