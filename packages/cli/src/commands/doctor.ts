import { type CommandContext, type CommonFlags, EXIT, type ExitCode, placeOf, readSettings } from '@scanner/app';
import type { Check, DoctorDocument } from '@scanner/core';

import { checkBaselines } from '../doctor/baseline-check.ts';
import { checkDatabase } from '../doctor/database-check.ts';
import { checkDirectories } from '../doctor/directory-checks.ts';
import { checkEngine } from '../doctor/engine-check.ts';
import { checkMail, checkTestMail } from '../doctor/mail-check.ts';
import { checkTrivy } from '../doctor/trivy-check.ts';

interface DoctorFlags extends CommonFlags {
  readonly sendTestEmail?: boolean;
}

/** `gts doctor`: looks at everything a host scan needs, and ends with 4 when one of it is missing. */
export const doctor = async (context: CommandContext, flags: DoctorFlags): Promise<ExitCode> => {
  const { settings } = readSettings(context, flags, { layout: 'directory' });
  const parts = { context, settings, place: placeOf(settings, context.cwd) };
  const { check: trivyCheck, trivy } = await checkTrivy(parts);
  const checks: Check[] = [
    await checkEngine(parts),
    trivyCheck,
    await checkDatabase(parts, trivy),
    ...(await checkDirectories(parts)),
    ...(await checkBaselines(parts)),
    checkMail(parts),
    ...(flags.sendTestEmail === true ? await checkTestMail(parts) : []),
  ];
  await tell(context, checks);
  return checks.some(({ state }) => state === 'failed') ? EXIT.impossible : EXIT.done;
};

const tell = async ({ console }: CommandContext, checks: Check[]): Promise<void> => {
  const document: DoctorDocument = { schema: 'gts.doctor/1', checks };
  if (console.json) return console.document(document);
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, state, message, hint }) => [
    `${MARK[state]}  ${name.padEnd(width)}  ${console.inert(message)}`,
    ...(hint === null ? [] : [`${' '.repeat(width + 10)}${console.inert(hint)}`]),
  ]);
  await console.result(`${lines.join('\n')}\n`);
};

const MARK = { ok: 'ok    ', warning: 'warn  ', failed: 'FAILED' } as const;
