import type { Failure, Outcome } from './failure.ts';

/** A failure, and what was seen when it was met. */
export interface ProvokedFailure {
  readonly failure: Failure;
  readonly outcome: Outcome;
}

/** One line of the table. What differs from run to run and from machine to machine is left out. */
export const tableRow = ({ failure, outcome }: ProvokedFailure): string =>
  `| ${[
    failure.what,
    code(failure.command),
    outcome.exitCode === null ? 'killed' : String(outcome.exitCode),
    outcome.message === '' ? '' : code(steady(outcome.message)),
    outcome.survived,
  ].join(' | ')} |`;

/** The table of `docs/failures.md`. */
export const renderTable = (met: readonly ProvokedFailure[]): string =>
  [
    '| what goes wrong | command | exit code | what is said | what is left |',
    '| --- | --- | --- | --- | --- |',
    ...met.map(tableRow),
  ].join('\n');

const code = (text: string): string => `\`${text.replaceAll('`', "'").replaceAll('|', String.raw`\|`)}\``;

const steady = (message: string): string =>
  message
    .replaceAll(
      /\/tmp\/[\w.\-]+(?:\/[\w.\-]+)*/gv,
      (path) =>
        `…/${path
          .split('/')
          .slice(3)
          .join('/')
          .replace(/^work\//v, '')}`,
    )
    .replaceAll(/127\.0\.0\.1:\d{2,}/gv, '127.0.0.1:PORT')
    .replaceAll(/\bpid \d+/gv, 'pid PID')
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/gv, 'TIME')
    .replaceAll(/corrupt-\d{8}T\d+\.\d+Z/gv, 'corrupt-TIME')
    .replaceAll(/notice=[0-9a-f\-]{36}/gv, 'notice=ID')
    .replaceAll(/ on port \d+/gv, ' on port PORT')
    .replaceAll(/sha256:[0-9a-f]{64}/gv, 'sha256:…');
