import type { JavaSupply } from './java-supply.ts';
import type { ScanSlots } from './scan-slots.ts';
import type { TimeBudget } from './time-budget.ts';
import type { TrivyRunner } from './trivy-runner.ts';

export interface LayoutAnalysisParts {
  readonly runner: TrivyRunner;
  readonly java: JavaSupply;
  readonly slots: ScanSlots;
}

export interface AnalysedLayout {
  readonly path: string;
  readonly extraArgs: readonly string[];
  /** Of its layers, whose content was hashed. */
  readonly diffIds: ReadonlySet<string>;
}

/** Trivy makes nothing of the layers. */
export class AnalysisFailed extends Error {}

/**
 * Has one Trivy process analyse all layers of a layout. What it finds in an image that is none is of no interest; what it
 * stored is.
 *
 * @throws AnalysisFailed; Error where its turn never came
 */
export const analyseLayout = async (
  { runner, java, slots }: LayoutAnalysisParts,
  layout: AnalysedLayout,
  time: TimeBudget,
  signal: AbortSignal,
): Promise<void> => {
  const request = { subject: { source: 'archive', path: layout.path }, extraArgs: layout.extraArgs } as const;
  const analyse = (withoutSystem = false) =>
    slots.run('one', signal, (turn) =>
      time.during((deadlineMs) =>
        runner.scan({
          request,
          withoutSystem,
          deadlineMs,
          frugal: false,
          withoutJava: false,
          use: { reads: true, keeps: layout.diffIds },
          signal,
          onWait: () => turn.lend(),
        }),
      ),
    );
  let outcome = await analyse();
  if ('verdict' in outcome && outcome.verdict.retry === 'without_system') outcome = await analyse(true);
  if ('verdict' in outcome && outcome.verdict.retry === 'without_java' && (await java.request()))
    outcome = await analyse();
  if ('verdict' in outcome) throw new AnalysisFailed(outcome.verdict.failure.message);
};
