import { type CommandContext, type CommonFlags, EXIT, type ExitCode, strongest } from '@scanner/app';
import type { AcceptanceRule, Asked, BaselineDifference, BaselineRefusal, RecordOfBaselines } from '@scanner/core';
import {
  renderBaselineDiff,
  renderBaselineList,
  renderBaselineRemove,
  renderBaselineSave,
  renderBaselineShow,
  type TableOptions,
} from '@scanner/report';

import type { BaselineDiffFlags, BaselineSaveFlags } from '../baseline-commands.ts';
import { asOnHost, openBaselines } from '../open-baselines.ts';

/** `gts baseline save`: accepts the last complete scan of each reference. */
export const baselineSave = async (
  context: CommandContext,
  flags: CommonFlags & BaselineSaveFlags,
  named: readonly string[],
): Promise<ExitCode> => {
  using baselines = openBaselines(context, flags);
  const { record, settings } = baselines;
  const said = {
    severities: settings.TRIVY_SEVERITY,
    extraArgs: settings.TRIVY_EXTRA_ARGS.flags,
    reason: flags.reason ?? null,
    expires: flags.expires ?? null,
  };
  const references = named.length > 0 ? asOnHost(named) : record.scanned();
  const { answers: saved, refused } = await askAll(references, (reference) => record.save(reference, said));
  const document = { schema: 'gts.baseline-save/1' as const, severities: [...said.severities], saved, refused };
  await tell(context, document, renderBaselineSave);
  if (references.length > 0) return tellRefused(context, 'was not accepted', refused);
  context.console.complain('nothing to accept: no complete scan is on record; scan with gts host scan first');
  return EXIT.partly;
};

/** `gts baseline show`: what is accepted. */
export const baselineShow = async (
  context: CommandContext,
  flags: CommonFlags,
  named: readonly string[],
): Promise<ExitCode> => {
  using baselines = openBaselines(context, flags);
  const { record } = baselines;
  const { rules, refused: unreadable } = await readRules(record);
  const references = named.length > 0 ? asOnHost(named) : await record.accepted(rules);
  const { answers, refused } = await askAll(references, (reference) => record.show(reference, rules), unreadable);
  const document = { schema: 'gts.baseline-show/1' as const, baselines: answers, refused };
  await tell(context, document, renderBaselineShow);
  if (references.length === 0) context.console.say('no baselines');
  return tellRefused(context, 'cannot be shown', refused);
};

/** `gts baseline diff`: the last complete scan of each reference against its baseline. */
export const baselineDiff = async (
  context: CommandContext,
  flags: CommonFlags & BaselineDiffFlags,
  named: readonly string[],
): Promise<ExitCode> => {
  using baselines = openBaselines(context, flags);
  const { record, settings } = baselines;
  const severities = [...settings.TRIVY_SEVERITY];
  const { rules, refused: unreadable } = await readRules(record);
  const listing = { severities, extraArgs: settings.TRIVY_EXTRA_ARGS.flags, rules };
  const references = named.length > 0 ? asOnHost(named) : await record.accepted(rules);
  const { answers, refused } = await askAll(references, (reference) => record.diff(reference, listing), unreadable);
  const document = { schema: 'gts.baseline-diff/1' as const, severities, differences: answers, refused };
  await tell(context, document, renderBaselineDiff);
  if (references.length === 0) context.console.say('no baselines');
  const told = tellRefused(context, 'was not compared', refused);
  return flags.exitCode === true && answers.some(isWorse) ? strongest(EXIT.gate, told) : told;
};

/** What only a setting brought in is no news to who accepted a scan whole. */
const isWorse = ({
  whole,
  new: added,
  severity_raised: raised,
  not_accepted: notAccepted,
}: BaselineDifference): boolean => (whole ? added.length + raised.length > 0 : notAccepted.length > 0);

/** `gts baseline list`: every baseline, usable or not. */
export const baselineList = async (context: CommandContext, flags: CommonFlags): Promise<ExitCode> => {
  using baselines = openBaselines(context, flags);
  const { record } = baselines;
  const document = {
    schema: 'gts.baseline-list/1' as const,
    baselines: await record.list(),
    rules: await record.listRules(),
  };
  await tell(context, document, renderBaselineList);
  const unusable = [...document.baselines, document.rules].filter(({ problem }) => problem !== null);
  for (const { file, problem } of unusable)
    context.console.complain(context.console.inert(`a baseline cannot be used: ${file} ${problem ?? ''}`));
  return unusable.length > 0 ? EXIT.partly : EXIT.done;
};

/** `gts baseline remove`: nothing of these references is accepted any more. */
export const baselineRemove = async (
  context: CommandContext,
  flags: CommonFlags,
  named: readonly string[],
): Promise<ExitCode> => {
  using baselines = openBaselines(context, flags);
  const { record } = baselines;
  const { answers: removed, refused } = await askAll(asOnHost(named), (reference) => record.remove(reference));
  await tell(context, { schema: 'gts.baseline-remove/1' as const, removed, refused }, renderBaselineRemove);
  return tellRefused(context, 'was not removed', refused);
};

interface Answered<Answer> {
  readonly answers: Answer[];
  readonly refused: BaselineRefusal[];
}

/** One reference after the other: what is refused for one keeps nothing from the others. */
const askAll = async <Answer>(
  references: readonly string[],
  ask: (reference: string) => Promise<Asked<Answer>>,
  before: readonly BaselineRefusal[] = [],
): Promise<Answered<Answer>> => {
  const all: Answered<Answer> = { answers: [], refused: [...before] };
  for (const reference of references) {
    const asked = await ask(reference);
    if (asked.status === 'done') all.answers.push(asked.answer);
    else all.refused.push(asked.refusal);
  }
  return all;
};

/** Where they cannot be read, what is said of each reference is true of its own lines only. */
const readRules = async (
  record: RecordOfBaselines,
): Promise<{ readonly rules: readonly AcceptanceRule[]; readonly refused: readonly BaselineRefusal[] }> => {
  const stored = await record.rules();
  return stored.status === 'read'
    ? { rules: stored.rules.rules, refused: [] }
    : { rules: [], refused: [{ reference: stored.file, reason: `it ${stored.problem}` }] };
};

const tell = async <Document>(
  { console }: CommandContext,
  document: Document,
  render: (document: Document, options: TableOptions) => string,
): Promise<void> => (console.json ? console.document(document) : console.result(render(document, console.appearance)));

const tellRefused = ({ console }: CommandContext, what: string, refused: readonly BaselineRefusal[]): ExitCode => {
  for (const { reference, reason } of refused) console.complain(console.inert(`${reference} ${what}: ${reason}`));
  return refused.length > 0 ? EXIT.partly : EXIT.done;
};
