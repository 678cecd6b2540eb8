import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { type CommandContext, type CommonFlags, EXIT, type ExitCode, placeOf, tellingFile } from '@scanner/app';
import {
  AcceptanceRule,
  acceptFindings,
  importRules,
  ScannerError,
  systemClock,
  tidyAcceptances,
  type TidyParts,
} from '@scanner/core';
import type { Settings } from '@scanner/core/config';
import { renderAccept, renderBaselineImport, renderBaselineTidy } from '@scanner/report';
import { openTellingStore } from '@scanner/store';

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
  using opened = openBaselines(context, settingsOf(flags));
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

/** `gts baseline import`: takes over what Trivy was told to ignore. */
export const baselineImport = async (
  context: CommandContext,
  flags: CommonFlags & { readonly image?: string },
  [file = '']: readonly string[],
): Promise<ExitCode> => {
  const { console } = context;
  const { readPlainIgnores, readStructuredIgnores } = await import('../ignored-findings.ts');
  const text = await readIgnoreFile(resolve(context.cwd, file));
  const read = /\.ya?ml$/i.test(file) ? readStructuredIgnores : readPlainIgnores;
  const { ignored, passedOver } = read(text, systemClock.now().toISOString());
  using opened = openBaselines(context, settingsOf(flags));
  const image = asOnHost(flags.image === undefined ? [] : [flags.image])[0] ?? null;
  const imported = await importRules(opened.parts, ignored, image);
  const document = { schema: 'gts.baseline-import/1' as const, ...imported, passed_over: [...passedOver] };
  await (console.json ? console.document(document) : console.result(renderBaselineImport(document)));
  return EXIT.done;
};

/** Here `--image` says what is accepted; where images are scanned it is a setting. */
const settingsOf = <Flags extends { readonly image?: string }>({
  image: _image,
  ...flags
}: Flags): Omit<Flags, 'image'> => flags;

const LARGEST_IGNORE_FILE = 1024 * 1024;

const readIgnoreFile = async (path: string): Promise<string> => {
  const unreadable = (why: string, cause?: unknown): ScannerError =>
    new ScannerError(`${path} cannot be read: ${why}`, {
      code: 'usage',
      hint: 'name a .trivyignore or .trivyignore.yaml',
      cause,
    });
  try {
    const status = await stat(path);
    if (!status.isFile()) throw unreadable('it is no file');
    if (status.size > LARGEST_IGNORE_FILE) throw unreadable(`it is larger than ${LARGEST_IGNORE_FILE} bytes`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (ScannerError.is(error)) throw error;
    throw unreadable(error instanceof TypeError ? 'it is no UTF-8 text' : codeOf(error), error);
  }
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

/** `gts baseline tidy`: lists what is accepted and not needed any more, and drops it where that is asked for. */
export const baselineTidy = async (
  context: CommandContext,
  flags: CommonFlags & { readonly write?: boolean },
  named: readonly string[],
): Promise<ExitCode> => {
  const { console } = context;
  using opened = openBaselines(context, flags);
  const document = await tidyAcceptances(
    { ...opened.parts, states: toldStates(context, opened.settings) },
    { references: asOnHost(named), write: flags.write ?? false },
  );
  await (console.json ? console.document(document) : console.result(renderBaselineTidy(document)));
  for (const { reference, reason } of document.refused)
    console.complain(console.inert(`${reference} was not tidied: ${reason}`));
  return document.refused.length > 0 ? EXIT.partly : EXIT.done;
};

/** Nothing where this host has told nothing yet: who only looks makes no store. */
const toldStates = (context: CommandContext, settings: Settings): TidyParts['states'] => {
  const file = tellingFile(placeOf(settings, context.cwd));
  if (!existsSync(file)) return [];
  using store = openTellingStore(file, { log: context.console.log });
  return store.read().state.references;
};

const usage = (message: string): ScannerError =>
  new ScannerError(message, {
    code: 'usage',
    hint: 'name one, e.g. gts accept CVE-2026-1234 --reason "not reachable"',
  });
