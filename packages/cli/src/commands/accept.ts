import { type CommandContext, type CommonFlags, EXIT, type ExitCode } from '@scanner/app';
import { acceptFindings, AcceptanceRule, ScannerError } from '@scanner/core';
import { renderAccept } from '@scanner/report';

import type { AcceptFlags } from '../baseline-commands.ts';
import { asOnHost, openBaselines } from '../open-baselines.ts';

/** `gts accept`: accepts single vulnerabilities, and says what that is about today. */
export const accept = async (
  context: CommandContext,
  flags: CommonFlags & AcceptFlags,
  vulnerabilities: readonly string[],
): Promise<ExitCode> => {
  const wrong = vulnerabilities.find((id) => !AcceptanceRule.shape.vulnerability.safeParse(id).success);
  if (wrong !== undefined) throw usage(`${JSON.stringify(wrong)} is no ID of a vulnerability`);
  if (vulnerabilities.length + flags.key.length === 0) throw usage('no vulnerability is named');
  using opened = openBaselines(context, flags);
  const document = await acceptFindings(opened.parts, {
    vulnerabilities: [...new Set(vulnerabilities)],
    keyHashes: [...new Set(flags.key)],
    reference: asOnHost(flags.image === undefined ? [] : [flags.image])[0] ?? null,
    package: flags.package ?? null,
    reason: flags.reason,
    owner: flags.owner ?? null,
    expires: flags.expires ?? null,
    untilFix: flags.untilFix ?? false,
  });
  const { console } = context;
  await (console.json ? console.document(document) : console.result(renderAccept(document)));
  return EXIT.done;
};

const usage = (message: string): ScannerError =>
  new ScannerError(message, {
    code: 'usage',
    hint: 'name one, e.g. gts accept CVE-2026-1234 --reason "not reachable"',
  });
